"""One group, thread or post of a space, where it exists for somebody; None everywhere else, whatever the reason."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from wayhouse.conversations.models import Appeal, Post, Thread
from wayhouse.core.prepared import prepared
from wayhouse.crypto.keyring import present
from wayhouse.groups.models import Group
from wayhouse.meetings.models import Meeting
from wayhouse.people.holds import any_hold, closed_ids
from wayhouse.people.models import Person


def group_for(person: Person, group_id: UUID) -> Group | None:
    """A group whose own space is open to somebody: none while they take a break."""
    if person.status != Person.Status.ACTIVE:
        return None
    return next(iter(_group(person=person.pk, group=group_id)), None)


def own_thread(person: Person, thread_id: UUID) -> Thread | None:
    """A thread of such a space, with its group."""
    if person.status != Person.Status.ACTIVE:
        return None
    holders = tuple(present().holder_ids)
    return next(iter(_thread(person=person.pk, thread=thread_id, holders=holders)), None)


def post_for(person: Person, post_id: UUID) -> Post | None:
    """A post of such a space, with its thread and group."""
    if person.status != Person.Status.ACTIVE:
        return None
    holders = tuple(present().holder_ids)
    found: Any = next(iter(_post(person=person.pk, post=post_id, holders=holders)), None)
    return None if found and found.any_hold and found.person_id in closed_ids() else found


def own_post(person: Person, post_id: UUID) -> Post | None:
    """What somebody wrote themselves, whether their keys open it or not; also on a break."""
    return next(iter(_own_post(person=person.pk, post=post_id)), None)


def evening_for(person: Person, meeting_id: UUID) -> Meeting | None:
    """An evening of such a group."""
    if person.status != Person.Status.ACTIVE:
        return None
    return next(iter(_evening(person=person.pk, meeting=meeting_id)), None)


@prepared
def _evening(person: UUID, meeting: UUID) -> QuerySet[Meeting]:
    mine = Group.objects.open().with_current_seat(person)
    return Meeting.objects.filter(pk=meeting, group__in=mine).select_related("group__item", "group__scope")


@prepared
def _group(person: UUID, group: UUID) -> QuerySet[Group]:
    mine = Group.objects.open().with_current_seat(person).filter(pk=group)
    return mine.select_related("item", "scope", "circle__scope")


@prepared
def _thread(person: UUID, thread: UUID, holders: tuple[UUID, ...]) -> QuerySet[Thread]:
    mine = Group.objects.open().with_current_seat(person)
    found = Thread.objects.opens_for(holders).filter(pk=thread, scope__circle__group__in=mine)
    there = found.select_related("first__item", "scope__circle__group__item", "scope__circle__group__scope")
    asked = Exists(Appeal.objects.filter(post=OuterRef("first")))
    return there.annotate(any_hold=any_hold(), first_asked_again=asked)


@prepared
def _post(person: UUID, post: UUID, holders: tuple[UUID, ...]) -> QuerySet[Post]:
    mine = Group.objects.open().with_current_seat(person)
    found = Post.objects.opens_for(holders).filter(pk=post, item__scope__circle__group__in=mine)
    return found.select_related("item__scope__circle__group__scope", "thread__first").annotate(any_hold=any_hold())


@prepared
def _own_post(person: UUID, post: UUID) -> QuerySet[Post]:
    mine = Post.objects.filter(person=person, pk=post).exclude(state=Post.State.STRUCK)
    return mine.select_related("item__scope__circle__group__scope", "thread")

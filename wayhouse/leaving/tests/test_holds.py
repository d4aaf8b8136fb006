"""What a law holds: nothing of it is erased, everything else is; the person reads nothing untrue, told or not."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from conftest import PASSPHRASE, Acting, SignedIn
from wayhouse.accounts.models import User
from wayhouse.conversations.counting import news
from wayhouse.conversations.finding import own_thread, post_for
from wayhouse.conversations.models import Post, Thread
from wayhouse.conversations.reading import conversation_of, own_group, space_of
from wayhouse.conversations.writing import answer, begin_thread
from wayhouse.crypto.models import Item, Shred
from wayhouse.groups.models import Group
from wayhouse.leaving.actions import erase, leave
from wayhouse.leaving.clocks import CLOCKS, run_clocks
from wayhouse.leaving.due import due_in
from wayhouse.leaving.erasing import _erase_alone, overdue
from wayhouse.leaving.rules import KEPT_FOR
from wayhouse.meetings.models import Answer, Attendance, Meeting, Swap
from wayhouse.mentoring.models import READ_FOR, Letter, Pair
from wayhouse.mentoring.reading import talk_of, threads_of
from wayhouse.mentoring.writing import open_pair, write_letter
from wayhouse.notices.models import Notice
from wayhouse.people import holds
from wayhouse.people.invitations import found
from wayhouse.people.models import Hold, Person, Role
from wayhouse.safeguarding.demands import _let_go

AGAIN = date(2199, 6, 1)
_WHOSE = ((Answer, "person"), (Attendance, "person"), (Swap, "asker"), (Notice, "person_id"))
_NEW = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|<dd>\d+</dd>')


def hold(person: Person, *, told: bool = False) -> str:
    with transaction.atomic():
        return str(holds.place(holds.Terms(person.pk, AGAIN, told=told)))


def proven(signed_in: SignedIn, person: Person) -> Client:
    client = signed_in(person)
    client.post("/account/again/?next=/mine/erase/", {"password": PASSPHRASE})
    return client


def lift(hold_id: str) -> None:
    with transaction.atomic():
        _let_go({"hold": hold_id})


def test_clocks_stop_for_exactly_whose_records_are_held(
    acting: Acting, meeting: Meeting, ana: Person, cass: Person, dee: Person
) -> None:
    long_ago = timezone.now() - timedelta(days=500)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=long_ago, ends_at=long_ago)
    for person in (cass, dee):
        Answer.objects.create(meeting=meeting, person=person, coming=True)
        Attendance.objects.create(meeting=meeting, person=person, presence=Attendance.Presence.HERE)
        Swap.objects.create(meeting=meeting, asker=person)
        times = {"due_at": long_ago, "ends_at": long_ago}
        Notice.objects.create(person_id=person.pk, kind="note", once=f"old:{person.pk}", **times)
        with acting(person):
            leave(person, actor=person)
    Person.objects.filter(pk__in=[cass.pk, dee.pk]).update(status_on=timezone.localdate() - KEPT_FOR)
    held = hold(cass)
    due = {due.clock.kind: due.now for due in due_in(ana.programme) if due.clock.person and due.now}
    people = {Answer, Attendance, Person, Swap}
    ours = {clock.kind for clock in CLOCKS if clock.person and clock.rows(timezone.now()).model in people}
    assert due == dict.fromkeys(ours, 1)
    # Whoever looked before the hold was placed does not erase after it.
    assert not _erase_alone(cass.pk, overdue(timezone.now()))
    run_clocks()
    left = [rows.objects.values_list(whose, flat=True) for rows, whose in _WHOSE]
    assert [set(whose) for whose in left] == [{cass.pk}] * len(_WHOSE)
    assert not Person.objects.filter(pk=dee.pk).exists()
    # Ninety days are over: like everybody else they sign in no more, and on no page there is anything of them.
    kept = Person.objects.select_related("user").get(pk=cass.pk)
    assert (kept.user and kept.user.is_active, kept.roles.filter(until_on=None).exists()) == (False, False)
    lift(held)
    run_clocks()
    assert not Person.objects.filter(pk=cass.pk).exists()
    assert not Answer.objects.exists()


@pytest.mark.parametrize("told", [False, True])
def test_erasing_waits_and_says_so_to_whoever_may_know(
    acting: Acting,
    signed_in: SignedIn,
    tuesday: Group,
    bo: Person,
    cass: Person,
    max: Person,
    told: bool,  # noqa: FBT001
) -> None:
    thread, pair = _written(acting, tuesday, cass, bo, max)
    client, handle = proven(signed_in, cass), cass.user.username if cass.user else ""
    before = client.get("/mine/erase/").content.decode() if not told else ""
    first = [signed_in(max).get("/").context["screen"].letters]
    held = hold(cass, told=told)
    clear = _in_clear(cass)
    page = client.get("/mine/erase/").content.decode()
    sealed = Item.objects.filter(subject_id=cass.pk).count()
    receipt = client.post("/mine/erase/", {"sure": "on"}).content.decode()
    # Everything that is sealed about them is there, and nobody gets at it.
    assert Item.objects.filter(subject_id=cass.pk).count() == sealed > 0
    assert _in_clear(cass) == clear
    first.append(signed_in(max).get("/").context["screen"].letters)
    assert first == [1, 0]
    _read_by_others(acting, tuesday, thread, pair, bo, max)
    assert Shred.objects.filter(pk=cass.pk).exists()
    account = User.objects.get(people=cass)
    assert (account.is_active, account.username == handle, account.sessions.count()) == (False, False, 0)
    assert Person.objects.get(pk=cass.pk).status == Person.Status.LEFT
    assert ("A law holds what is kept about you" in page, "1 June 2199" in receipt) == (told, told)
    assert "if a law orders us to keep some of it" in receipt.lower()
    if not told:
        assert _NEW.sub("", page) == _NEW.sub("", before)
    run_clocks()
    assert Person.objects.filter(pk=cass.pk).exists()
    _end_thread(acting, signed_in, pair, cass, max)
    _end_hold(held, cass)
    assert not Person.objects.filter(pk=cass.pk).exists()
    assert not Item.objects.filter(subject_id=cass.pk).exists()
    assert not User.objects.filter(pk=account.pk).exists()


def _written(acting: Acting, group: Group, cass: Person, bo: Person, max: Person) -> tuple[Thread, Pair]:
    """Cass wrote to her group and to her mentor, and both answered."""
    with acting(cass):
        thread = begin_thread(group, "Hello.", kind=Thread.Kind.TALK, actor=cass)
        pair = open_pair(cass, max, {cass.pk: "Cassie", max.pk: "Max"})
        write_letter(pair, "Hello, Max.", actor=cass)
    with acting(bo):
        answer(thread, group, "And to you.", actor=bo)
    with acting(max):
        write_letter(pair, "And to you.", actor=max)
    return thread, pair


def _end_thread(acting: Acting, signed_in: SignedIn, pair: Pair, cass: Person, max: Person) -> None:
    """A thread that has ended is over in its time for both; only what the law holds of it stays."""
    Pair.objects.update(ended_on=timezone.localdate() - READ_FOR)
    with acting(max):
        assert (talk_of(pair.pk, max), threads_of(max)) == (None, [])
    assert 'id="two"' not in signed_in(max).get("/readers/").content.decode()
    run_clocks()
    assert list(Letter.objects.values_list("person", flat=True)) == [cass.pk]


def _in_clear(cass: Person) -> Any:
    """What a thief of the database reads beside what Cass wrote, and of the hold."""
    posts = Post.objects.filter(person=cass).values_list("state", "thread__first__person")
    return list(posts), list(Letter.objects.filter(person=cass).values()), [len(one.box) for one in Hold.objects.all()]


def _end_hold(held: str, cass: Person) -> None:
    """Everything is erased by the next sweep, and as closed until then."""
    lift(held)
    assert (holds.held_ids(), holds.closed_ids()) == (frozenset(), (cass.pk,))
    run_clocks()
    assert (Pair.objects.count(), Hold.objects.count(), holds.lift(UUID(held))) == (0, 0, None)


def _read_by_others(acting: Acting, group: Group, thread: Thread, pair: Pair, bo: Person, max: Person) -> None:
    """What Bo, who sits in the group, and Max, who writes with her, read of what Cass wrote: nothing, as erased."""
    with acting(bo):
        counted: Any = Person.objects.annotate(**news(bo.pk, _found(bo.user).holder_id, holds.closed_ids()))
        assert counted.get(pk=bo.pk).new == 0
        space = space_of(_found(own_group(bo, group.pk)), bo)
        talk = conversation_of(_found(own_thread(bo, thread.pk)), bo)
        assert [(one.line, one.answers, one.new) for one in space.threads] == [(None, 1, 0)]
        assert (talk.first, [line.words for line in talk.lines]) == (None, ["And to you."])
        assert post_for(bo, Post.objects.exclude(person=bo).get().pk) is None
    with acting(max):
        (listed,), read = threads_of(max), _found(talk_of(pair.pk, max))
        assert (listed.name, listed.new, read.other_name) == (None, 0, None)
        assert [line.letter.text for line in read.lines] == ["And to you."]


def _found(thing: Any) -> Any:
    assert thing is not None
    return thing


def test_a_receipt_is_alike_whether_a_law_holds_or_not(
    acting: Acting, signed_in: SignedIn, tuesday: Group, thursday: Group, cass: Person, dee: Person
) -> None:
    hold(dee)
    pages = []
    for person in (cass, dee):
        client = proven(signed_in, person)
        pages.append(_NEW.sub("", client.post("/mine/erase/", {"sure": "on"}).content.decode()))
    assert pages[0] == pages[1]
    assert (Person.objects.filter(pk=cass.pk).exists(), Person.objects.filter(pk=dee.pk).exists()) == (False, True)


def test_who_has_another_programme_keeps_the_account_and_one_hold_of_two_is_not_the_end(
    acting: Acting, cass: Person
) -> None:
    first, second = hold(cass), hold(cass)
    other, _token = found("Harbour (invented)", "Second", "Noa", time_zone="Europe/Berlin")
    Person.objects.create(programme=other, user=cass.user).roles.create(kind=Role.Kind.MEMBER)
    with acting(cass):
        erase(cass, actor=cass)
    account = User.objects.get(people__in=Person.objects.filter(programme=other))
    assert account.is_active
    lift(first)
    run_clocks()
    assert Person.objects.filter(pk=cass.pk).exists()
    lift(second)
    run_clocks()
    assert not Person.objects.filter(pk=cass.pk).exists()
    assert User.objects.get(pk=account.pk).is_active

"""Who may do what in a group's own space."""

from uuid import UUID

from django.db.models import QuerySet

from wayhouse.conversations.models import Appeal, Post, Thread
from wayhouse.conversations.windows import answerable
from wayhouse.core import clock
from wayhouse.core.prepared import prepared
from wayhouse.groups.models import Group
from wayhouse.groups.resting import rests
from wayhouse.meetings.models import Meeting
from wayhouse.people.models import Person


def may_enter(actor: Person, group: Group) -> bool:
    """Whoever sits in the group now and is not taking a break."""
    return actor.status == Person.Status.ACTIVE and bool(_entered(person=actor.pk, group=group.pk))


def may_write(actor: Person, group: Group) -> bool:
    """Whoever may enter, unless the space rests: where nobody leads, nobody hides what hurts somebody."""
    return may_enter(actor, group) and not rests(group)


def may_change_post(actor: Person, post: Post, group: Group) -> bool:
    """Only who wrote it, while it is shown and they may write there."""
    return post.person_id == actor.pk and post.state == Post.State.SHOWN and may_write(actor, group)


def may_strike_post(actor: Person, post: Post, group: Group) -> bool:
    """Only who wrote it, also on a break or without a seat there; hidden words, too, may be taken back."""
    return post.person_id == actor.pk and post.state != Post.State.STRUCK and actor.programme_id == group.programme_id


def may_hide_post(actor: Person, post: Post, group: Group) -> bool:
    """Facilitators of the group: words of others that are shown and at which nobody has looked a second time."""
    of_others = post.state == Post.State.SHOWN and post.person_id != actor.pk and not post.looked_at_again
    return of_others and may_enter(actor, group) and group.is_facilitated_by(actor)


def may_ask_again(actor: Person, post: Post, group: Group) -> bool:
    """The writer of hidden words, once."""
    hidden = post.state == Post.State.HIDDEN and not post.looked_at_again
    return hidden and post.person_id == actor.pk and may_enter(actor, group)


def may_decide_again(actor: Person, appeal: Appeal, group: Group) -> bool:
    """Coordinators of the programme, but neither who hid the words nor who wrote them; while they are hidden."""
    hidden = appeal.post.state == Post.State.HIDDEN
    somebody_else = actor.pk not in {appeal.post.hidden_by_id, appeal.post.person_id}
    return hidden and somebody_else and actor.is_coordinator and actor.programme_id == group.programme_id


def may_set_quiet_hours(actor: Person, group: Group) -> bool:
    """Facilitators of the group."""
    return may_enter(actor, group) and group.is_facilitated_by(actor)


def may_take_next_turn(actor: Person, thread: Thread, group: Group) -> bool:
    """Who asked the group, and its facilitators; after the thanks there is no turn."""
    if not thread.is_problem or thread.turn == Thread.Turn.THANKS or not may_enter(actor, group):
        return False
    return _asked(actor, thread) or group.is_facilitated_by(actor)


def may_pick(actor: Person, post: Post, group: Group) -> bool:
    """Who asked picks, among the ideas of others, what they want to try."""
    idea = post.turn == Thread.Turn.IDEAS and post.state == Post.State.SHOWN and post.person_id != actor.pk
    return idea and _asked(actor, post.thread) and may_enter(actor, group)


def may_answer_pulse(actor: Person, meeting: Meeting) -> bool:
    """Members of the group, not those who lead, from the end of an evening until the next one begins."""
    seat = meeting.group.seats.current().members().filter(person=actor)
    in_time = answerable(clock.now()).filter(pk=meeting.pk)
    return actor.status == Person.Status.ACTIVE and seat.exists() and in_time.exists()


@prepared
def _entered(person: UUID, group: UUID) -> "QuerySet[Group, UUID]":
    return Group.objects.open().with_current_seat(person).filter(pk=group).values_list("pk", flat=True)


def _asked(actor: Person, thread: Thread) -> bool:
    return thread.first is not None and thread.first.person_id == actor.pk

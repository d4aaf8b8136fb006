"""Calling somebody: a notice without a word of content, on every way that the person agreed to."""

from collections.abc import Iterable, Sequence

from wayhouse.core import clock
from wayhouse.notices.actions import notify, notify_each, withdraw
from wayhouse.notices.kinds import Channel
from wayhouse.notices.kinds import Kind as Notice
from wayhouse.people.models import Person
from wayhouse.safeguarding.models import Call, Concern, PassedOver, Timer
from wayhouse.safeguarding.protocol import Level

# At least two, so that one that is dead keeps nobody from hearing of it.
WAYS = (Channel.PUSH, Channel.SMS, Channel.EMAIL)
URGENT = (Level.NOW, Level.TODAY)


def call(concern: Concern, people: Iterable[Person], timer: Timer, *, missed: bool) -> None:
    """Call people because of a timer that began, or one that was missed; each of them once. In a transaction."""
    now, urgent = clock.now(), concern.level in URGENT
    for person in people:
        made, is_new = Call.objects.get_or_create(
            timer=timer, person=person, missed=missed, defaults={"concern": concern, "at": now}
        )
        if is_new:
            kind = Notice.CALL_IN_NOW if urgent else Notice.CALL_IN
            notify([person.pk], kind, once=once_of(made), urgent=urgent, channels=WAYS)


def call_for_misses(calls: Iterable[Call]) -> None:
    """Call people because of what was missed; `calls` are new, and nobody stands in them twice for one timer."""
    made, now = list(calls), clock.now()
    for one in made:
        one.at = now
    Call.objects.bulk_create(made)
    for urgent, kind in ((True, Notice.CALL_IN_NOW), (False, Notice.CALL_IN)):
        told = [(one.person_id, once_of(one)) for one in made if (one.concern.level in URGENT) == urgent]
        notify_each(told, kind, urgent=urgent, channels=WAYS)


def call_off(timer: Timer) -> None:
    """It is done: whoever was not reached yet is not called any more."""
    for made in Call.objects.filter(timer=timer):
        withdraw(once_of(made))


def pass_over(passed: Iterable[PassedOver]) -> None:
    """Write down whose turn it was and who could not be called, once for each reason; the page of a concern says it."""
    rows = list(passed)
    if rows:
        PassedOver.objects.bulk_create(rows, ignore_conflicts=True)


def once_of(made: Call) -> str:
    """The name under which a call is told."""
    return f"call:{made.pk}"


def tell(concern: Concern, message_id: int, people: Sequence[Person]) -> None:
    """There is something new to read: whoever holds the concern hears of it, or else the first of `people`.

    `people`: who answers for it now, in the order in which they are called. What cannot wait is a page at every hour.
    """
    whom = [one.pk for one in people if one.pk == concern.held_by_id] or [one.pk for one in people[:1]]
    if concern.level in URGENT:
        notify(whom, Notice.CALL_IN_NOW, once=f"word:{message_id}", urgent=True, channels=WAYS)
    else:
        notify(whom, Notice.NOTE, once=f"word:{message_id}")

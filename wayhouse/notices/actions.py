"""What is done with notices: agree to be reached, stop that at once, put a notice in, take it back."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.dispatch import Signal

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.notices.calendars import drop_calendar
from wayhouse.notices.channels import Somebody
from wayhouse.notices.kinds import Channel, Kind
from wayhouse.notices.models import LONGEST_ONCE, ContactPlan, Delivery, Notice, PushDevice
from wayhouse.notices.plan import Plan

# A notice that could not be sent within this time is not sent any more, unless told otherwise.
USEFUL_FOR = timedelta(days=3)
# Codes and random ids: no word of anybody can stand in it.
_ONCE = re.compile(rf"[a-z0-9_.:-]{{1,{LONGEST_ONCE}}}")
# What was sent is shown to its person for so long after its use.
NOTICES_KEPT = timedelta(days=30)
_BATCH = 500

# Sent in the transaction of the change, with `person_id` and whether the person `agreed` to be reached.
contact_changed = Signal()
# Sent in the same transaction where somebody is told nothing from now on, with `person_id` and the `names` (`once`) of
# what still waited for them: it was not told.
held_back = Signal()


def agree_contact(plan: Plan, *, actor: Somebody) -> None:
    """From now on the actor may be reached as their plan says. Error: `CannotOpen` where they were erased."""
    with transaction.atomic():
        row = ContactPlan.objects.select_for_update().filter(person_id=actor.pk).first()
        row = row or ContactPlan(person_id=actor.pk)
        row.close(plan.as_words())
        row.save()
        contact_changed.send(ContactPlan, person_id=actor.pk, agreed=True)
        record("contact.agreed", row, actor=actor)


def stop_contact(*, actor: Somebody) -> None:
    """No messages at all, at once: the plan and every browser go, and whatever waits is not sent any more."""
    with transaction.atomic():
        end_contact(actor.pk)
        record("contact.stopped", actor, actor=actor)


def end_contact(person_id: UUID) -> None:
    """The plan and every browser go, and whatever waits is not sent. Part of leaving, which is logged."""
    planned, _of_kinds = ContactPlan.objects.filter(person_id=person_id).delete()
    PushDevice.objects.filter(person_id=person_id).delete()
    hold_back(person_id)
    if planned:
        contact_changed.send(ContactPlan, person_id=person_id, agreed=False)


def speak(person_id: UUID, language: str) -> None:
    """From now on messages to somebody are in this language. Part of choosing it. Error: `CannotOpen`."""
    row = ContactPlan.objects.select_for_update().filter(person_id=person_id).first()
    if row is not None:
        row.close({**row.open(), "language": language})
        row.save()


def try_out(*, actor: Somebody) -> None:
    """Send the actor a notice that is only a test, now, whatever their hours."""
    with transaction.atomic():
        now = clock.now()
        # One a minute is enough to see whether it arrives, and too few to wear a gateway out.
        once = f"test:{now:%Y%m%d%H%M}"
        new = notify([actor.pk], Kind.TEST, once=once, ends_at=now + timedelta(minutes=15))
        if new:
            record("contact.tried", actor, actor=actor)


def notify(
    person_ids: Iterable[UUID],
    kind: Kind,
    *,
    once: str,
    due_at: datetime | None = None,
    ends_at: datetime | None = None,
    urgent: bool = False,
    channels: Sequence[Channel] = (),
) -> int:
    """Put one notice in for each person, in the transaction of the caller; how many are new.

    `once` names the thing, in lower-case codes and ids: a person is told the same thing once, however often it is put
    in. It goes in the hours of each plan between `due_at` (now) and `ends_at` (three days later), on the first way of
    the plan that works; or, where `channels` are named, on each of them that the plan has, the others being marked as
    skipped. `urgent` goes first, and at every hour to whoever agreed to be paged; to others in their hours.
    Errors: `RuntimeError` outside of a transaction; `ValueError` for a `once` that is no code.
    """
    told = [(pk, once) for pk in dict.fromkeys(person_ids)]
    return notify_each(told, kind, due_at=due_at, ends_at=ends_at, urgent=urgent, channels=channels)


def notify_each(
    told: Sequence[tuple[UUID, str]],
    kind: Kind,
    *,
    due_at: datetime | None = None,
    ends_at: datetime | None = None,
    urgent: bool = False,
    channels: Sequence[Channel] = (),
) -> int:
    """The same of many things at once: a person and the `once` of what they are told, no pair twice.

    Errors: as for `notify`.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a notice is put in inside the transaction of what it tells")
    if not all(_ONCE.fullmatch(once) for _pk, once in told):
        raise ValueError("a notice is named by codes and ids")
    due = due_at or clock.now()
    end, by_plan = ends_at or due + USEFUL_FOR, not channels
    made = [
        Notice(person_id=pk, kind=kind, once=once, urgent=urgent, by_plan=by_plan, due_at=due, ends_at=end)
        for pk, once in told
    ]
    Notice.objects.bulk_create(made, batch_size=_BATCH, ignore_conflicts=True)
    new = list(Notice.objects.filter(pk__in=[notice.pk for notice in made]).values_list("pk", flat=True))
    ways: list[str] = [*dict.fromkeys(channels)] or [""]
    rows = [Delivery(notice_id=pk, channel=way, next_at=due) for pk in new for way in ways]
    Delivery.objects.bulk_create(rows, batch_size=_BATCH)
    return len(new)


def withdraw(once: str, person_ids: Iterable[UUID] | None = None) -> int:
    """What was to be told is handled: nobody (or none of these people) is told it any more. How many waited.

    What is on its way at this moment still arrives. Call it in the transaction of what made it needless.
    """
    notices = Notice.objects.filter(once=once)
    if person_ids is not None:
        notices = notices.filter(person_id__in=list(person_ids))
    return _take_back(notices.values_list("pk", flat=True))


def keep_only(wanted: Iterable[tuple[UUID, str]], *, named: str) -> int:
    """Of what waits under a name that begins like this, take back all but these (person, `once`). How many waited."""
    kept = set(wanted)
    rows = Notice.objects.filter(once__startswith=named, ends_at__gt=clock.now(), deliveries__state=Delivery.State.DUE)
    waiting = rows.values_list("pk", "person_id", "once").distinct()
    return _take_back([pk for pk, person_id, once in waiting if (person_id, once) not in kept])


def hold_back(person_id: UUID) -> int:
    """Nothing that waits for this person is sent any more: they pause, left, or want no messages. How many waited."""
    notices = Notice.objects.filter(person_id=person_id)
    waiting = notices.filter(deliveries__state=Delivery.State.DUE).values_list("once", flat=True)
    names = list(waiting.distinct())
    count = _take_back(notices.values_list("pk", flat=True))
    held_back.send(Notice, person_id=person_id, names=names)
    return count


def forget(person_id: UUID) -> None:
    """Delete all that is here about somebody. Part of erasing."""
    with transaction.atomic():
        Notice.objects.filter(person_id=person_id).delete()
        ContactPlan.objects.filter(person_id=person_id).delete()
        PushDevice.objects.filter(person_id=person_id).delete()
        drop_calendar(person_id)


def old_notices(now: datetime) -> QuerySet[Notice]:
    """Notices that have been of no use for thirty days at a moment."""
    return Notice.objects.filter(ends_at__lt=now - NOTICES_KEPT)


def drop_old_notices(keep: Collection[UUID] = ()) -> int:
    """Delete them, with the marks of their delivery, except those of `keep`; how many."""
    _all, of_kinds = old_notices(clock.now()).exclude(person_id__in=keep).delete()
    return of_kinds.get("notices.Notice", 0)


def _take_back(notice_ids: Iterable[UUID]) -> int:
    now, ids = clock.now(), list(notice_ids)
    waiting = Delivery.objects.filter(notice__in=ids, state=Delivery.State.DUE)
    count = waiting.update(state=Delivery.State.SKIPPED, why=Delivery.Why.HANDLED, done_at=now)
    # What is being sent now is not sent a second time, where it is interrupted.
    Notice.objects.filter(pk__in=ids, ends_at__gt=now).update(ends_at=now)
    return count

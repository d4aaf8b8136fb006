"""Delivery: decide, claim, send, mark. Killed between any two of them, the next sweep goes on.

What was claimed and not marked may have gone. It is sent once more, marked as perhaps a repetition, and never a third
time: at most one duplicate, however often the worker dies.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import OperationalError, transaction
from django.db.models import F, QuerySet

from wayhouse.core import clock
from wayhouse.crypto.box import CannotOpen
from wayhouse.notices.channels import WAYS, Letter, NoDevice, NotSent, Refused, Unsure, is_set_up
from wayhouse.notices.kinds import Channel, Kind
from wayhouse.notices.models import ContactPlan, Delivery, Notice
from wayhouse.notices.plan import Plan
from wayhouse.notices.sweeps import TooLong

_LOG = logging.getLogger(__name__)
# Longer than any sending can last.
LEASE = timedelta(minutes=3)
# How long to wait after each try that came to nothing.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
URGENT_WAITS = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 120, 300))
_STAYING = (Channel.EMAIL, Channel.SMS)
_State, _Why = Delivery.State, Delivery.Why


class Decided(NamedTuple):
    """What becomes of a delivery that is not sent now."""

    state: str
    why: str = ""
    next_at: datetime | None = None


def deliver_due(*, seconds: float = 20) -> int:
    """Send what is due, for at most so many seconds; the urgent first. How many deliveries were taken up.

    Errors: the first that a delivery gave, after all others were taken up.
    """
    until, taken = time.monotonic() + seconds, 0
    faults: list[Exception] = []
    for pk in list(Delivery.objects.to_send(clock.now()).values_list("pk", flat=True)[:200]):
        if time.monotonic() > until:
            break
        try:
            deliver(pk)
        except (TooLong, OperationalError):
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, the others go
            faults.append(error)
        taken += 1
    if faults:
        raise faults[0]
    return taken


def deliver(delivery_id: UUID) -> None:
    """Take one delivery as far as it goes now."""
    delivery = Delivery.objects.select_related("notice").filter(pk=delivery_id).first()
    if delivery is None:
        return
    decided = decide(delivery)
    if isinstance(decided, Decided):
        settle(delivery, decided)
    elif claim(delivery, decided.channel):
        mark(delivery, send(decided))


def decide(delivery: Delivery) -> Letter | Decided:
    """The letter that may go now, or why none goes. Asks the plan as it stands at this moment; writes nothing."""
    notice, now = delivery.notice, clock.now()
    if delivery.state == _State.SENDING and delivery.repeated:
        return Decided(_State.FAILED, _Why.INTERRUPTED)
    if now >= notice.ends_at:
        return _over(delivery)
    try:
        plan = _plan_of(notice)
    except CannotOpen:
        return Decided(_State.FAILED, _Why.UNREADABLE)
    way = _way(delivery, plan)
    return _letter(delivery, plan, way) if isinstance(way, Channel) else way


def _letter(delivery: Delivery, plan: Plan, channel: Channel) -> Letter | Decided:
    """The letter, where this is one of the person's hours."""
    notice, now, kind = delivery.notice, clock.now(), Kind(delivery.notice.kind)
    # Whoever asks for a trial is there now.
    at = now if kind == Kind.TEST else plan.when(now, urgent=notice.urgent)
    if at is None or at >= notice.ends_at:
        return Decided(_State.SKIPPED, _Why.NO_HOUR)
    if at > now:
        return Decided(_State.DUE, next_at=at)
    title, words = plan.says(kind)
    return Letter(delivery.pk, notice.person_id, channel, plan, title, words, notice.ends_at, notice.urgent)


def claim(delivery: Delivery, channel: Channel) -> bool:
    """Take a delivery for oneself, for a while. False where somebody else was quicker."""
    mine, repeated = uuid4(), delivery.repeated or delivery.state == _State.SENDING
    until = clock.now() + LEASE
    changes = {"state": _State.SENDING, "channel": channel, "claim": mine, "next_at": until, "repeated": repeated}
    taken = _as_seen(delivery).update(**changes, tries=F("tries") + 1)
    if taken:
        delivery.refresh_from_db()
    return bool(taken)


def send(letter: Letter) -> NotSent | None:
    """Let a letter go; what the other side had against it, or None. What nobody foresaw is taken for a refusal."""
    try:
        WAYS[letter.channel].send(letter)
    except NotSent as answer:
        return answer
    except TooLong:
        raise
    except Exception as error:  # noqa: BLE001  one letter that cannot be sent holds up no other
        # Its kind only: an error may repeat the words that it was about.
        _LOG.error("A letter could not be sent: %s", type(error).__name__)
        return Refused()
    return None


def mark(delivery: Delivery, answer: NotSent | None) -> None:
    """Write down what became of a claimed delivery: sent, to be tried again, or failed and put on the next way."""
    if answer is None:
        settle(delivery, Decided(_State.DELIVERED))
        return
    waits = URGENT_WAITS if delivery.notice.urgent else WAITS
    unsure = isinstance(answer, Unsure)
    again = not isinstance(answer, Refused) and delivery.tries <= len(waits) and not (unsure and delivery.repeated)
    if again:
        decided = Decided(_State.DUE, next_at=clock.now() + waits[delivery.tries - 1])
    else:
        decided = Decided(_State.FAILED, _why(answer))
    settle(delivery, decided, repeated=delivery.repeated or unsure)


def settle(delivery: Delivery, decided: Decided, *, repeated: bool | None = None) -> None:
    """Write down a decision, where nobody wrote another meanwhile. What failed goes on the next way of the plan."""
    done = decided.state not in {_State.DUE, _State.SENDING}
    again = delivery.repeated if repeated is None else repeated
    changes = {
        "state": decided.state,
        "why": decided.why,
        "claim": None,
        "next_at": decided.next_at or delivery.next_at,
        "repeated": again,
        "done_at": clock.now() if done else None,
    }
    with transaction.atomic():
        written = _as_seen(delivery).update(**changes)
        if written and decided.state == _State.FAILED and delivery.notice.by_plan and _another_way(delivery.notice):
            # What was perhaps sent on this way is perhaps told twice by the next.
            Delivery.objects.create(notice=delivery.notice, next_at=clock.now(), repeated=again)


def _as_seen(delivery: Delivery) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(pk=delivery.pk, state=delivery.state, claim=delivery.claim)


def _over(delivery: Delivery) -> Decided:
    if delivery.state == _State.SENDING:
        return Decided(_State.FAILED, _Why.INTERRUPTED)
    return Decided(_State.FAILED, _Why.UNREACHABLE) if delivery.tries else Decided(_State.SKIPPED, _Why.NO_HOUR)


def _plan_of(notice: Notice) -> Plan:
    """What the person agreed to; without a row an empty plan. Error: `CannotOpen`."""
    row = ContactPlan.objects.filter(person_id=notice.person_id).first()
    return row.plan() if row else Plan()


def _way(delivery: Delivery, plan: Plan) -> Channel | Decided:
    """The way that a delivery takes, or why it takes none."""
    notice = delivery.notice
    if not plan.channels:
        return Decided(_State.SKIPPED, _Why.NO_PLAN)
    if not notice.by_plan:
        channel = Channel(delivery.channel)
        why = _against(channel, plan)
        return Decided(_State.SKIPPED, why) if why else channel
    others = notice.deliveries.exclude(pk=delivery.pk).values_list("channel", flat=True)
    left = [channel for channel in plan.channels if channel not in set(others)]
    open_ways = [channel for channel in left if not _against(channel, plan)]
    if not open_ways:
        return Decided(_State.SKIPPED, _against(left[0], plan) if left else _Why.NOT_AGREED)
    return Channel(delivery.channel) if delivery.channel in open_ways else open_ways[0]


def _against(channel: Channel, plan: Plan) -> str:
    """Why nothing may go this way; empty where it may."""
    if channel not in plan.channels:
        return _Why.NOT_AGREED
    if channel in _STAYING and not plan.may_stay:
        return _Why.MAY_NOT_STAY
    return "" if is_set_up(channel) else _Why.NOT_SET_UP


def _another_way(notice: Notice) -> bool:
    try:
        plan = _plan_of(notice)
    except CannotOpen:
        return False
    used = set(notice.deliveries.values_list("channel", flat=True))
    return any(channel not in used and not _against(channel, plan) for channel in plan.channels)


def _why(answer: NotSent) -> str:
    if isinstance(answer, NoDevice):
        return _Why.NO_DEVICE
    return _Why.REFUSED if isinstance(answer, Refused) else _Why.UNREACHABLE

"""The clocks of a concern: started when it is raised, ended by what is done, swept by the worker.

A sweep finds what is over by an index, marks it, and calls the next person, all in one transaction: a miss is answered
once, whenever the worker comes, after whatever downtime.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.people.models import Person
from wayhouse.safeguarding import calling
from wayhouse.safeguarding.models import Concern, Timeliness, Timer, TimerQuerySet
from wayhouse.safeguarding.posts import to_call
from wayhouse.safeguarding.protocol import Duty, Event, Facts, Kind, Level, reviews, step
from wayhouse.safeguarding.protocol.levels import PAGED
from wayhouse.safeguarding.protocol.table import Side
from wayhouse.safeguarding.times import Limits, zone_of

_BATCH = 200
_NIGHT_FROM, _NIGHT_UNTIL = 20, 7


def start(concern: Concern, kind: Kind, *, raiser: Person | None = None) -> Timer:
    """All clocks from the moment at which it was raised; the first person is called, if possible not the raiser."""
    begun, zone, limits = _raised_at(concern), zone_of(concern.programme), Limits(concern.programme)
    first = Timer.objects.create(
        concern=concern,
        duty=Duty.ACKNOWLEDGE,
        started_at=begun,
        due_at=limits.ladder(Level(concern.level))[0].due(begun, zone),
    )
    _start_duties(concern, kind, limits, begun=begun)
    calling.call(concern, to_call(concern, after=raiser)[:1], first, missed=False)
    return first


def restart(concern: Concern, kind: Kind, before: Level) -> None:
    """Another level than `before`: from now on its limits count. What was done stays done, what was missed missed.

    On a faster level nothing is due later than it was; whoever was not reached yet is called anew, urgently if it is.
    """
    now, faster, limits = clock.now(), concern.level < before, Limits(concern.programme)
    of_now = of_this_run(concern)
    settled = of_now.filter(state__in=(Timer.State.MET, Timer.State.LATE))
    done, running = set(settled.values_list("duty", flat=True)), of_now.running().exclude(duty=Duty.ACKNOWLEDGE)
    no_later = dict(running.values_list("duty", "due_at")) if faster else {}
    wanted = limits.duties(Level(concern.level), kind)
    reviewed = of_now.filter(duty=Duty.REVIEW).exists()
    running.update(state=Timer.State.STOPPED)
    of_now.owed().exclude(duty__in=[*wanted, Duty.ACKNOWLEDGE]).update(state=Timer.State.STOPPED)
    _start_duties(concern, kind, limits, begun=now, without=done, no_later=no_later)
    if reviewed:
        start_reviews(concern, after=now)
    _ask_again(concern, limits, faster=faster)


def start_reviews(concern: Concern, *, after: datetime) -> None:
    """When to look again; what would have been before `after` is left out. Where that is all, the first after it."""
    begun, zone = _raised_at(concern), zone_of(concern.programme)
    spans = reviews(Level(concern.level))
    dues = [span.due(begun, zone) for span in spans]
    later = [due for due in dues if due > after] or [spans[0].due(after, zone)]
    Timer.objects.bulk_create(
        Timer(concern=concern, duty=Duty.REVIEW, rung=number, started_at=begun, due_at=due)
        for number, due in enumerate(later)
    )


def of_this_run(concern: Concern) -> TimerQuerySet:
    """The clocks since a concern was raised, or opened again; those of an earlier run say nothing of this one."""
    return Timer.objects.filter(concern=concern, started_at__gte=_raised_at(concern))


def end(concern: Concern, duty: Duty) -> bool:
    """Something was done: its clock stops, and its time counts for the figures. False where none was owed."""
    owed = concern.timers.owed().filter(duty=duty).order_by("due_at", "pk")
    # Of several reviews only the next one is done; the acknowledgement has one clock for each who was called.
    ended = list(owed[:1] if duty == Duty.REVIEW else owed)
    for timer in ended:
        late = timer.state == Timer.State.MISSED
        timer.state = Timer.State.LATE if late else Timer.State.MET
        timer.save(update_fields=["state"])
        calling.call_off(timer)
    if ended and not concern.is_drill:
        _count(concern, ended)
    return bool(ended)


def stop_all(concern: Concern) -> None:
    """Nothing is owed any more."""
    for timer in concern.timers.owed():
        calling.call_off(timer)
    concern.timers.owed().update(state=Timer.State.STOPPED)


def sweep() -> int:
    """Answer everything that is over by now; how many misses there were. Needs nobody's key."""
    now, missed = clock.now(), 0
    # A miss may start a clock that is over as well, after a downtime: until nothing is left.
    while due := list(Timer.objects.due(now).order_by("due_at", "pk").values_list("pk", "concern_id")[:_BATCH]):
        missed += sum(_miss(timer_id, concern_id, now) for timer_id, concern_id in due)
    return missed


def _miss(timer_id: int, concern_id: UUID, now: datetime) -> bool:
    """Mark one miss and call whoever is next. False where somebody else did, or it was done meanwhile."""
    with transaction.atomic():
        # The concern before its clocks, the order in which everything that is done takes them.
        locked = Concern.objects.select_for_update(of=("self",)).select_related("programme").get(pk=concern_id)
        timer = Timer.objects.due(now).select_for_update().filter(pk=timer_id).first()
        if timer is None:
            return False
        timer.state = Timer.State.MISSED
        timer.save(update_fields=["state"])
        after = step(locked.case, Event.MISS, Facts(time_over=True))
        locked.escalated = Side.ESCALATED in after.sides
        locked.save(update_fields=["escalated"])
        _escalate(locked, timer)
        record("limit.missed", locked, duty=timer.duty, rung=timer.rung, level=locked.level)
    return True


def _escalate(concern: Concern, timer: Timer) -> None:
    people = to_call(concern)
    if timer.duty != Duty.ACKNOWLEDGE:
        by_name = {"holder": [one for one in people if one.pk == concern.held_by_id] or people[:1]}
        by_name |= {"second": people[1:2], "director": people[2:3]}
        called = [one for who in PAGED[Level(concern.level)] for one in by_name[who]]
        calling.call(concern, called, timer, missed=True)
        return
    rung, ladder = timer.rung + 1, Limits(concern.programme).ladder(Level(concern.level))
    if rung == len(ladder):
        # Nobody answered: everybody is called, once more.
        calling.call(concern, people, timer, missed=True)
        return
    due = ladder[rung].due(timer.due_at, zone_of(concern.programme))
    Timer.objects.create(concern=concern, duty=Duty.ACKNOWLEDGE, rung=rung, started_at=timer.due_at, due_at=due)
    calling.call(concern, _next(concern, people), timer, missed=True)


def _next(concern: Concern, people: Sequence[Person]) -> Sequence[Person]:
    """Whoever nobody called yet since the ladder began; where all were, whoever has waited longest.

    By names and not by places: the rota of the moment may be another one than at the rung before.
    """
    first = concern.timers.filter(duty=Duty.ACKNOWLEDGE, rung=0).order_by("pk").last()
    calls = concern.calls.filter(timer__duty=Duty.ACKNOWLEDGE, timer__gte=first).order_by("pk")
    last_called = {person_id: place for place, person_id in enumerate(calls.values_list("person_id", flat=True))}
    return sorted(people, key=lambda person: last_called.get(person.pk, -1))[:1]


def _ask_again(concern: Concern, limits: Limits, *, faster: bool) -> None:
    """Nobody said yet that it arrived: on a faster level the ladder begins anew, on a slower one there is more time."""
    owed = of_this_run(concern).owed().filter(duty=Duty.ACKNOWLEDGE)
    asked = owed.order_by("pk").last()
    if asked is None:
        return
    zone, now, ladder = zone_of(concern.programme), clock.now(), limits.ladder(Level(concern.level))
    if faster:
        due = ladder[0].due(now, zone)
        if asked.state == Timer.State.RUNNING:
            due = min(due, asked.due_at)
            calling.call_off(asked)
        owed.running().update(state=Timer.State.STOPPED)
        first = Timer.objects.create(concern=concern, duty=Duty.ACKNOWLEDGE, started_at=now, due_at=due)
        calling.call(concern, to_call(concern)[:1], first, missed=False)
    elif asked.state == Timer.State.RUNNING and asked.rung < len(ladder):
        asked.due_at = ladder[asked.rung].due(asked.started_at, zone)
        asked.save(update_fields=["due_at"])


def _start_duties(
    concern: Concern,
    kind: Kind,
    limits: Limits,
    *,
    begun: datetime,
    without: Collection[str] = (),
    no_later: Mapping[str, datetime] | None = None,
) -> None:
    zone, latest = zone_of(concern.programme), no_later or {}
    dues = {duty: span.due(begun, zone) for duty, span in limits.duties(Level(concern.level), kind).items()}
    Timer.objects.bulk_create(
        Timer(concern=concern, duty=duty, started_at=begun, due_at=min(due, latest.get(duty, due)))
        for duty, due in dues.items()
        if duty not in without
    )


def _count(concern: Concern, ended: list[Timer]) -> None:
    """One figure for one duty, whoever was called on the way: no concern stands in it."""
    now, first, last = clock.now(), ended[0], ended[-1]
    local = first.started_at.astimezone(zone_of(concern.programme))
    Timeliness.objects.create(
        programme=concern.programme,
        month=local.date().replace(day=1),
        level=concern.level,
        duty=last.duty,
        minutes=max(0, int((now - first.started_at).total_seconds() // 60)),
        met=all(timer.state == Timer.State.MET for timer in ended),
        at_night=local.hour >= _NIGHT_FROM or local.hour < _NIGHT_UNTIL,
    )


def _raised_at(concern: Concern) -> datetime:
    assert concern.raised_at is not None  # noqa: S101  while clocks run, the moment stands in the row
    return concern.raised_at

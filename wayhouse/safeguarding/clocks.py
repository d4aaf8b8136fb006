"""The clocks of a concern: started when it is raised, ended by what is done; what is over is answered in `misses`."""

from collections.abc import Collection, Mapping
from datetime import datetime

from wayhouse.core import clock
from wayhouse.people.models import Person
from wayhouse.safeguarding import calling
from wayhouse.safeguarding.models import Appointment, Concern, Timeliness, Timer, TimerQuerySet
from wayhouse.safeguarding.posts import turns
from wayhouse.safeguarding.protocol import Duty, Kind, Level, reviews
from wayhouse.safeguarding.times import Calendar, Limits, zone_of

# Another level leaves these to their own: the ladder begins anew by itself, and readers are counted.
_BESIDE = (Duty.ACKNOWLEDGE, Duty.SECOND_READER)
_NIGHT_FROM, _NIGHT_UNTIL = 20, 7


def start(concern: Concern, kind: Kind, *, raiser: Person | None = None) -> Timer:
    """All clocks from the moment at which it was raised; the first person is called, if possible not the raiser."""
    begun, limits = _raised_at(concern), Limits(concern.programme)
    first = Timer.objects.create(
        concern=concern,
        duty=Duty.ACKNOWLEDGE,
        started_at=begun,
        due_at=limits.due(limits.ladder(Level(concern.level))[0], begun),
    )
    _start_duties(concern, kind, limits, begun=begun)
    _call_first(concern, first, raiser)
    return first


def restart(concern: Concern, kind: Kind, before: Level) -> None:
    """Another level than `before`: from now on its limits count. What was done stays done, what was missed missed.

    On a faster level nothing is due later than it was; whoever was not reached yet is called anew, urgently if it is.
    """
    now, faster, limits = clock.now(), concern.level < before, Limits(concern.programme)
    of_now = of_this_run(concern)
    settled = of_now.filter(state__in=(Timer.State.MET, Timer.State.LATE))
    done, running = set(settled.values_list("duty", flat=True)), of_now.running().exclude(duty__in=_BESIDE)
    no_later = dict(running.values_list("duty", "due_at")) if faster else {}
    wanted = limits.duties(Level(concern.level), kind)
    reviewed = of_now.filter(duty=Duty.REVIEW).exists()
    running.update(state=Timer.State.STOPPED)
    of_now.owed().exclude(duty__in=[*wanted, *_BESIDE]).update(state=Timer.State.STOPPED)
    _start_duties(concern, kind, limits, begun=now, without=done, no_later=no_later)
    if reviewed:
        start_reviews(concern, after=now)
    _ask_again(concern, limits, faster=faster)


def start_reviews(concern: Concern, *, after: datetime) -> None:
    """When to look again; what would have been before `after` is left out. Where that is all, the first after it."""
    begun, calendar = _raised_at(concern), Calendar(concern.programme)
    spans = reviews(Level(concern.level))
    dues = [calendar.due(span, begun) for span in spans]
    later = [due for due in dues if due > after] or [calendar.due(spans[0], after)]
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


def _call_first(concern: Concern, timer: Timer, raiser: Person | None = None) -> None:
    found = turns(concern, after=raiser)
    calling.call(concern, found.people[:1], timer, missed=False)
    calling.pass_over(found.passed_for(found.people[:1]))


def _ask_again(concern: Concern, limits: Limits, *, faster: bool) -> None:
    """Nobody said yet that it arrived: on a faster level the ladder begins anew, on a slower one there is more time."""
    owed = of_this_run(concern).owed().filter(duty=Duty.ACKNOWLEDGE)
    asked = owed.order_by("pk").last()
    if asked is None:
        return
    now, ladder = clock.now(), limits.ladder(Level(concern.level))
    if faster:
        due = limits.due(ladder[0], now)
        if asked.state == Timer.State.RUNNING:
            due = min(due, asked.due_at)
            calling.call_off(asked)
        owed.running().update(state=Timer.State.STOPPED)
        first = Timer.objects.create(concern=concern, duty=Duty.ACKNOWLEDGE, started_at=now, due_at=due)
        _call_first(concern, first)
    elif asked.state == Timer.State.RUNNING and asked.rung < len(ladder):
        asked.due_at = limits.due(ladder[asked.rung], asked.started_at)
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
    latest = no_later or {}
    dues = {duty: limits.due(span, begun) for duty, span in limits.duties(Level(concern.level), kind).items()}
    Timer.objects.bulk_create(
        Timer(concern=concern, duty=duty, started_at=begun, due_at=min(due, latest.get(duty, due)))
        for duty, due in dues.items()
        if duty not in without
    )


def _count(concern: Concern, ended: list[Timer]) -> None:
    """One figure for one duty, whoever was called on the way: no concern stands in it.

    What was kept from somebody who answers is not counted: from a number they would learn that there was something.
    """
    if Appointment.objects.filter(person__in=list(concern.kept_from)).exists():
        return
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

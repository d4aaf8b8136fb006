"""What those who answer see first: open concerns by the time that is left, who is on call, whether a drill is due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Min, OuterRef, Q, Subquery
from django.utils.translation import ngettext

from wayhouse.core import clock
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Person, Programme
from wayhouse.safeguarding.models import Appointment, Concern, Drill, OnCall, Timer
from wayhouse.safeguarding.protocol import Duty, Kind, Level, State
from wayhouse.safeguarding.times import zone_of
from wayhouse.safeguarding.words import DUTIES, KINDS, SHORT_LEVELS, STATES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST = 50
_HOUR, _DAY = 60, 60 * 24


@dataclass(frozen=True, slots=True)
class Left:
    """The time that is left, in words; `over` where it is none."""

    words: str
    over: bool
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One concern of the board."""

    concern: Concern
    level: "_StrPromise"
    kind: "_StrPromise"
    state: "_StrPromise"
    duty: "_StrPromise | None"
    left: Left | None


@dataclass(frozen=True, slots=True)
class Board:
    """Open concerns, and the names of those on call today."""

    lines: list[Line]
    on_call: list[str]


def board_of(person: Person) -> Board:
    """Everything of the board, the concern with the least time first; four queries."""
    rows, held = _concerns(person), _on_call(person.programme)
    open_all(rows, held)
    now = clock.now()
    return Board([_line(concern, now) for concern in rows], [one.name for one in held])


def _concerns(person: Person) -> list[Concern]:
    owed = Timer.objects.owed().filter(concern=OuterRef("pk")).order_by("due_at", "pk")
    found = (
        Concern.objects.visible_to(person)
        .open()
        .select_related("item")
        .annotate(due_at=Subquery(owed.values("due_at")[:1]), duty=Subquery(owed.values("duty")[:1]))
        .order_by(F("due_at").asc(nulls_last=True), "pk")[:MOST]
    )
    return list(found)


def how_many(person: Person) -> tuple[int, int]:
    """Open concerns, and those with something overdue; one query."""
    missed = Q(timers__state=Timer.State.MISSED)
    rows = Concern.objects.visible_to(person).open().values("pk").annotate(late=Min("timers__id", filter=missed))
    late = list(rows.values_list("late", flat=True))
    return len(late), sum(one is not None for one in late)


def left(due_at: datetime, now: datetime) -> Left:
    """The time until then, or since."""
    minutes = int((due_at - now).total_seconds() // 60)
    return Left(in_words(abs(minutes)), due_at <= now, due_at)


def in_words(minutes: int) -> str:
    """In minutes, hours or days."""
    count = minutes
    if count < 2 * _HOUR:
        said = ngettext("%(count)s minute", "%(count)s minutes", count)
    elif count < 2 * _DAY:
        count //= _HOUR
        said = ngettext("%(count)s hour", "%(count)s hours", count)
    else:
        count //= _DAY
        said = ngettext("%(count)s day", "%(count)s days", count)
    return said % {"count": count}


def _on_call(programme: Programme) -> list[Appointment]:
    """Those on call today, first and second."""
    today = clock.now().astimezone(zone_of(programme)).date()
    served = OnCall.objects.filter(programme=programme, day=today, person=OuterRef("person")).values("place")[:1]
    found = Appointment.objects.current().annotate(place=Subquery(served)).exclude(place=None)
    return list(found.select_related("item").order_by("place"))


def drill_due_on(programme: Programme, every: timedelta = timedelta(days=30)) -> date | None:
    """The day from which another drill is due; None where there was none."""
    last = Drill.objects.filter(programme=programme).exclude(arrived_at=None).order_by("-arrived_at").first()
    return last.arrived_at.date() + every if last and last.arrived_at else None


def _line(concern: Concern, now: datetime) -> Line:
    due_at, duty = concern.due_at, concern.duty  # type: ignore[attr-defined]  # annotated above
    return Line(
        concern=concern,
        level=SHORT_LEVELS[Level(concern.level)],
        kind=KINDS[Kind(concern.kind)],
        state=STATES[State(concern.state)],
        duty=DUTIES[Duty(duty)] if duty else None,
        left=left(due_at, now) if due_at else None,
    )

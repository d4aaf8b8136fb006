"""What those who answer see first: open concerns by the time that is left, who is on call, whether a drill is due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import ngettext

from wayhouse.core import clock
from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.notices.sweeps import well_since
from wayhouse.people.models import Person, Programme
from wayhouse.safeguarding.models import Appointment, Concern, Drill, OnCall, Timer
from wayhouse.safeguarding.protocol import Duty, Kind, Level, State
from wayhouse.safeguarding.times import zone_of
from wayhouse.safeguarding.words import DUTIES, KINDS, SHORT_LEVELS, STATES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST = 50
_DRILL_EVERY = timedelta(days=30)
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
    # By when a colleague is let in, where one alone can read it; whatever else has less time.
    alone_until: datetime | None


class Standing(NamedTuple):
    """What the board says above its list: whether calls go out, and from which day on another drill is due."""

    calls_go_out: bool
    drill_on: date | None


@dataclass(frozen=True, slots=True)
class Board:
    """Open concerns, and the names of those on call today."""

    lines: list[Line]
    on_call: list[str]
    # What is said of a concern that one alone can read.
    alone: "_StrPromise" = DUTIES[Duty.SECOND_READER]


def standing_of(person: Person, seen_within: timedelta) -> Standing | None:
    """What stands above the list; None for somebody who does not answer now. One query.

    `seen_within`: how long ago the worker may have written down that it lives.
    """
    found = _standing(person=person.pk, programme=person.programme_id, since=clock.now() - seen_within)
    return Standing(found[0][0], _due_after(found[0][1])) if found else None


def board_of(person: Person) -> Board:
    """Everything of the list, for whoever answers: the concern with the least time first; four queries."""
    now = clock.now()
    today = now.astimezone(zone_of(person.programme)).date()
    rows = _concerns(person=person.pk)
    held = _on_call(programme=person.programme_id, today=today)
    open_all(rows, held)
    return Board([_line(concern, now) for concern in rows], [one.name for one in held])


@prepared
def _standing(person: UUID, programme: UUID, since: datetime) -> "QuerySet[Appointment, tuple[bool, datetime | None]]":
    drills = Drill.objects.shown().filter(programme=programme).order_by("-arrived_at")
    mine = Appointment.objects.current().filter(person=person)
    return mine.values_list(well_since(since), Subquery(drills.values("arrived_at")[:1]))


@prepared
def _concerns(person: UUID) -> QuerySet[Concern]:
    owed = Timer.objects.owed().filter(concern=OuterRef("pk")).order_by("due_at", "pk")
    alone = owed.filter(duty=Duty.SECOND_READER).values("due_at")[:1]
    return (
        Concern.objects.answered_by(person)
        .open()
        .select_related("item")
        .annotate(due_at=Subquery(owed.values("due_at")[:1]), duty=Subquery(owed.values("duty")[:1]))
        .annotate(alone_until=Subquery(alone))
        .order_by(F("due_at").asc(nulls_last=True), "pk")[:MOST]
    )


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


@prepared
def _on_call(programme: UUID, today: date) -> QuerySet[Appointment]:
    """Those on call today, first and second."""
    served = OnCall.objects.filter(programme=programme, day=today, person=OuterRef("person")).values("place")[:1]
    found = Appointment.objects.current().annotate(place=Subquery(served)).exclude(place=None)
    return found.select_related("item").order_by("place")


def drill_due_on(programme: Programme) -> date | None:
    """The day from which another drill is due; None where none has shown that a call is delivered."""
    last = Drill.objects.shown().filter(programme=programme).order_by("-arrived_at").first()
    return _due_after(last.arrived_at if last else None)


def _due_after(arrived_at: datetime | None) -> date | None:
    return arrived_at.date() + _DRILL_EVERY if arrived_at else None


def _line(concern: Concern, now: datetime) -> Line:
    due_at, duty = concern.due_at, concern.duty  # type: ignore[attr-defined]  # annotated above
    return Line(
        concern=concern,
        level=SHORT_LEVELS[Level(concern.level)],
        kind=KINDS[Kind(concern.kind)],
        state=STATES[State(concern.state)],
        duty=DUTIES[Duty(duty)] if duty else None,
        left=left(due_at, now) if due_at else None,
        alone_until=concern.alone_until,  # type: ignore[attr-defined]  # annotated above
    )

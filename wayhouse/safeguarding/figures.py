"""How fast we were (I13 of the practice handbook), in numbers that lead to no concern.

Only half-years that are over since a month, so that no two looks at the page differ by one concern. Fewer than five are
never shown, a number stands as a span, a share is rounded, and where one part would tell the other, neither stands.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from wayhouse.core import clock
from wayhouse.people.models import Programme
from wayhouse.safeguarding.models import Timeliness
from wayhouse.safeguarding.protocol import Duty, Level

# Fewer than so many are not shown (practice handbook, section 3.2: inside of the organisation).
FEWEST = 5
# The last look of a fast level is after 28 days.
RIPE = timedelta(days=31)
HALVES = 4
_BANDS = (5, 10, 20, 50, 100)
_ROUND = 5
_JULY = 7
DUTIES = (Duty.ACKNOWLEDGE, Duty.SAFE_NOW, Duty.CONTACT, Duty.PLAN, Duty.REVIEW, Duty.AFTERCARE)


@dataclass(frozen=True, slots=True)
class Took:
    """How long one thing took, once."""

    level: int
    duty: str
    minutes: int
    met: bool
    at_night: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One duty of one level; `share` in per cent, rounded, and `minutes`, the median. `by_day`, `by_night`: shares."""

    level: Level
    duty: Duty
    band: tuple[int, int | None]
    share: int
    minutes: int
    by_day: int | None = None
    by_night: int | None = None


@dataclass(frozen=True, slots=True)
class HalfYear:
    """From the first of January or July. Whether anything was too little to be shown is not said either."""

    begins: date
    ends: date
    figures: list[Figure]


def figures_of(programme: Programme) -> list[HalfYear]:
    """The half-years that may be shown, the latest first; one query."""
    today = clock.today()
    spans = list(_spans(today))
    rows = Timeliness.objects.filter(programme=programme, month__gte=spans[-1][0], month__lte=spans[0][1])
    by_half: dict[date, list[Took]] = defaultdict(list)
    for row in rows:
        by_half[_begin_of(row.month)].append(Took(row.level, row.duty, row.minutes, row.met, row.at_night))
    lived = [span for span in spans if span[1] >= programme.created_on]
    return [_half_year(begins, ends, by_half[begins]) for begins, ends in lived]


def figure(level: Level, duty: Duty, took: Sequence[Took]) -> Figure | None:
    """One duty of one level; None where it is too little."""
    if len(took) < FEWEST:
        return None
    night, day = [one for one in took if one.at_night], [one for one in took if not one.at_night]
    apart = min(len(night), len(day)) >= FEWEST
    return Figure(
        level=level,
        duty=duty,
        band=_band(len(took)),
        share=_share(took),
        minutes=round(median(one.minutes for one in took)),
        by_day=_share(day) if apart else None,
        by_night=_share(night) if apart else None,
    )


def _half_year(begins: date, ends: date, took: Iterable[Took]) -> HalfYear:
    cells: dict[tuple[int, str], list[Took]] = defaultdict(list)
    for one in took:
        cells[one.level, one.duty].append(one)
    found = [figure(level, duty, cells[level, duty]) for level in Level for duty in DUTIES]
    return HalfYear(begins, ends, [one for one in found if one is not None])


def _spans(today: date) -> Iterable[tuple[date, date]]:
    """The last half-years that are ripe, by first and last day."""
    begins = _begin_of(today)
    while begins + RIPE > today:
        begins = _before(begins)
    for _each in range(HALVES):
        ends = begins - timedelta(days=1)
        begins = _before(begins)
        yield begins, ends


def _before(begins: date) -> date:
    return _begin_of(begins - timedelta(days=1))


def _begin_of(day: date) -> date:
    return date(day.year, 1 if day.month < _JULY else _JULY, 1)


def _band(count: int) -> tuple[int, int | None]:
    lowest = max(edge for edge in _BANDS if edge <= count)
    above = [edge for edge in _BANDS if edge > lowest]
    return lowest, above[0] - 1 if above else None


def _share(took: Sequence[Took]) -> int:
    return round(100 / _ROUND * sum(one.met for one in took) / len(took)) * _ROUND

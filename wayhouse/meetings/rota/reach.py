"""How many meetings one person could lead at most in a stretch of weeks, by the rules for that person alone."""

from functools import lru_cache
from itertools import pairwise

from wayhouse.meetings.rota.objective import SPAN
from wayhouse.meetings.rota.tables import Tables


def most_in_group(tables: Tables, person: int, group: int, weeks: range) -> int:
    """The most meetings of one group that a person could lead in these weeks in a row."""
    limits, intensity = tables.staff[person], tables.groups[group].intensity
    if limits.max_per_week < 1:
        return 0
    in_span = min(limits.max_per_4_weeks, limits.intensity_per_4_weeks // intensity if intensity else SPAN, SPAN)
    return most_weeks(tables, person, weeks, in_span)


def most_weeks(tables: Tables, person: int, weeks: range, in_span: int = SPAN) -> int:
    """The most weeks in which a person could lead something, `in_span` at most in any four weeks."""
    here = tables.here[person][weeks.start : weeks.stop]
    return _most_weeks(here, tables.problem.max_consecutive_weeks, in_span if tables.weeks >= SPAN else len(here))


def most_meetings(tables: Tables, person: int, weeks: range) -> int:
    """The most meetings over all groups that a person could lead in these weeks in a row."""
    limits = tables.staff[person]
    most = limits.max_per_week * most_weeks(tables, person, weeks)
    if tables.weeks < SPAN:
        return most
    return min(most, *(_by_spans(tables, person, weeks, offset) for offset in range(1, SPAN + 1)))


def _by_spans(tables: Tables, person: int, weeks: range, offset: int) -> int:
    """The limit of four weeks, for these weeks cut after `offset` weeks and then after every four."""
    limits, here = tables.staff[person], tables.here[person]
    cuts = [weeks.start, *range(weeks.start + offset, weeks.stop, SPAN), weeks.stop]
    spans = (sum(here[start:stop]) for start, stop in pairwise(cuts))
    return sum(min(limits.max_per_4_weeks, limits.max_per_week * weeks_here) for weeks_here in spans)


@lru_cache(maxsize=65_536)
def _most_weeks(here: tuple[bool, ...], run: int, in_span: int) -> int:
    """Week by week: for each way the last three weeks and the weeks in a row may stand, the most weeks so far."""
    best = {((0,) * (SPAN - 1), 0): 0}
    for week_here in here:
        after: dict[tuple[tuple[int, ...], int], int] = {}
        for (last, row), count in best.items():
            for works in (0, 1) if week_here and row < run and sum(last) < in_span else (0,):
                state = ((*last[1:], works), row + 1 if works else 0)
                after[state] = max(after.get(state, 0), count + works)
        best = after
    return max(best.values())

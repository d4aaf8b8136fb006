"""How many meetings stay uncovered in every rota: where too few could come at once, no order of weeks helps.

The program over blocks adds weeks up and misses that, and one such meeting costs more than all faces of its group. A
linear program over single meetings, four weeks at a time, proves it in a moment, since it knows no faces and no prices.
"""

import math
from collections import defaultdict
from typing import NamedTuple

from wayhouse.meetings.rota.objective import SPAN
from wayhouse.meetings.rota.program import Program, Watch, run
from wayhouse.meetings.rota.tables import Tables

FLOAT_ERROR = 1e-5
SECONDS = 60.0  # for four weeks; what has not ended by then proves nothing


class Shortage(NamedTuple):
    """So many meetings at least lack a facilitator who is wanted, and so many have no mentor at all."""

    facilitators: int
    mentors: int


def shortage(tables: Tables) -> Shortage:
    """The shortage of every rota for the weeks ahead, proven: the sum of what stretches of four weeks lack alone."""
    starts = range(tables.passed, tables.weeks, SPAN)
    stretches = [range(start, min(start + SPAN, tables.weeks)) for start in starts]
    lacks = [sum(_lacking(tables, weeks, facilitator=leads) for weeks in stretches) for leads in (True, False)]
    return Shortage(*lacks)


def _lacking(tables: Tables, weeks: range, *, facilitator: bool) -> int:
    """How many meetings of these weeks lack their facilitators, or have no mentor; half of one is one."""
    program = Program()
    shifts: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)  # person, week: variable, group
    for group in range(len(tables.groups)):
        able = tables.facilitators[group] if facilitator else tables.mentors[group]
        wanted = tables.wanted(group, facilitator=facilitator)
        least = wanted if facilitator else min(1, wanted)
        for week in weeks if least else ():
            here = {person: program.variable(most=1) for person in able if tables.here[person][week]}
            for person, variable in here.items():
                shifts[person, week].append((variable, group))
            program.row([*((one, 1) for one in here.values()), (program.variable(1, most=1), least)], least=least)
    for person in {person for person, _week in shifts}:
        _limit(tables, program, person, {week: shifts[person, week] for week in weeks})
    watch = Watch()
    run(program, watch, seconds=SECONDS)
    return math.ceil(watch.bound - FLOAT_ERROR) if math.isfinite(watch.bound) else 0


def _limit(tables: Tables, program: Program, person: int, shifts: dict[int, list[tuple[int, int]]]) -> None:
    """One group of a slot at a time, so many meetings a week, and no more or heavier in four weeks than they bear."""
    limits = tables.staff[person]
    for some in shifts.values():
        slots: dict[int, list[int]] = defaultdict(list)
        for variable, group in some:
            slots[tables.slot[group]].append(variable)
        for at_once in slots.values():
            program.row([(variable, 1) for variable in at_once], most=1)
        program.row([(variable, 1) for variable, _group in some], most=limits.max_per_week)
    if len(shifts) == SPAN:
        everything = [one for some in shifts.values() for one in some]
        program.row([(variable, 1) for variable, _group in everything], most=limits.max_per_4_weeks)
        heavy = [(variable, tables.groups[group].intensity) for variable, group in everything]
        program.row(heavy, most=limits.intensity_per_4_weeks)

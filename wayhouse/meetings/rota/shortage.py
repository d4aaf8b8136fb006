"""How many meetings stay uncovered in every rota: where too few could come at once, no order of weeks helps.

The program over blocks adds weeks up and misses that, and one such meeting costs more than all faces of its group. A
linear program over single meetings proves it in a moment, since it knows no faces and no prices, and looks only at
those to which the fewest could come.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from threading import Event
from typing import NamedTuple

from wayhouse.meetings.rota.objective import SPAN
from wayhouse.meetings.rota.program import Program, Watch, run
from wayhouse.meetings.rota.tables import Tables

Shift = tuple[int, int]  # a variable, and the group of its meeting
FLOAT_ERROR = 1e-6  # for each variable, of which none is above one: HiGHS is right to a tenth of that
SECONDS = 60.0  # for a role, at most
LARGEST = 100_000  # shifts in one program: a third of what 500 groups have in 26 weeks, and as much is proven


class Shortage(NamedTuple):
    """So many meetings at least lack a facilitator who is wanted, and so many have no mentor at all."""

    facilitators: int
    mentors: int


NONE = Shortage(0, 0)


def shortage(tables: Tables, stop: Event | None = None, *, seconds: float = SECONDS) -> Shortage:
    """The shortage of every rota for the weeks ahead, proven.

    It ends after `seconds` for each role, or soon after `stop` is set; what has not ended by then proves nothing.
    """
    stop = stop or Event()
    return Shortage(*(_lacking(tables, stop, min(seconds, SECONDS), facilitator=leads) for leads in (True, False)))


def _lacking(tables: Tables, stop: Event, seconds: float, *, facilitator: bool) -> int:
    """How many meetings at least lack their facilitators, or have no mentor; half of one is one."""
    if stop.is_set():
        return 0
    program = Program()
    shifts: dict[int, dict[int, list[Shift]]] = defaultdict(lambda: defaultdict(list))  # by person and week
    for group, week, people in _scarce(tables, facilitator=facilitator):
        here = {person: program.variable(most=1) for person in people}
        for person, variable in here.items():
            shifts[person][week].append((variable, group))
        least = tables.wanted(group, facilitator=True) if facilitator else 1
        program.row([*((one, 1) for one in here.values()), (program.variable(1, most=1), least)], least=least)
    for person, by_week in shifts.items():
        _limit(tables, program, person, by_week)
    watch = Watch(stop=stop)
    run(program, watch, seconds=seconds)
    return math.ceil(watch.bound - FLOAT_ERROR * (10 + len(program.costs))) if math.isfinite(watch.bound) else 0


def _scarce(tables: Tables, *, facilitator: bool) -> Iterator[tuple[int, int, list[int]]]:
    """Meetings ahead that want somebody of a role, with who could come: those with the fewest, while there is room."""
    meetings = [
        (group, week, [one for one in tables.of_role(group, facilitator=facilitator) if tables.here[one][week]])
        for group, week in tables.ahead
        if tables.wanted(group, facilitator=facilitator)
    ]
    room = LARGEST
    for group, week, people in sorted(meetings, key=lambda meeting: len(meeting[2])):
        room -= len(people)
        if room < 0:
            return
        yield group, week, people


def _limit(tables: Tables, program: Program, person: int, shifts: Mapping[int, list[Shift]]) -> None:
    """One group of a slot at a time, so many meetings a week, and no more or heavier in four weeks than they bear."""
    limits = tables.staff[person]
    for some in shifts.values():
        slots: dict[int, list[Shift]] = defaultdict(list)
        for shift in some:
            slots[tables.slot[shift[1]]].append(shift)
        for at_once in slots.values():
            _at_most(program, at_once, 1)
        _at_most(program, some, limits.max_per_week)
    for start in range(tables.passed, tables.weeks - SPAN + 1):
        together = [shift for week in range(start, start + SPAN) for shift in shifts.get(week, ())]
        _at_most(program, together, limits.max_per_4_weeks)
        heavy = [(variable, tables.groups[group].intensity) for variable, group in together]
        if sum(weight for _variable, weight in heavy) > limits.intensity_per_4_weeks:
            program.row(heavy, most=limits.intensity_per_4_weeks)


def _at_most(program: Program, shifts: list[Shift], most: int) -> None:
    """So many of these shifts at most. Rows that always hold would take most of the memory."""
    if len(shifts) > most:
        program.row([(variable, 1) for variable, _group in shifts], most=most)

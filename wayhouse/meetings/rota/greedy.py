"""Filling a rota week by week, the way it is done by hand: the start of the search and its baseline."""

from collections.abc import Callable

from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Place, Tables


def greedy(tables: Tables, should_stop: Callable[[], bool] | None = None) -> Staffing:
    """A valid rota: what is locked, then what was announced and still can be, then every gap by weeks and groups.

    `should_stop` is asked for each meeting; what was done until then is returned.
    """
    staffing = Staffing(tables)
    for first in (tables.locked, tables.announced):
        for place in tables.ahead:
            for person in sorted(first.get(place, ())):
                if person not in staffing.at[place] and staffing.could(person, place):
                    staffing.put(person, place)
    fill(staffing, should_stop)
    return staffing


def fill(staffing: Staffing, should_stop: Callable[[], bool] | None = None, *, only_gaps: bool = False) -> None:
    """Fill empty places, one at a time, with whoever is free and fits best.

    With `only_gaps`, only those without whom a meeting cannot be held.
    """
    for place in sorted(staffing.tables.ahead, key=lambda place: (place[1], place[0])):
        if should_stop is not None and should_stop():
            return
        for facilitator in (True, False):
            left = staffing.role_left(place, facilitator=facilitator)
            if only_gaps and not facilitator:
                left = min(1, left) if left == staffing.tables.wanted(place[0], facilitator=False) else 0
            for _ in range(left):
                free = free_for(staffing, place, facilitator=facilitator)
                if free:
                    staffing.put(free[0], place)


def free_for(staffing: Staffing, place: Place, *, facilitator: bool) -> list[int]:
    """Who of a role could take a meeting: those of the week before first, then the least loaded, the cheapest."""
    group, week = place
    tables = staffing.tables
    able = tables.of_role(group, facilitator=facilitator)
    before = staffing.at.get((group, week - 1), [])

    def rank(person: int) -> tuple[bool, float, int]:
        load = sum(staffing.loads[person]) / max(1, tables.staff[person].target)
        return (person not in before, load, tables.cost[person][group])

    return sorted((person for person in able if staffing.could(person, place)), key=rank)

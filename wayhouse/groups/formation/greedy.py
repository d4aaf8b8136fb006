"""Forming groups in the order of a list, the way it is done by hand: the start of the search and its baseline."""

from collections.abc import Callable

from wayhouse.groups.formation.plan import Plan
from wayhouse.groups.formation.tables import NONE, Tables


def greedy(tables: Tables, should_stop: Callable[[], bool] | None = None, *, hardest_first: bool = False) -> Plan:
    """A valid plan: previous groups first, then each person where it is cheapest, opening groups that could fill.

    People come in the order of the list, or with `hardest_first` those with the fewest choices before the others.
    `should_stop` is asked for each person; what was done until then is made valid and returned.
    """
    plan = Plan(tables)
    _reopen(plan)
    waiting = _Waiting(plan)
    order = list(range(len(tables.choices)))
    if hardest_first:
        order.sort(key=lambda person: len(tables.choices[person]))
    for enough in (tables.size.target, tables.size.min):
        for person in order:
            if should_stop is not None and should_stop():
                plan.settle()
                return plan
            if plan.seat[person] is None and _place(plan, person, waiting, enough):
                waiting.remove(person)
    plan.settle()
    plan.fill(order)
    return plan


class _Waiting:
    """How many people without a seat could attend each cell."""

    def __init__(self, plan: Plan) -> None:
        self._choices = plan.tables.choices
        self.count = [len(people) for people in plan.tables.people_of]
        for person, seat in enumerate(plan.seat):
            if seat is not None:
                self.remove(person)

    def remove(self, person: int) -> None:
        """This person sits."""
        for choice in self._choices[person]:
            self.count[choice.cell] -= 1


def _reopen(plan: Plan) -> None:
    """Open the groups of a running programme again with those who can stay, the largest first."""
    stayers: dict[int, list[int]] = {}
    for person, group in enumerate(plan.tables.stays):
        if group != NONE:
            stayers.setdefault(group, []).append(person)
    for group in sorted(stayers, key=lambda group: (-len(stayers[group]), group)):
        cell = plan.tables.previous_cell[group]
        if plan.may_open(cell):
            circle = plan.open(cell, group)
            for person in stayers[group]:
                if plan.may_seat(person, circle):
                    plan.sit(person, circle)


def _place(plan: Plan, person: int, waiting: _Waiting, enough: int) -> bool:
    """Seat a person in the cheapest cell that has a seat or could open a group with `enough` people waiting."""
    for choice in plan.tables.choices[person]:
        if choice.cost > plan.tables.weights.unplaced:
            return False
        for circle in plan.circles_of[choice.cell]:
            if plan.may_seat(person, circle):
                plan.sit(person, circle)
                return True
        if waiting.count[choice.cell] >= enough and plan.may_open(choice.cell):
            circle = plan.open(choice.cell)
            if plan.may_seat(person, circle):
                plan.sit(person, circle)
                return True
            plan.close(circle)
    return False

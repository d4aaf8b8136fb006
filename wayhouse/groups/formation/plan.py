"""A plan in the making: circles with people in their seats, what is left of every pool, and what a seat costs.

`may_open` and `may_seat` hold every hard rule except the least size, which a finished plan gets from `settle`.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from wayhouse.groups.formation.result import Group
from wayhouse.groups.formation.tables import NONE, Tables


@dataclass(slots=True, eq=False)
class Circle:
    """One group in the making: its cell, the previous group it continues or `NONE`, its members and their sums."""

    cell: int
    continues: int = NONE
    members: list[int] = field(default_factory=list)
    mixes: Counter[str | None] = field(default_factory=Counter)
    needs: Counter[int] = field(default_factory=Counter)
    apart: set[int] = field(default_factory=set)


class Plan:
    """Circles over the tables of a problem. `capacity` and `groups_left` go down as circles open."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.circles: list[Circle] = []
        self.seat: list[Circle | None] = [None] * len(tables.choices)
        self.capacity = list(tables.capacity)
        self.groups_left = tables.problem.max_groups
        self.circles_of: list[list[Circle]] = [[] for _ in tables.limits]

    def may_open(self, cell: int) -> bool:
        """Whether the cell, its pools and the total leave room for one more group."""
        room = len(self.circles_of[cell]) < self.tables.limits[cell] and self.groups_left > 0
        return room and all(self.capacity[pool] > 0 for pool in self.tables.uses[cell])

    def open(self, cell: int, continues: int = NONE) -> Circle:
        """Open an empty circle, which `may_open` allowed."""
        circle = Circle(cell, continues)
        self.circles.append(circle)
        self.circles_of[cell].append(circle)
        self._take(circle, 1)
        return circle

    def close(self, circle: Circle) -> list[int]:
        """Close a circle and return the people who sat there."""
        people = list(circle.members)
        for person in people:
            self.leave(person)
        self.circles.remove(circle)
        self.circles_of[circle.cell].remove(circle)
        self._take(circle, -1)
        return people

    def may_seat(self, person: int, circle: Circle) -> bool:
        """Whether the circle has a seat for someone who could attend its cell: size, keep-apart, interpreter."""
        if len(circle.members) >= self.tables.size.max or not circle.apart.isdisjoint(self.tables.apart[person]):
            return False
        pool = self.tables.choice[person][circle.cell].interpreter
        return pool == NONE or self.capacity[pool] > 0 or not self.needs_one_more(circle, pool)

    def sit(self, person: int, circle: Circle) -> None:
        """Seat a person, whom `may_seat` allowed."""
        pool = self.tables.choice[person][circle.cell].interpreter
        if pool != NONE:
            self.capacity[pool] -= self.needs_one_more(circle, pool)
            circle.needs[pool] += 1
        circle.members.append(person)
        circle.mixes[self.tables.mix[person]] += 1
        circle.apart.update(self.tables.apart[person])
        self.seat[person] = circle

    def leave(self, person: int) -> None:
        """Take a seated person out of their circle."""
        circle = self.seat[person]
        if circle is None:
            return
        pool = self.tables.choice[person][circle.cell].interpreter
        if pool != NONE:
            circle.needs[pool] -= 1
            self.capacity[pool] += self.needs_one_more(circle, pool)
        circle.members.remove(person)
        circle.mixes[self.tables.mix[person]] -= 1
        circle.apart.difference_update(self.tables.apart[person])
        self.seat[person] = None

    def needs_one_more(self, circle: Circle, pool: int) -> bool:
        """Whether one more person of this pool needs a further interpreter."""
        return circle.needs[pool] % self.tables.problem.interpreter_ratio == 0

    def added_cost(self, person: int, circle: Circle) -> int:
        """What the price of the circle rises by when this person joins."""
        tables, weights, size = self.tables, self.tables.weights, len(circle.members)
        choice, mix = tables.choice[person][circle.cell], tables.mix[person]
        cost = choice.cost
        cost += weights.size_deviation * (abs(size + 1 - tables.size.target) - abs(size - tables.size.target))
        cost += weights.mix_excess * (_excess(circle, size + 1, mix) - _excess(circle, size, None))
        if tables.stays[person] not in (NONE, circle.continues) and self._home(person) == circle.cell:
            cost += weights.moved
        if choice.interpreter != NONE and self.needs_one_more(circle, choice.interpreter):
            cost += weights.interpreter
        return cost

    def fill(self, people: Iterable[int]) -> None:
        """Seat each person without a seat where it costs least among the open circles, if anywhere."""
        for person in people:
            if self.seat[person] is not None:
                continue
            cells = (self.circles_of[choice.cell] for choice in self.tables.choices[person])
            seats = [circle for circles in cells for circle in circles if self.may_seat(person, circle)]
            best = min(seats, key=lambda circle: self.added_cost(person, circle), default=None)
            if best is not None and self.added_cost(person, best) <= self.tables.weights.unplaced:
                self.sit(person, best)

    def settle(self) -> None:
        """Close circles that are too small, the smallest first, and seat their people elsewhere where there is room."""
        while small := [circle for circle in self.circles if len(circle.members) < self.tables.size.min]:
            self.fill(self.close(min(small, key=lambda circle: len(circle.members))))

    def unplaced_count(self) -> int:
        """People without a seat who are charged for: those with an option, usable or not."""
        return sum(seat is None for seat, charged in zip(self.seat, self.tables.charged, strict=True) if charged)

    def without(self, circles: Collection[Circle]) -> "Plan":
        """A new plan with the same groups except these."""
        plan = Plan(self.tables)
        for circle in self.circles:
            if circle not in circles:
                copy = plan.open(circle.cell, circle.continues)
                for person in circle.members:
                    plan.sit(person, copy)
        return plan

    def groups(self) -> tuple[Group, ...]:
        """The plan by identifiers, in the order of cells and people."""
        problem = self.tables.problem
        groups = []
        for circle in sorted(self.circles, key=lambda circle: (circle.cell, min(circle.members))):
            members = tuple(problem.people[person].id for person in sorted(circle.members))
            continues = None if circle.continues == NONE else self.tables.previous[circle.continues]
            groups.append(Group(problem.cells[circle.cell].id, members, continues))
        return tuple(groups)

    def _take(self, circle: Circle, count: int) -> None:
        self.groups_left -= count
        for pool in self.tables.uses[circle.cell]:
            self.capacity[pool] -= count

    def _home(self, person: int) -> int:
        return self.tables.previous_cell[self.tables.stays[person]]


def _excess(circle: Circle, size: int, joins: str | None) -> int:
    """The mix excess of a circle of this size, with one more of the label `joins`."""
    excess = 0
    for label, count in circle.mixes.items():
        if label is not None:
            excess += max(0, 2 * (count + (label == joins)) - size)
    if joins is not None and joins not in circle.mixes:
        excess += max(0, 2 - size)
    return excess

"""Splitting the people of a cell into its groups: local search that knows when nothing can be better.

A start by least added price is improved by moving and swapping people between two groups at a time. Two groups
whose price is that of their people as a whole (`draft.price`) cannot be improved and are left alone; when that holds
for all of them the split is exact. What stays open otherwise is for finer bins in the model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from random import Random

from wayhouse.groups.formation.draft import Filled, price, price_of
from wayhouse.groups.formation.tables import NONE, Tables

STARTS = 6
PASSES = 20


@dataclass(slots=True)
class Part:
    """One group of the split: the previous group it continues or `NONE`, and its members."""

    continues: int
    members: list[int]


def split(tables: Tables, filled: Filled, rng: Random) -> list[Part]:
    """The groups of a filled bin, as cheap as found. People who fit in none of them (keep-apart) are left out."""
    best: tuple[int, list[Part]] | None = None
    for start in range(STARTS):
        work = _Split(tables, filled, rng, shuffled=start > 0)
        work.improve()
        if best is None or work.cost() < best[0]:
            best = work.cost(), work.parts
        if filled.groups == 1 or best[0] <= price_of(tables, filled):
            break
    return best[1] if best else []


class _Split:
    def __init__(self, tables: Tables, filled: Filled, rng: Random, *, shuffled: bool) -> None:
        self.tables = tables
        self.cell = filled.bin.cell
        spare = [NONE] * (filled.groups - len(filled.continues))
        self.parts = [Part(group, []) for group in (*filled.continues, *spare)]
        self.left: list[int] = []
        self._even = -(-len(filled.members) // filled.groups)
        for person in self._order(filled, rng, shuffled=shuffled):
            self._seat(person)

    def cost(self) -> int:
        """The price of the groups and of the people left out; too small a group counts as if its people were."""
        unplaced, least = self.tables.weights.unplaced, self.tables.size.min
        short = sum(max(0, least - len(part.members)) for part in self.parts)
        return sum(map(self._price, self.parts)) + (unplaced + 1) * (len(self.left) + short)

    def improve(self) -> None:
        """Move, swap and make room until nothing helps."""
        for _ in range(PASSES):
            self.left = [person for person in self.left if not self._squeeze_in(person)]
            improved = [self._improve_pair(*pair) for pair in combinations(self.parts, 2)]
            if not any(improved):
                return

    def _order(self, filled: Filled, rng: Random, *, shuffled: bool) -> list[int]:
        """Those who can stay first, then the most kept apart, then by interpreter and mix label."""
        tables = self.tables
        members = sorted(filled.members)
        if shuffled:
            rng.shuffle(members)
        return sorted(
            members,
            key=lambda person: (
                tables.stays[person] not in filled.continues,
                -len(tables.apart[person]),
                -tables.choice[person][self.cell].interpreter,
                "" if shuffled else tables.mix[person] or "",
            ),
        )

    def _price(self, part: Part) -> int:
        return price(self.tables, self.cell, part.members, (part.continues,)) if part.members else 0

    def _fits(self, person: int, members: list[int], *, instead_of: int = NONE) -> bool:
        if len(members) - (instead_of != NONE) >= self.tables.size.max:
            return False
        apart = self.tables.apart[person]
        others = (other for other in members if other != instead_of) if apart else ()
        return not any(place in self.tables.apart[other] for other in others for place in apart)

    def _seat(self, person: int) -> None:
        """Seat a person where the price rises least, in a group below the even size if there is one."""
        fitting = [part for part in self.parts if self._fits(person, part.members)]
        if not fitting:
            self.left.append(person)
            return

        def added(part: Part) -> tuple[bool, int, int]:
            more = Part(part.continues, [*part.members, person])
            return len(part.members) >= self._even, self._price(more) - self._price(part), len(part.members)

        min(fitting, key=added).members.append(person)

    def _squeeze_in(self, person: int) -> bool:
        """Seat a person who was left out by moving one other person to another group."""
        for part in self.parts:
            if self._fits(person, part.members):
                part.members.append(person)
                return True
        for part in self.parts:
            for other in part.members:
                if not self._fits(person, part.members, instead_of=other):
                    continue
                for target in self.parts:
                    if target is not part and self._fits(other, target.members):
                        part.members[part.members.index(other)] = person
                        target.members.append(other)
                        return True
        return False

    def _improve_pair(self, one: Part, two: Part) -> bool:
        """Take moves and swaps between two groups as long as one of them helps."""
        improved = False
        while self._price(one) + self._price(two) > self._together(one, two):
            now = self._price(one) + self._price(two)
            better = next((trial for trial in self._trials(one, two) if sum(map(self._price, trial)) < now), None)
            if better is None:
                break
            one.members, two.members = better[0].members, better[1].members
            improved = True
        return improved

    def _together(self, one: Part, two: Part) -> int:
        return price(self.tables, self.cell, one.members + two.members, (one.continues, two.continues), 2)

    def _trials(self, one: Part, two: Part) -> Iterator[tuple[Part, Part]]:
        """Every allowed move of one person and swap of two."""
        least = self.tables.size.min
        for source, target in ((one, two), (two, one)):
            for person in source.members if len(source.members) > least else ():
                if self._fits(person, target.members):
                    rest = [other for other in source.members if other != person]
                    moved = Part(source.continues, rest), Part(target.continues, [*target.members, person])
                    yield moved if source is one else (moved[1], moved[0])
        for person in one.members:
            for other in two.members:
                if self._differ(person, other) and self._may_swap(person, one, other, two):
                    yield _swapped(one, person, other), _swapped(two, other, person)

    def _may_swap(self, person: int, one: Part, other: int, two: Part) -> bool:
        there = self._fits(person, two.members, instead_of=other)
        return there and self._fits(other, one.members, instead_of=person)

    def _differ(self, person: int, other: int) -> bool:
        """Whether the price can tell the two apart within this cell."""
        tables = self.tables
        return (
            tables.mix[person] != tables.mix[other]
            or tables.stays[person] != tables.stays[other]
            or tables.choice[person][self.cell].interpreter != tables.choice[other][self.cell].interpreter
        )


def _swapped(part: Part, person: int, other: int) -> Part:
    return Part(part.continues, [other if member == person else member for member in part.members])

"""The problem in whole numbers: people, cells and pools by their place in the lists, for everything that searches."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from wayhouse.groups.formation.problem import Person, Problem, Size, Weights

NONE = -1


@dataclass(frozen=True, slots=True)
class Choice:
    """An option that could be used: cell, cost with the move if it is one for sure, interpreter pool or `NONE`."""

    cell: int
    cost: int
    interpreter: int


@dataclass(frozen=True)
class Tables:
    """A problem by whole numbers, without options that no plan can use.

    Lists are by person, cell, pool or previous group. `choices` are cheapest first; `apart` holds the places of
    a person's keep-apart lists; `stays` is the previous group of those who could still attend its cell.
    """

    problem: Problem
    choices: tuple[tuple[Choice, ...], ...]
    charged: tuple[bool, ...]
    mix: tuple[str | None, ...]
    apart: tuple[tuple[int, ...], ...]
    stays: tuple[int, ...]
    limits: tuple[int, ...]
    uses: tuple[tuple[int, ...], ...]
    capacity: tuple[int, ...]
    previous: tuple[str, ...]
    previous_cell: tuple[int, ...]

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """Translate a problem, which was checked when it was built."""
        pools = {pool.id: place for place, pool in enumerate(problem.pools)}
        cells = {cell.id: place for place, cell in enumerate(problem.cells)}
        capacity = tuple(pool.capacity for pool in problem.pools)
        uses = tuple(tuple(pools[pool] for pool in cell.uses) for cell in problem.cells)
        before = {person.previous.group: cells[person.previous.cell] for person in problem.people if person.previous}
        groups = {group: place for place, group in enumerate(before)}
        drafts = [_choices(person, problem, cells, pools) for person in problem.people]
        limits = _limits(problem, drafts, uses)
        choices = tuple(tuple(choice for choice in draft if limits[choice.cell]) for draft in drafts)
        return cls(
            problem=problem,
            choices=choices,
            charged=tuple(bool(person.options) for person in problem.people),
            mix=tuple(person.mix for person in problem.people),
            apart=_apart(problem),
            stays=tuple(_stays(*pair, cells, groups) for pair in zip(problem.people, choices, strict=True)),
            limits=limits,
            uses=uses,
            capacity=capacity,
            previous=tuple(before),
            previous_cell=tuple(before.values()),
        )

    @property
    def size(self) -> Size:
        """The sizes of a group."""
        return self.problem.size

    @property
    def weights(self) -> Weights:
        """What each thing costs."""
        return self.problem.weights

    @cached_property
    def choice(self) -> tuple[dict[int, Choice], ...]:
        """The choice of each person by cell."""
        return tuple({choice.cell: choice for choice in choices} for choices in self.choices)

    @cached_property
    def people_of(self) -> tuple[tuple[int, ...], ...]:
        """The people who could attend each cell."""
        people: list[list[int]] = [[] for _ in self.limits]
        for person, choices in enumerate(self.choices):
            for choice in choices:
                people[choice.cell].append(person)
        return tuple(map(tuple, people))

    @property
    def nowhere_cost(self) -> int:
        """What every plan pays for people whose options no plan can use."""
        pairs = zip(self.charged, self.choices, strict=True)
        return self.weights.unplaced * sum(1 for charged, choices in pairs if charged and not choices)

    @cached_property
    def option_count(self) -> int:
        """Options in all."""
        return sum(map(len, self.choices))


def _choices(person: Person, problem: Problem, cells: dict[str, int], pools: dict[str, int]) -> list[Choice]:
    """The options by whole numbers, cheapest first, without those that wait for an interpreter nobody has."""
    home = person.previous.cell if person.previous else None
    choices = []
    for option in person.options:
        pool = NONE if option.interpreter is None else pools[option.interpreter]
        if pool == NONE or problem.pools[pool].capacity:
            leaves = problem.weights.moved if home not in (None, option.cell) else 0
            choices.append(Choice(cells[option.cell], option.cost + leaves, pool))
    return sorted(choices, key=lambda choice: (choice.cost, choice.cell))


def _limits(problem: Problem, drafts: list[list[Choice]], uses: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """The most groups each cell could hold, by its own limit, the pools and the people who could come."""
    able = Counter(choice.cell for draft in drafts for choice in draft)
    return tuple(
        min(
            cell.max_groups,
            problem.max_groups,
            able[place] // problem.size.min,
            *(problem.pools[pool].capacity for pool in uses[place]),
        )
        for place, cell in enumerate(problem.cells)
    )


def _apart(problem: Problem) -> tuple[tuple[int, ...], ...]:
    places = {person.id: place for place, person in enumerate(problem.people)}
    lists: list[list[int]] = [[] for _ in problem.people]
    for place, apart in enumerate(problem.keep_apart):
        for person in apart:
            lists[places[person]].append(place)
    return tuple(map(tuple, lists))


def _stays(person: Person, choices: tuple[Choice, ...], cells: dict[str, int], groups: dict[str, int]) -> int:
    """The previous group of a person who could still attend its cell."""
    before = person.previous
    if before is None or all(choice.cell != cells[before.cell] for choice in choices):
        return NONE
    return groups[before.group]

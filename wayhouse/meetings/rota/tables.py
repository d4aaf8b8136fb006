"""The problem in whole numbers: staff and groups by their place in the lists, weeks from 0, for all that searches."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from wayhouse.meetings.rota.problem import Group, Problem, Staff, Weights

Place = tuple[int, int]  # a meeting: group and week
Pair = tuple[int, int]  # a face: person and group


@dataclass(frozen=True)
class Tables:
    """A problem by whole numbers. Lists are by staff or by group.

    `cost` has the groups that a person may serve; `here` the weeks in which they are; `apart` those with whom they
    may lead no meeting. `announced` has the staff of each meeting that was announced,
    `locked` those who are to stay at a meeting ahead.
    """

    problem: Problem
    cost: tuple[dict[int, int], ...]
    here: tuple[tuple[bool, ...], ...]
    apart: tuple[frozenset[int], ...]
    slot: tuple[int, ...]
    announced: dict[Place, frozenset[int]]
    locked: dict[Place, frozenset[int]]

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """Translate a problem, which was checked when it was built."""
        groups = {group.id: place for place, group in enumerate(problem.groups)}
        staff = {person.id: place for place, person in enumerate(problem.staff)}
        slots = {slot: place for place, slot in enumerate(sorted({group.slot for group in problem.groups}))}
        weeks = range(1, problem.weeks + 1)
        return cls(
            problem=problem,
            cost=tuple({groups[option.group]: option.cost for option in person.options} for person in problem.staff),
            here=tuple(tuple(week not in person.away for week in weeks) for person in problem.staff),
            apart=_apart(problem, staff),
            slot=tuple(slots[group.slot] for group in problem.groups),
            announced={
                (groups[group], week): frozenset(staff[person] for person in people)
                for group, announced in problem.running.items()
                for week, people in enumerate(announced)
                if people is not None
            },
            locked=_locked(problem, groups, staff),
        )

    @property
    def weeks(self) -> int:
        """Weeks of the cycle."""
        return self.problem.weeks

    @property
    def passed(self) -> int:
        """Weeks that have passed: the first week that can still be planned."""
        return self.problem.fixed_weeks

    @property
    def weights(self) -> Weights:
        """What each thing costs."""
        return self.problem.weights

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups of the problem."""
        return self.problem.groups

    @property
    def staff(self) -> tuple[Staff, ...]:
        """The staff of the problem."""
        return self.problem.staff

    @cached_property
    def leads(self) -> tuple[bool, ...]:
        """Who is a facilitator; the others are mentors."""
        return tuple(person.role == "facilitator" for person in self.staff)

    @cached_property
    def facilitators(self) -> tuple[tuple[int, ...], ...]:
        """The facilitators who may serve each group."""
        return self._able(facilitator=True)

    @cached_property
    def mentors(self) -> tuple[tuple[int, ...], ...]:
        """The mentors who may serve each group."""
        return self._able(facilitator=False)

    @cached_property
    def able(self) -> tuple[tuple[int, ...], ...]:
        """Everyone who may serve each group, facilitators first."""
        return tuple(one + other for one, other in zip(self.facilitators, self.mentors, strict=True))

    @cached_property
    def ahead(self) -> tuple[Place, ...]:
        """The meetings that can still be planned, by group and week."""
        weeks = range(self.passed, self.weeks)
        return tuple((group, week) for group in range(len(self.groups)) for week in weeks)

    @cached_property
    def shifts(self) -> int:
        """Options times the weeks in which they could still be used: how large the problem is."""
        weeks = range(self.passed, self.weeks)
        return sum(
            len(cost) * sum(here[week] for week in weeks) for cost, here in zip(self.cost, self.here, strict=True)
        )

    def change(self, person: int, place: Place) -> int:
        """What it costs that somebody takes a meeting, against what was announced or locked."""
        announced, cost = self.announced.get(place), 0
        if announced is not None:
            cost += self.weights.changed * (-1 if person in announced else 1)
        return cost - self.weights.unlocked * (person in self.locked.get(place, ()))

    def wanted(self, group: int, *, facilitator: bool) -> int:
        """How many people of a role a group wants."""
        return self.groups[group].facilitators if facilitator else self.groups[group].mentors

    def of_role(self, group: int, *, facilitator: bool) -> tuple[int, ...]:
        """Those of a role who may serve a group."""
        return self.facilitators[group] if facilitator else self.mentors[group]

    def _able(self, *, facilitator: bool) -> tuple[tuple[int, ...], ...]:
        able: list[list[int]] = [[] for _ in self.groups]
        for person, options in enumerate(self.cost):
            for group in options if self.leads[person] == facilitator else ():
                able[group].append(person)
        return tuple(map(tuple, able))


def _locked(problem: Problem, groups: dict[str, int], staff: dict[str, int]) -> dict[Place, frozenset[int]]:
    people: dict[Place, set[int]] = {}
    for shift in problem.locked:
        if shift.week > problem.fixed_weeks:
            people.setdefault((groups[shift.group], shift.week - 1), set()).add(staff[shift.staff])
    return {place: frozenset(some) for place, some in people.items()}


def _apart(problem: Problem, staff: dict[str, int]) -> tuple[frozenset[int], ...]:
    apart: list[set[int]] = [set() for _ in problem.staff]
    for people in problem.keep_apart:
        for person in people:
            apart[staff[person]].update(staff[other] for other in people if other != person)
    return tuple(map(frozenset, apart))


def spans_over(week: int, weeks: int, length: int) -> Iterable[int]:
    """The first weeks of the stretches of `length` weeks within the cycle that hold `week`."""
    return range(max(0, week - length + 1), min(week, weeks - length) + 1)

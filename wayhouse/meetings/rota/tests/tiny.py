"""Tiny problems and their best price by trying everything, for properties that hold for every problem."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, combinations, product

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from wayhouse.meetings.rota import Group, Locked, Option, Problem, Staff, Weights

WEIGHT = st.sampled_from([0, 1, 3, 7, 40])
Week = dict[str, tuple[str, ...]]  # who leads each group


@st.composite
def problems(
    draw: DrawFn, *, groups: int = 2, staff: int = 4, weeks: int = 3, announced: bool = False, locked: bool = False
) -> Problem:
    """A problem small enough to try every rota."""
    length = draw(st.integers(1, weeks))
    circles = tuple(draw(_group(f"g{number}")) for number in range(draw(st.integers(0, groups))))
    everyone = tuple(draw(_person(f"s{number}", circles, length)) for number in range(draw(st.integers(0, staff))))
    names = [person.id for person in everyone]
    apart = st.lists(st.sampled_from(names), unique=True, min_size=2, max_size=3).map(tuple) if names[1:] else None
    some = st.lists(st.sampled_from(names), unique=True, max_size=2).map(tuple) if names else st.just(())
    plan = st.lists(st.one_of(st.none(), some), max_size=length).map(tuple)
    return Problem(
        weeks=length,
        groups=circles,
        staff=everyone,
        max_consecutive_weeks=draw(st.integers(1, 3)),
        keep_apart=tuple(draw(st.lists(apart, max_size=2))) if apart is not None else (),
        running={group.id: draw(plan) for group in circles} if announced else {},
        fixed_weeks=draw(st.integers(0, length)) if announced else 0,
        locked=draw(_locks(circles, everyone, length)) if locked and circles and everyone else (),
        weights=Weights(draw(st.sampled_from([5, 100, 100])), *(draw(WEIGHT) for _ in range(5))),
    )


def _locks(groups: tuple[Group, ...], staff: tuple[Staff, ...], weeks: int) -> SearchStrategy[tuple[Locked, ...]]:
    one = st.builds(
        Locked,
        group=st.sampled_from([group.id for group in groups]),
        week=st.integers(1, weeks),
        staff=st.sampled_from([person.id for person in staff]),
    )
    return st.lists(one, unique=True, min_size=1, max_size=3).map(tuple)


@st.composite
def _group(draw: DrawFn, name: str) -> Group:
    slot = draw(st.sampled_from(["tue", "tue", "thu"]))
    return Group(name, slot, draw(st.integers(0, 3)), draw(st.sampled_from([1, 1, 1, 0, 2])), draw(st.integers(0, 3)))


@st.composite
def _person(draw: DrawFn, name: str, groups: tuple[Group, ...], weeks: int) -> Staff:
    offers = [group for group in groups if draw(st.sampled_from([True, True, True, False]))]
    return Staff(
        id=name,
        role=draw(st.sampled_from(["facilitator", "mentor"])),
        max_per_week=draw(st.sampled_from([1, 1, 2, 2, 0])),
        max_per_4_weeks=draw(st.integers(0, 6)),
        intensity_per_4_weeks=draw(st.integers(0, 12)),
        target=draw(st.integers(0, 5)),
        options=tuple(Option(group.id, draw(st.integers(0, 9))) for group in offers),
        away=tuple(draw(st.lists(st.integers(1, weeks), unique=True, max_size=2))),
    )


def best_price(problem: Problem) -> int:
    """The least price of any rota that breaks no rule, by trying each week after another."""
    return _Trial(problem).best


@dataclass
class _Trial:
    """Weeks tried so far, and the best price of a whole cycle; nothing is tried further that costs as much already."""

    problem: Problem
    best: int = 10**9
    weeks: list[Week] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.staff = {person.id: person for person in self.problem.staff}
        self.cost = {
            (person.id, option.group): option.cost for person in self.problem.staff for option in person.options
        }
        self._try(0)

    def _try(self, price: int) -> None:
        if price >= self.best:
            return
        if len(self.weeks) == self.problem.weeks:
            self.best = min(self.best, price + self._in_the_end())
            return
        for week in sorted(self._choices(), key=self._price):
            self.weeks.append(week)
            if len(self.weeks) <= self.problem.fixed_weeks or self._allowed():
                self._try(price + self._price(week, self.weeks[-2] if self.weeks[1:] else None))
            self.weeks.pop()

    def _announced(self, group: Group, week: int) -> tuple[str, ...] | None:
        weeks = self.problem.running.get(group.id, ())
        return weeks[week - 1] if week <= len(weeks) else None

    def _choices(self) -> Iterator[Week]:
        """Who could lead the groups in the next week, without looking at other weeks."""
        week = len(self.weeks) + 1
        if week <= self.problem.fixed_weeks:
            yield {group.id: self._announced(group, week) or () for group in self.problem.groups}
            return
        for people in product(*(list(self._teams(group, week)) for group in self.problem.groups)):
            yield {group.id: team for group, team in zip(self.problem.groups, people, strict=True)}

    def _teams(self, group: Group, week: int) -> Iterator[tuple[str, ...]]:
        able = [
            person for person in self.problem.staff if (person.id, group.id) in self.cost and week not in person.away
        ]
        teams = chain.from_iterable(combinations(able, size) for size in range(len(able) + 1))
        for team in teams:
            names = {person.id for person in team}
            lead = sum(person.role == "facilitator" for person in team)
            if lead > group.facilitators or len(team) - lead > group.mentors:
                continue
            if all(len(names & set(apart)) < 2 for apart in self.problem.keep_apart):
                yield tuple(sorted(names))

    def _allowed(self) -> bool:
        """Whether the last week keeps the limits of everybody in it."""
        now = self.weeks[-1]
        return all(self._bears(person, now) for person in {name for team in now.values() for name in team})

    def _bears(self, name: str, now: Week) -> bool:
        person, groups = self.staff[name], {group.id: group for group in self.problem.groups}
        mine = [groups[group] for group, team in now.items() if name in team]
        if len(mine) > person.max_per_week or len({group.slot for group in mine}) < len(mine):
            return False
        return self._bears_spans(person, groups)

    def _bears_spans(self, person: Staff, groups: Mapping[str, Group]) -> bool:
        """Only spans with the last week are looked at; what a later week adds is seen when that week is tried."""
        served = [[groups[group] for group, team in week.items() if person.id in team] for week in self.weeks]
        run = self.problem.max_consecutive_weeks + 1
        if len(served) >= run and all(served[-run:]):
            return False
        if self.problem.weeks < 4:
            return True
        span = list(chain.from_iterable(served[-4:]))
        heavy = sum(group.intensity for group in span)
        return len(span) <= person.max_per_4_weeks and heavy <= person.intensity_per_4_weeks

    def _price(self, now: Week, before: Week | None = None) -> int:
        weights, price, week = self.problem.weights, 0, len(self.weeks)
        for group in self.problem.groups:
            team = now[group.id]
            lead = sum(self.staff[name].role == "facilitator" for name in team)
            price += weights.uncovered * ((lead < group.facilitators) + (lead == len(team)))
            price += weights.second_mentor * (len(team) - lead < group.mentors)
            price += sum(self.cost.get((name, group.id), 0) for name in team)
            if before is not None:
                price += weights.no_familiar_face * (not set(team) & set(before[group.id]))
            if before is not None or week == 1:
                announced = self._announced(group, week)
                price += weights.changed * (0 if announced is None else len(set(announced) ^ set(team)))
                ahead = week > self.problem.fixed_weeks
                kept = [one.staff in team for one in self.problem.locked if (one.group, one.week) == (group.id, week)]
                price += weights.unlocked * kept.count(False) * ahead
        return price

    def _in_the_end(self) -> int:
        weights = self.problem.weights
        shifts = [(name, group) for week in self.weeks for group, team in week.items() for name in team]
        loads = [sum(name == person.id for name, _ in shifts) for person in self.problem.staff]
        beyond = (abs(load - person.target) - 1 for load, person in zip(loads, self.problem.staff, strict=True))
        return weights.new_face * len(set(shifts)) + weights.fairness * sum(max(0, excess) for excess in beyond)

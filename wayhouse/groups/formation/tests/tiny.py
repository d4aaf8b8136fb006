"""Tiny problems and their best price by trying everything, for properties that hold for every problem."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from benchmarks.planning.formation import check
from wayhouse.groups.formation import Cell, Option, Person, Pool, Previous, Problem, Size, Weights

WEIGHT = st.sampled_from([0, 1, 3, 7, 40])
COST = st.integers(0, 30)


@st.composite
def problems(draw: DrawFn, *, people: int = 6, cells: int = 3) -> Problem:
    """A problem small enough to try every plan."""
    least = draw(st.sampled_from([1, 2, 2, 2, 3]))
    target = least + draw(st.integers(0, 1))
    pools = tuple(
        Pool(f"r{number}", draw(st.sampled_from([1, 2, 2, 3, 3, 3, 0]))) for number in range(draw(st.integers(0, 3)))
    )
    names = st.lists(st.sampled_from([pool.id for pool in pools]), unique=True, max_size=1) if pools else st.just([])
    offered = tuple(
        Cell(f"c{number}", draw(st.sampled_from([1, 2, 2, 3, 3, 3, 0])), tuple(draw(names)))
        for number in range(draw(st.integers(1, cells)))
    )
    count = draw(st.sampled_from([people, people, people - 1, people - 1, *range(people - 1)]))
    everyone = tuple(draw(_person(f"p{number}", offered, pools)) for number in range(count))
    someone = st.sampled_from([person.id for person in everyone]) if everyone else st.nothing()
    apart = st.lists(someone, unique=True, min_size=2, max_size=4).map(tuple)
    return Problem(
        size=Size(least, target, target + draw(st.integers(0, 2))),
        pools=pools,
        max_groups=draw(st.sampled_from([1, 2, 3, 4, 5, 5, 0])),
        cells=offered,
        people=everyone,
        keep_apart=tuple(draw(st.lists(apart, max_size=3))) if len(everyone) > 1 else (),
        interpreter_ratio=draw(st.integers(1, 3)),
        weights=Weights(draw(st.sampled_from([5, 100, 100])), *(draw(WEIGHT) for _ in range(5))),
    )


@st.composite
def _person(draw: DrawFn, name: str, cells: tuple[Cell, ...], pools: tuple[Pool, ...]) -> Person:
    interpreter = st.sampled_from([None, None, None, *(pool.id for pool in pools)])
    offers = [cell for cell in cells if draw(st.sampled_from([True, True, True, False]))]
    options = tuple(Option(cell.id, draw(COST), draw(interpreter)) for cell in offers)
    mix = draw(st.sampled_from([None, "a", "b"]))
    homes = [Previous(cell.id, f"g{number}{cell.id}") for cell in cells for number in range(2)]
    return Person(name, options, mix, draw(st.sampled_from([None, *homes])))


@dataclass(frozen=True)
class Trial:
    """One group that could exist: its price, and what it takes."""

    members: frozenset[str]
    cell: str
    continues: str | None
    price: int
    takes: Counter[str]


def best_price(problem: Problem) -> int:
    """The price of the best plan, by trying all of them."""
    raw = problem.to_json()
    trials: dict[str, list[Trial]] = {}
    for trial in _trials(problem, raw):
        trials.setdefault(min(trial.members), []).append(trial)
    limits = Counter({f"pool {pool.id}": pool.capacity for pool in problem.pools})
    limits.update({f"cell {cell.id}": cell.max_groups for cell in problem.cells})
    limits.update({f"goes on {before.group}": 1 for person in problem.people if (before := person.previous)})
    limits["all"] = problem.max_groups
    everyone = sorted((person.id for person in problem.people), reverse=True)
    costs = {person.id: problem.weights.unplaced if person.options else 0 for person in problem.people}
    return _cheapest(everyone, costs, trials, limits)


def _cheapest(left: list[str], costs: dict[str, int], trials: dict[str, list[Trial]], limits: Counter[str]) -> int:
    """The least price for those who are left: the first of them stays without a group, or founds one."""
    if not left:
        return 0
    rest, first = left[:-1], left[-1]
    best = costs[first] + _cheapest(rest, costs, trials, limits)
    for trial in trials.get(first, []):
        possible = trial.members.issubset(left) and all(limits[name] >= count for name, count in trial.takes.items())
        if possible and trial.price < best:
            others = [person for person in rest if person not in trial.members]
            remaining = limits.copy()
            remaining.subtract(trial.takes)
            best = min(best, trial.price + _cheapest(others, costs, trials, remaining))
    return best


def _trials(problem: Problem, raw: dict[str, Any]) -> Iterator[Trial]:
    cells = {cell.id: cell for cell in problem.cells}
    homes = {before.group: before.cell for person in problem.people if (before := person.previous)}
    for cell in problem.cells:
        able = [person for person in problem.people if any(option.cell == cell.id for option in person.options)]
        ears = {person.id: option.interpreter for person in able for option in person.options if option.cell == cell.id}
        kept = [None, *(group for group, home in homes.items() if home == cell.id)]
        for count in range(problem.size.min, problem.size.max + 1):
            for people in combinations(sorted(person.id for person in able), count):
                for continues in kept:
                    group = {"cell": cell.id, "members": list(people), "continues": continues}
                    broken, parts = check(raw, {"groups": [group]})
                    if any(": over" not in fault and "groups" not in fault for fault in broken):
                        continue
                    needs = Counter(ears[person] for person in people if ears[person] is not None)
                    takes = Counter(f"pool {pool}" for pool in cells[cell.id].uses)
                    takes.update({f"pool {pool}": -(-n // problem.interpreter_ratio) for pool, n in needs.items()})
                    takes.update(["all", f"cell {cell.id}"])
                    takes.update([f"goes on {continues}"] if continues else [])
                    price = sum(parts.values()) - parts["unplaced"]
                    yield Trial(frozenset(people), cell.id, continues, price, takes)

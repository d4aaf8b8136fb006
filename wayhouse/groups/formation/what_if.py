"""What one more of something scarce would change: each is tried by planning again from the plan that there is.

What is tried comes from the reasons of those without a group. Only sums are told, never who: a person who is kept apart
from somebody is placed or not like anyone else.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from wayhouse.groups.formation.blocks import improve_blocks
from wayhouse.groups.formation.objective import interpreters
from wayhouse.groups.formation.plan import Plan
from wayhouse.groups.formation.problem import Cell, Problem
from wayhouse.groups.formation.result import Group, Result
from wayhouse.groups.formation.search import Search
from wayhouse.groups.formation.tables import NONE, Tables

MOST = 6
BLOCKS = 12

Stop = Callable[[], bool] | None


@dataclass(frozen=True, slots=True)
class Chance:
    """One more of each of these pools: how many more people it would place, and what else the plan would save."""

    pools: tuple[str, ...]
    places: int
    saves: int

    def to_json(self) -> dict[str, object]:
        """The JSON form."""
        return {"pools": list(self.pools), "places": self.places, "saves": self.saves}


def what_if(
    problem: Problem, result: Result, *, time_limit: float, seed: int = 0, should_stop: Stop = None, most: int = MOST
) -> tuple[Chance, ...]:
    """What would place more people, the best first; empty if nothing that was tried would.

    Up to `most` are tried, those first for which the most people wait; each, and the plan as it is, gets an equal
    share of `time_limit` seconds. What the plan as it is gains by planning again is not put down to anything.
    """
    wanted = list(_wanted(problem, result))[:most]
    share = time_limit / (len(wanted) + 1)
    now = _again(problem, result.groups, share, seed, should_stop)
    chances = []
    for pools in wanted:
        then = _again(_with_one_more(problem, pools), result.groups, share, seed, should_stop)
        places = (now["unplaced"] - then["unplaced"]) // max(1, problem.weights.unplaced)
        if places > 0:
            saves = sum(now.values()) - sum(then.values()) - places * problem.weights.unplaced
            chances.append(Chance(pools, places, saves))
    return tuple(sorted(chances, key=lambda chance: (-chance.places, len(chance.pools), -chance.saves)))


def _wanted(problem: Problem, result: Result) -> Iterator[tuple[str, ...]]:
    """Pools of which one more might help, by how many people wait for them."""
    left = _left(problem, result.groups)
    used_up = {cell.id: tuple(pool for pool in cell.uses if left[pool] <= 0) for cell in problem.cells}
    waiting = {person.person for person in result.unplaced}
    people: Counter[tuple[str, ...]] = Counter()
    for person in problem.people:
        if person.id in waiting:
            ears = ((option.interpreter,) for option in person.options if option.interpreter is not None)
            lacks = {used_up[option.cell] for option in person.options}
            people.update(lacks | {pools for pools in ears if left[pools[0]] <= 0})
    people.pop((), None)
    yield from sorted(people, key=lambda pools: (-people[pools], pools))


def _left(problem: Problem, groups: Sequence[Group]) -> Counter[str]:
    """What the plan leaves of each pool."""
    people = {person.id: person for person in problem.people}
    uses = {cell.id: cell.uses for cell in problem.cells}
    left = Counter({pool.id: pool.capacity for pool in problem.pools})
    for group in groups:
        left.subtract(uses[group.cell])
        left.subtract(interpreters(problem, group.cell, [people[member] for member in group.members]))
    return left


def _with_one_more(problem: Problem, pools: Iterable[str]) -> Problem:
    """The problem with one more of each of these, and of groups where nothing but these pools limits a cell."""
    more = frozenset(pools)
    before = {pool.id: pool.capacity for pool in problem.pools}
    after = {pool: capacity + (pool in more) for pool, capacity in before.items()}

    def cell(known: Cell) -> Cell:
        limit = min((before[pool] for pool in known.uses), default=known.max_groups)
        grown = min((after[pool] for pool in known.uses), default=limit)
        return replace(known, max_groups=known.max_groups + (grown > limit and known.max_groups == limit))

    return replace(
        problem,
        pools=tuple(replace(pool, capacity=after[pool.id]) for pool in problem.pools),
        cells=tuple(map(cell, problem.cells)),
    )


def _again(problem: Problem, groups: Sequence[Group], seconds: float, seed: int, should_stop: Stop) -> dict[str, int]:
    """The parts of the price after planning blocks again from these groups."""
    tables = Tables.of(problem)
    search = Search(tables, time_limit=seconds, work_limit=float("inf"), on_progress=None, should_stop=should_stop)
    search.offer(_plan(tables, groups))
    improve_blocks(search, seed, most=BLOCKS)
    return dict(search.parts)


def _plan(tables: Tables, groups: Sequence[Group]) -> Plan:
    """A plan with these groups, and whoever fits beside them."""
    plan = Plan(tables)
    cells = {cell.id: place for place, cell in enumerate(tables.problem.cells)}
    people = {person.id: place for place, person in enumerate(tables.problem.people)}
    before = {group: place for place, group in enumerate(tables.previous)}
    for group in groups:
        circle = plan.open(cells[group.cell], NONE if group.continues is None else before[group.continues])
        for member in group.members:
            plan.sit(people[member], circle)
    plan.fill(range(len(tables.choices)))
    return plan

"""The price of a plan and its faults, from the problem and the groups alone: no solver, no shared state.

This is the only place that says what a plan costs; the solver is held to it by every result and by tests.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from wayhouse.groups.formation.problem import Option, Person, Problem
from wayhouse.groups.formation.result import Group

PARTS = ("unplaced", "open_group", "size_deviation", "options", "mix_excess", "interpreter", "moved")


def evaluate(problem: Problem, groups: Sequence[Group]) -> dict[str, int]:
    """The parts of the objective by name (`PARTS`), for a plan without faults.

    People without any option are not charged: no plan could place them. Someone who sat in a previous group has
    moved when their new group does not continue it.
    """
    weights = problem.weights
    people = {person.id: person for person in problem.people}
    parts = dict.fromkeys(PARTS, 0)
    placed: set[str] = set()
    for group in groups:
        members = [people[member] for member in group.members]
        placed.update(group.members)
        parts["open_group"] += weights.open_group
        parts["size_deviation"] += weights.size_deviation * abs(len(members) - problem.size.target)
        parts["options"] += sum(_option(member, group.cell).cost for member in members)
        parts["mix_excess"] += weights.mix_excess * _mix_excess(members)
        parts["interpreter"] += weights.interpreter * sum(interpreters(problem, group.cell, members).values())
        parts["moved"] += weights.moved * sum(_has_moved(member, group) for member in members)
    left = sum(1 for person in problem.people if person.options and person.id not in placed)
    parts["unplaced"] = weights.unplaced * left
    return parts


def interpreters(problem: Problem, cell: str, members: Sequence[Person]) -> Counter[str]:
    """How many interpreters one group takes from each pool: one for every `interpreter_ratio` people or part of it."""
    needs = Counter(pool for member in members if (pool := _option(member, cell).interpreter) is not None)
    return Counter({pool: -(-need // problem.interpreter_ratio) for pool, need in needs.items()})


def faults(problem: Problem, groups: Sequence[Group]) -> list[str]:
    """Every hard rule that the plan breaks, for developers; empty for a valid plan."""
    return [*_faults_of_groups(problem, groups), *_faults_of_limits(problem, groups)]


def _faults_of_groups(problem: Problem, groups: Sequence[Group]) -> Iterator[str]:
    people = {person.id: person for person in problem.people}
    cell_of = {before.group: before.cell for person in problem.people if (before := person.previous)}
    apart = _apart(problem)
    seats = Counter(member for group in groups for member in group.members)
    yield from (f"{member}: placed twice" for member, count in seats.items() if count > 1)
    continued = Counter(group.continues for group in groups if group.continues is not None)
    yield from (f"{previous}: continued twice" for previous, count in continued.items() if count > 1)
    for number, group in enumerate(groups):
        if not problem.size.min <= len(group.members) <= problem.size.max:
            yield f"group {number}: {len(group.members)} members"
        if group.continues is not None and cell_of.get(group.continues) != group.cell:
            yield f"group {number}: continues a group of another cell"
        for member in group.members:
            if all(option.cell != group.cell for option in people[member].options):
                yield f"group {number}: {member} cannot attend"
        lists = Counter(place for member in group.members for place in apart[member])
        yield from (f"group {number}: kept apart" for count in lists.values() if count > 1)


def _faults_of_limits(problem: Problem, groups: Sequence[Group]) -> Iterator[str]:
    people = {person.id: person for person in problem.people}
    cells = {cell.id: cell for cell in problem.cells}
    opened = Counter(group.cell for group in groups)
    taken: Counter[str] = Counter()
    for group in groups:
        able = [person for member in group.members if _can_attend(person := people[member], group.cell)]
        taken.update(cells[group.cell].uses)
        taken.update(interpreters(problem, group.cell, able))
    if len(groups) > problem.max_groups:
        yield f"{len(groups)} groups in all"
    yield from (f"cell {cell}: {count} groups" for cell, count in opened.items() if count > cells[cell].max_groups)
    yield from (f"pool {pool.id}: {taken[pool.id]} taken" for pool in problem.pools if taken[pool.id] > pool.capacity)


def _option(person: Person, cell: str) -> Option:
    return next(option for option in person.options if option.cell == cell)


def _can_attend(person: Person, cell: str) -> bool:
    return any(option.cell == cell for option in person.options)


def _apart(problem: Problem) -> dict[str, list[int]]:
    """The keep-apart lists of each person, by place."""
    lists: dict[str, list[int]] = {person.id: [] for person in problem.people}
    for place, apart in enumerate(problem.keep_apart):
        for person in apart:
            lists[person].append(place)
    return lists


def _has_moved(person: Person, group: Group) -> bool:
    return person.previous is not None and person.previous.group != group.continues


def _mix_excess(members: Sequence[Person]) -> int:
    labels = Counter(member.mix for member in members if member.mix is not None)
    return sum(max(0, 2 * count - len(members)) for count in labels.values())

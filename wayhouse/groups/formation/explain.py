"""Why a person has no group, in words a coordinator can act on.

Two people who must not meet are never revealed: everything here is computed without `keep_apart`, so that someone
who is kept apart gets word for word what anyone else in the same place would get. Everyone who could attend something
gets the same general reason first, and then what a further group would lack at each option, also where a seat is free:
the absence of words must not tell either. What follows are shortages that would help if they ended:

| code | params | when |
|---|---|---|
| `no_option` | - | nothing on offer fits this person; the only reason then |
| `no_suitable_group` | - | always first otherwise |
| `no_interpreter_left` | pool, people | seats are free at an option, but every interpreter there is taken |
| `groups_full` | cell, most | every group of an option is full |
| `pool_used_up` | pool, cell, people | enough people wait for a group, but a room or facilitators are taken |
| `all_groups_open` | most, cell, people | enough people wait, but no more groups may open in all |
| `cell_has_all_groups` | cell, most, people | enough people wait, but the cell may hold no more groups |
| `too_few_people` | cell, people, least | a group more would need more people than wait for it |

`people` counts those without a group who could come, this person included.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wayhouse.groups.formation.objective import interpreters
from wayhouse.groups.formation.problem import Cell, Option, Person, Problem
from wayhouse.groups.formation.result import Group, Reason, Unplaced

TEXTS = {
    "no_option": "Nothing on offer fits this person's times, language and needs.",
    "no_suitable_group": "No suitable group at these times.",
    "no_interpreter_left": "Every interpreter of {pool} is taken; one more could place people here ({people} waiting).",
    "groups_full": "Every group at {cell} is full ({most} people each).",
    "pool_used_up": "{pool} is used up; one more could open a group at {cell} ({people} waiting).",
    "all_groups_open": "All {most} groups are open; one more could be at {cell} ({people} waiting).",
    "cell_has_all_groups": "{cell} may hold {most} groups; one more could open there ({people} waiting).",
    "too_few_people": "Too few people to open a group at {cell}: {people} waiting, {least} needed.",
}
MOST_REASONS = 6
_USEFUL_FIRST = tuple(TEXTS)


def explain(problem: Problem, groups: Sequence[Group]) -> tuple[Unplaced, ...]:
    """Everyone without a group in a plan without faults, in the order of the problem, with one to six reasons."""
    view = _View.of(replace(problem, keep_apart=()), groups)
    return tuple(
        Unplaced(person.id, tuple(_reasons(view, person))) for person in problem.people if person.id in view.waiting
    )


@dataclass(frozen=True, slots=True)
class _View:
    """What is taken and who waits, without knowing who is kept apart."""

    problem: Problem
    people: dict[str, Person]
    cells: dict[str, Cell]
    groups_of: dict[str, list[Group]]
    left: Counter[str]
    open_groups: int
    waiting: frozenset[str]
    could_come: Counter[str]
    need_interpreter: Counter[str]

    @classmethod
    def of(cls, problem: Problem, groups: Sequence[Group]) -> "_View":
        people = {person.id: person for person in problem.people}
        cells = {cell.id: cell for cell in problem.cells}
        left = Counter({pool.id: pool.capacity for pool in problem.pools})
        groups_of: dict[str, list[Group]] = {}
        for group in groups:
            groups_of.setdefault(group.cell, []).append(group)
            left.subtract(cells[group.cell].uses)
            left.subtract(interpreters(problem, group.cell, [people[member] for member in group.members]))
        waiting = frozenset(people).difference(*(group.members for group in groups))
        could_come = Counter(option.cell for person in waiting for option in people[person].options)
        draws = ({option.interpreter for option in people[person].options} for person in waiting)
        need_interpreter = Counter(pool for pools in draws for pool in pools if pool is not None)
        return cls(problem, people, cells, groups_of, left, len(groups), waiting, could_come, need_interpreter)


def _reasons(view: _View, person: Person) -> list[Reason]:
    if not person.options:
        return [_reason("no_option")]
    found: dict[str, Reason] = {}
    for option in sorted(person.options, key=lambda option: (option.cost, option.cell)):
        for reason in _shortages(view, option):
            found.setdefault(reason.text, reason)
    useful = sorted(found.values(), key=lambda reason: _USEFUL_FIRST.index(reason.code))
    return [_reason("no_suitable_group"), *useful][:MOST_REASONS]


def _shortages(view: _View, option: Option) -> Iterator[Reason]:
    """What stands in the way at one option: seats, an interpreter for a free seat, and what a further group lacks."""
    most = view.problem.size.max
    groups = view.groups_of.get(option.cell, [])
    free = [group for group in groups if len(group.members) < most]
    if free:
        pool = option.interpreter
        if pool is not None and view.left[pool] <= 0 and not any(_has_ear(view, group, pool) for group in free):
            yield _reason("no_interpreter_left", pool=pool, people=view.need_interpreter[pool])
    elif groups:
        yield _reason("groups_full", cell=option.cell, most=most)
    yield from _no_further_group(view, view.cells[option.cell], len(groups))


def _no_further_group(view: _View, cell: Cell, opened: int) -> Iterator[Reason]:
    people, least = view.could_come[cell.id], view.problem.size.min
    used_up = [pool for pool in cell.uses if view.left[pool] <= 0]
    if people < least:
        yield _reason("too_few_people", cell=cell.id, people=people, least=least)
    elif opened >= cell.max_groups:
        yield _reason("cell_has_all_groups", cell=cell.id, most=cell.max_groups, people=people)
    elif used_up:
        yield from (_reason("pool_used_up", pool=pool, cell=cell.id, people=people) for pool in used_up)
    elif view.open_groups >= view.problem.max_groups:
        yield _reason("all_groups_open", most=view.problem.max_groups, cell=cell.id, people=people)


def _has_ear(view: _View, group: Group, pool: str) -> bool:
    """Whether an interpreter who already sits in the group has an ear free for one more person."""
    people = (view.people[member] for member in group.members)
    options = (option for person in people for option in person.options if option.cell == group.cell)
    return sum(option.interpreter == pool for option in options) % view.problem.interpreter_ratio != 0


def _reason(code: str, **params: str | int) -> Reason:
    return Reason(code, params, TEXTS[code].format(**params))

"""Plans that people change: what the hard rules allow, and that nobody who sits in a group is moved."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wayhouse.groups.formation import Group as Circle
from wayhouse.groups.formation import Option, Person, Problem, objective
from wayhouse.groups.forming import is_chair
from wayhouse.groups.locks import is_lock, unlocked

Plan = Sequence[Mapping[str, Any]]


def circles_of(groups: Plan) -> list[Circle]:
    """Groups of a stored plan as the kernel knows them; empty ones are none."""
    return [
        Circle(group["cell"], tuple(group["members"]), group.get("continues")) for group in groups if group["members"]
    ]


def broken_rules(problem: Problem, circles: Sequence[Circle]) -> Counter[str]:
    """The hard rules that a plan breaks. By hand a group may become smaller than the least size of the kernel.

    Somebody whom the problem does not know, or a cell that is gone, breaks one and takes no other rule away: whoever
    is not known still takes a seat.
    """
    known, cells = {person.id for person in problem.people}, {cell.id for cell in problem.cells}
    gone = Counter("no such cell" for circle in circles if circle.cell not in cells)
    there = [circle for circle in circles if circle.cell in cells]
    strangers = [(who, circle.cell) for circle in there for who in circle.members if who not in known]
    people = (*problem.people, *(Person(who, (Option(cell, 0),)) for who, cell in strangers))
    relaxed = replace(problem, size=replace(problem.size, min=1), people=people)
    unknown = Counter(f"{who}: not to be placed" for who, _cell in strangers)
    return gone + unknown + Counter(objective.faults(relaxed, there))


def is_open(problem: Problem, circles: Sequence[Circle], who: str) -> bool:
    """Whether somebody sits nowhere in a plan but where the problem knows both them and the cell."""
    known, cells = {person.id for person in problem.people}, {cell.id for cell in problem.cells}
    return all(who in known and circle.cell in cells for circle in circles if who in circle.members)


def allows(problem: Problem, before: Sequence[Circle], after: Sequence[Circle]) -> bool:
    """Whether a change breaks no hard rule that was not broken before."""
    return broken_rules(problem, after) <= broken_rules(problem, before)


def keep_seated(problem: Problem, circles: Sequence[Circle]) -> list[Circle]:
    """The same plan with everybody in the group where they sit; who then finds no room there waits.

    The kernel may take one person's seat for another where both count alike. People are not moved for a plan.
    """
    own: dict[str, list[str]] = {}
    for person in problem.people:
        if person.previous and not is_chair(person.id):
            own.setdefault(person.previous.group, []).append(person.id)
    planned = {circle.cell: circle for circle in circles}
    kept = [circle for circle in circles if circle.cell not in own]
    for home, seated in own.items():
        circle = planned.get(home)
        if circle is not None and set(seated) <= set(circle.members):
            kept.append(circle)
            continue
        whole = _refilled(problem, Circle(home, tuple(seated), home), circle.members if circle else ())
        if not is_lock(home) or not broken_rules(problem, [*kept, whole]):
            kept.append(whole)
        elif circle is not None:
            kept.append(circle)
    return kept


def parts_of(problem: Problem, circles: Sequence[Circle]) -> dict[str, int] | None:
    """What a plan costs, part by part (`formation/objective.py`); None where it breaks a rule."""
    chairs: dict[str, list[str]] = {}
    for person in problem.people:
        if is_chair(person.id) and person.previous:
            chairs.setdefault(person.previous.cell, []).append(person.id)
    seated = [replace(circle, members=(*circle.members, *chairs.get(circle.cell, ()))) for circle in circles]
    return None if broken_rules(problem, seated) else objective.evaluate(problem, seated)


def without_chairs(circles: Iterable[Circle]) -> list[dict[str, Any]]:
    """Groups as a plan stores them, with people only."""
    return [
        {
            "cell": unlocked(circle.cell),
            "members": [member for member in circle.members if not is_chair(member)],
            "continues": None if is_lock(circle.continues) else circle.continues,
        }
        for circle in circles
    ]


def _refilled(problem: Problem, circle: Circle, guests: Iterable[str]) -> Circle:
    for guest in guests:
        wider = replace(circle, members=(*circle.members, guest))
        if guest not in circle.members and allows(problem, [circle], [wider]):
            circle = wider
    return circle

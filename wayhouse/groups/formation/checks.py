"""What a problem must hold beyond its types: ranges, order, no duplicates, known references, sane amounts.

Every fault is a `ProblemError` with its path. The limits keep sums within 2**53, which every JSON reader and
the solver hold exactly, and refuse input that no organisation has.
"""

from collections.abc import Iterable, Sized
from typing import TYPE_CHECKING

from wayhouse.groups.formation.reading import ProblemError, short

if TYPE_CHECKING:
    from wayhouse.groups.formation.problem import Person, Problem

MOST_PEOPLE = 50_000
MOST_CELLS = 50_000
MOST_POOLS = 100_000
MOST_OPTIONS = 5_000_000
MOST_KEEP_APART = 100_000
MOST_IN_GROUP = 1_000
MOST_OF_ANYTHING = 1_000_000
LONGEST_TEXT = 200
FEWEST_KEPT_APART = 2


def check(problem: "Problem") -> None:
    """Refuse a problem that contradicts itself. Error: `ProblemError`."""
    _amounts(problem)
    _sizes(problem)
    _numbers(problem)
    pools = _identifiers("pools", (pool.id for pool in problem.pools))
    cells = _identifiers("cells", (cell.id for cell in problem.cells))
    people = _identifiers("people", (person.id for person in problem.people))
    _cells(problem, pools)
    for place, person in enumerate(problem.people):
        _person(person, f"people[{place}]", cells, pools)
    _previous(problem, cells)
    _keep_apart(problem, people)


def _amounts(problem: "Problem") -> None:
    _at_most("people", problem.people, MOST_PEOPLE)
    _at_most("cells", problem.cells, MOST_CELLS)
    _at_most("pools", problem.pools, MOST_POOLS)
    _at_most("keep_apart", problem.keep_apart, MOST_KEEP_APART)
    if sum(len(person.options) for person in problem.people) > MOST_OPTIONS:
        raise ProblemError("people", f"more than {MOST_OPTIONS} options in all")


def _sizes(problem: "Problem") -> None:
    size = problem.size
    _between("size.min", size.min, 1, MOST_IN_GROUP)
    _between("size.target", size.target, 1, MOST_IN_GROUP)
    _between("size.max", size.max, 1, MOST_IN_GROUP)
    if size.target < size.min:
        raise ProblemError("size.target", "is less than size.min")
    if size.max < size.target:
        raise ProblemError("size.max", "is less than size.target")


def _numbers(problem: "Problem") -> None:
    _between("max_groups", problem.max_groups, 0, MOST_OF_ANYTHING)
    _between("interpreter_ratio", problem.interpreter_ratio, 1, MOST_IN_GROUP)
    for name in problem.weights.__slots__:
        _between(f"weights.{name}", getattr(problem.weights, name), 0, MOST_OF_ANYTHING)
    for place, pool in enumerate(problem.pools):
        _between(f"pools[{place}].capacity", pool.capacity, 0, MOST_OF_ANYTHING)


def _cells(problem: "Problem", pools: frozenset[str]) -> None:
    for place, cell in enumerate(problem.cells):
        _between(f"cells[{place}].max_groups", cell.max_groups, 0, MOST_OF_ANYTHING)
        _once(f"cells[{place}].uses", cell.uses)
        for use, pool in enumerate(cell.uses):
            _known(f"cells[{place}].uses[{use}]", pool, "pool", pools)


def _person(person: "Person", path: str, cells: frozenset[str], pools: frozenset[str]) -> None:
    if person.mix is not None:
        _text(f"{path}.mix", person.mix)
    seen: set[str] = set()
    for place, option in enumerate(person.options):
        here = f"{path}.options[{place}]"
        _known(f"{here}.cell", option.cell, "cell", cells)
        if option.cell in seen:
            raise ProblemError(f"{here}.cell", f"{short(option.cell)} is there twice")
        seen.add(option.cell)
        _between(f"{here}.cost", option.cost, 0, MOST_OF_ANYTHING)
        if option.interpreter is not None:
            _known(f"{here}.interpreter", option.interpreter, "pool", pools)


def _previous(problem: "Problem", cells: frozenset[str]) -> None:
    cell_of: dict[str, str] = {}
    for place, person in enumerate(problem.people):
        if (before := person.previous) is None:
            continue
        path = f"people[{place}].previous"
        _known(f"{path}.cell", before.cell, "cell", cells)
        _text(f"{path}.group", before.group)
        if cell_of.setdefault(before.group, before.cell) != before.cell:
            raise ProblemError(f"{path}.cell", f"the group {short(before.group)} is in another cell elsewhere")


def _keep_apart(problem: "Problem", people: frozenset[str]) -> None:
    for place, apart in enumerate(problem.keep_apart):
        if len(apart) < FEWEST_KEPT_APART:
            raise ProblemError(f"keep_apart[{place}]", "needs two people or more")
        _once(f"keep_apart[{place}]", apart)
        for who, person in enumerate(apart):
            _known(f"keep_apart[{place}][{who}]", person, "person", people)


def _identifiers(name: str, identifiers: Iterable[str]) -> frozenset[str]:
    """The identifiers as a set, each a text of reasonable length and there once."""
    seen: set[str] = set()
    for place, identifier in enumerate(identifiers):
        path = f"{name}[{place}].id"
        _text(path, identifier)
        if identifier in seen:
            raise ProblemError(path, f"{short(identifier)} is there twice")
        seen.add(identifier)
    return frozenset(seen)


def _once(path: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            raise ProblemError(f"{path}[{place}]", f"{short(name)} is there twice")
        seen.add(name)


def _text(path: str, text: str) -> None:
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise ProblemError(path, f"must be a text of 1 to {LONGEST_TEXT} characters")


def _between(path: str, number: int, low: int, high: int) -> None:
    if not low <= number <= high:
        raise ProblemError(path, f"must be between {low} and {high}")


def _at_most(path: str, things: Sized, most: int) -> None:
    if len(things) > most:
        raise ProblemError(path, f"more than {most}")


def _known(path: str, name: str, kind: str, known: frozenset[str]) -> None:
    if name not in known:
        raise ProblemError(path, f"an unknown {kind} {short(name)}")

"""What a problem must hold beyond its types: ranges, no duplicates, known references, sane amounts.

Every fault is a `ProblemError` with its path. The limits keep sums within 2**53, which every JSON reader and
the solver hold exactly, and refuse input that no organisation has.
"""

from collections.abc import Iterable, Sized
from typing import TYPE_CHECKING

from wayhouse.groups.formation.reading import ProblemError, short

if TYPE_CHECKING:
    from wayhouse.meetings.rota.problem import Group, Problem, Staff

MOST_WEEKS = 104
MOST_GROUPS = 5_000
MOST_STAFF = 20_000
MOST_SHIFTS = 5_000_000  # options x weeks
MOST_KEEP_APART = 100_000
MOST_LOCKED = 100_000
MOST_IN_A_ROLE = 20
MOST_OF_ANYTHING = 1_000_000
LONGEST_TEXT = 200
ROLES = frozenset(("facilitator", "mentor"))


def check(problem: "Problem") -> None:
    """Refuse a problem that contradicts itself. Error: `ProblemError`."""
    _amounts(problem)
    groups = _identifiers("groups", (group.id for group in problem.groups))
    staff = _identifiers("staff", (person.id for person in problem.staff))
    for place, group in enumerate(problem.groups):
        _group(group, f"groups[{place}]")
    for place, person in enumerate(problem.staff):
        _person(person, f"staff[{place}]", problem.weeks, groups)
    for name in problem.weights.__slots__:
        _between(f"weights.{name}", getattr(problem.weights, name), 0, MOST_OF_ANYTHING)
    _keep_apart(problem, staff)
    _running(problem, groups, staff)
    _locked(problem, groups, staff)


def _amounts(problem: "Problem") -> None:
    _between("weeks", problem.weeks, 1, MOST_WEEKS)
    _between("max_consecutive_weeks", problem.max_consecutive_weeks, 1, MOST_WEEKS)
    _between("fixed_weeks", problem.fixed_weeks, 0, problem.weeks)
    _at_most("groups", problem.groups, MOST_GROUPS)
    _at_most("staff", problem.staff, MOST_STAFF)
    _at_most("keep_apart", problem.keep_apart, MOST_KEEP_APART)
    if problem.weeks * sum(len(person.options) for person in problem.staff) > MOST_SHIFTS:
        raise ProblemError("staff", f"more than {MOST_SHIFTS} options times weeks")


def _group(group: "Group", path: str) -> None:
    _text(f"{path}.slot", group.slot)
    _between(f"{path}.intensity", group.intensity, 0, MOST_OF_ANYTHING)
    _between(f"{path}.facilitators", group.facilitators, 0, MOST_IN_A_ROLE)
    _between(f"{path}.mentors", group.mentors, 0, MOST_IN_A_ROLE)


def _person(person: "Staff", path: str, weeks: int, groups: frozenset[str]) -> None:
    if person.role not in ROLES:
        raise ProblemError(f"{path}.role", "must be facilitator or mentor")
    for name in ("max_per_week", "max_per_4_weeks", "intensity_per_4_weeks", "target"):
        _between(f"{path}.{name}", getattr(person, name), 0, MOST_OF_ANYTHING)
    for place, week in enumerate(person.away):
        _between(f"{path}.away[{place}]", week, 1, weeks)
    _once(f"{path}.away", person.away)
    seen: set[str] = set()
    for place, option in enumerate(person.options):
        here = f"{path}.options[{place}]"
        _known(f"{here}.group", option.group, "group", groups)
        if option.group in seen:
            raise ProblemError(f"{here}.group", f"{short(option.group)} is there twice")
        seen.add(option.group)
        _between(f"{here}.cost", option.cost, 0, MOST_OF_ANYTHING)


def _keep_apart(problem: "Problem", staff: frozenset[str]) -> None:
    for place, apart in enumerate(problem.keep_apart):
        if len(apart) < 2:  # noqa: PLR2004  a pair
            raise ProblemError(f"keep_apart[{place}]", "needs two people or more")
        _once(f"keep_apart[{place}]", apart)
        for who, person in enumerate(apart):
            _known(f"keep_apart[{place}][{who}]", person, "member of staff", staff)


def _running(problem: "Problem", groups: frozenset[str], staff: frozenset[str]) -> None:
    for group, weeks in problem.running.items():
        _known("running", group, "group", groups)
        if len(weeks) > problem.weeks:
            raise ProblemError(f"running.{group}", f"more than {problem.weeks} weeks")
        for place, people in enumerate(weeks):
            _once(f"running.{group}[{place}]", people or ())
            for who, person in enumerate(people or ()):
                _known(f"running.{group}[{place}][{who}]", person, "member of staff", staff)


def _locked(problem: "Problem", groups: frozenset[str], staff: frozenset[str]) -> None:
    _at_most("locked", problem.locked, MOST_LOCKED)
    for place, shift in enumerate(problem.locked):
        _known(f"locked[{place}].group", shift.group, "group", groups)
        _known(f"locked[{place}].staff", shift.staff, "member of staff", staff)
        _between(f"locked[{place}].week", shift.week, 1, problem.weeks)
    _once("locked", [f"{shift.group} {shift.week} {shift.staff}" for shift in problem.locked])


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


def _once(path: str, things: Iterable[str | int]) -> None:
    seen: set[str | int] = set()
    for place, thing in enumerate(things):
        if thing in seen:
            raise ProblemError(f"{path}[{place}]", f"{short(thing)} is there twice")
        seen.add(thing)


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

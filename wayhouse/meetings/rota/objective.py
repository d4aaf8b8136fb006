"""The price of a rota and its faults, from the problem and the meetings alone: no solver, no shared state.

This is the only place that says what a rota costs; the solver is held to it by every result and by tests.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from wayhouse.meetings.rota.problem import Group, Problem, Staff
from wayhouse.meetings.rota.result import Meeting

PARTS = ("uncovered", "second_mentor", "no_familiar_face", "new_face", "fairness", "options", "changed")
SPAN = 4  # weeks over which meetings and intensity are limited

At = Mapping[tuple[str, int], Sequence[str]]


class Shortage(NamedTuple):
    """What a meeting lacks: facilitators, any mentor at all, mentors."""

    facilitators: bool
    any_mentor: bool
    mentors: bool


def shortage(group: Group, people: Iterable[Staff]) -> Shortage:
    """What a meeting of this group led by these people lacks."""
    roles = Counter(person.role for person in people)
    return Shortage(
        roles["facilitator"] < group.facilitators,
        roles["mentor"] == 0,
        roles["mentor"] < group.mentors,
    )


def evaluate(problem: Problem, meetings: Sequence[Meeting]) -> dict[str, int]:
    """The parts of the objective by name (`PARTS`, and `unlocked` where shifts are locked).

    A meeting that is not listed has nobody.
    """
    at = _by_place(meetings)
    staff = {person.id: person for person in problem.staff}
    parts = dict.fromkeys(PARTS, 0)
    for group in problem.groups:
        before: Sequence[str] | None = None
        for week in range(1, problem.weeks + 1):
            here = at.get((group.id, week), ())
            missing = shortage(group, (staff[person] for person in here))
            parts["uncovered"] += missing.facilitators + missing.any_mentor
            parts["second_mentor"] += missing.mentors
            parts["no_familiar_face"] += before is not None and not set(here) & set(before)
            parts["changed"] += _changes(problem, group.id, week, here)
            before = here
    served = [(person, group) for (group, _), people in at.items() for person in people]
    loads = Counter(person for person, _ in served)
    parts["new_face"] = len(set(served))
    parts["fairness"] = sum(max(0, abs(loads[person.id] - person.target) - 1) for person in problem.staff)
    weighted = {name: count * getattr(problem.weights, name, 1) for name, count in parts.items()}
    cost = {(person.id, option.group): option.cost for person in problem.staff for option in person.options}
    of_locks = {"unlocked": problem.weights.unlocked * _unlocked(problem, at)} if problem.locked else {}
    return weighted | {"options": sum(cost.get(pair, 0) for pair in served)} | of_locks


def _unlocked(problem: Problem, at: At) -> int:
    """How many shifts ahead that were to stay are missing."""
    ahead = (shift for shift in problem.locked if shift.week > problem.fixed_weeks)
    return sum(shift.staff not in at.get((shift.group, shift.week), ()) for shift in ahead)


def count_unstaffed(problem: Problem, meetings: Sequence[Meeting]) -> int:
    """How many meetings ahead have fewer facilitators than wanted, or no mentor."""
    at = _by_place(meetings)
    staff = {person.id: person for person in problem.staff}
    ahead = range(problem.fixed_weeks + 1, problem.weeks + 1)
    teams = ((group, at.get((group.id, week), ())) for group in problem.groups for week in ahead)
    shortages = (shortage(group, (staff[person] for person in here)) for group, here in teams)
    return sum(missing.facilitators or missing.any_mentor for missing in shortages)


def faults(problem: Problem, meetings: Sequence[Meeting]) -> list[str]:
    """Every hard rule that the rota breaks, for developers; empty for a valid rota. Its people are of the problem.

    What happened in the weeks that have passed is not judged, but it counts in every span of weeks that reaches on.
    """
    at = _by_place(meetings)
    listed = Counter((meeting.group, meeting.week) for meeting in meetings)
    doubled = [f"{group} week {week}: listed twice" for (group, week), count in listed.items() if count > 1]
    return [*doubled, *_faults_of_meetings(problem, at), *_faults_of_staff(problem, at)]


def _by_place(meetings: Iterable[Meeting]) -> At:
    return {(meeting.group, meeting.week): meeting.staff for meeting in meetings}


def _announced(problem: Problem, group: str, week: int) -> tuple[str, ...] | None:
    weeks = problem.running.get(group, ())
    return weeks[week - 1] if week <= len(weeks) else None


def _changes(problem: Problem, group: str, week: int, here: Sequence[str]) -> int:
    announced = _announced(problem, group, week)
    return 0 if announced is None else len(set(announced) ^ set(here))


def _faults_of_meetings(problem: Problem, at: At) -> Iterator[str]:
    groups = {group.id: group for group in problem.groups}
    staff = {person.id: person for person in problem.staff}
    apart = {frozenset(pair) for people in problem.keep_apart for pair in combinations(people, 2)}
    for group in groups:
        for week in range(1, problem.fixed_weeks + 1):
            if set(at.get((group, week), ())) != set(_announced(problem, group, week) or ()):
                yield f"{group} week {week}: has passed"
    for (group, week), here in at.items():
        if group not in groups or not 1 <= week <= problem.weeks:
            yield f"{group} week {week}: no such meeting"
        elif week > problem.fixed_weeks:
            broken = _faults_of_meeting(groups[group], week, [staff[person] for person in here], apart)
            yield from (f"{group} week {week}: {fault}" for fault in broken)


def _faults_of_meeting(group: Group, week: int, here: list[Staff], apart: set[frozenset[str]]) -> Iterator[str]:
    roles = Counter(person.role for person in here)
    if roles["facilitator"] > group.facilitators or roles["mentor"] > group.mentors:
        yield "roles"
    if len({person.id for person in here}) < len(here):
        yield "somebody twice"
    for person in here:
        if all(option.group != group.id for option in person.options):
            yield f"{person.id} may not serve"
        if week in person.away:
            yield f"{person.id} is away"
    yield from ("kept apart" for one, other in combinations(here, 2) if frozenset((one.id, other.id)) in apart)


def _faults_of_staff(problem: Problem, at: At) -> Iterator[str]:
    served: dict[str, list[tuple[int, Group]]] = {person.id: [] for person in problem.staff}
    groups = {group.id: group for group in problem.groups}
    for (group, week), here in at.items():
        for name in here if group in groups else ():
            served[name].append((week, groups[group]))
    for person in problem.staff:
        yield from (f"{person.id}: {fault}" for fault in _faults_of_person(problem, person, served[person.id]))


def _faults_of_person(problem: Problem, person: Staff, served: list[tuple[int, Group]]) -> Iterator[str]:
    load = Counter(week for week, _ in served)
    heavy = Counter[int]()
    for week, group in served:
        heavy[week] += group.intensity
    slots = Counter((week, group.slot) for week, group in served)
    ahead = {week for week in load if week > problem.fixed_weeks}
    yield from (f"twice in one slot, week {week}" for (week, _), many in slots.items() if many > 1 and week in ahead)
    yield from (f"meetings in week {week}" for week in ahead if load[week] > person.max_per_week)
    for span in _spans(problem.weeks, SPAN):
        if ahead.isdisjoint(span):
            continue
        if sum(load[week] for week in span) > person.max_per_4_weeks:
            yield f"meetings in four weeks from {span[0]}"
        if sum(heavy[week] for week in span) > person.intensity_per_4_weeks:
            yield f"intensity in four weeks from {span[0]}"
    for span in _spans(problem.weeks, problem.max_consecutive_weeks + 1):
        if not ahead.isdisjoint(span) and all(load[week] for week in span):
            yield f"no rest from week {span[0]}"


def _spans(weeks: int, length: int) -> list[range]:
    """Every stretch of so many weeks within the cycle; a shorter cycle has none."""
    return [range(start, start + length) for start in range(1, weeks - length + 2)]

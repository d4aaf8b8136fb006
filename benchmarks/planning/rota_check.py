"""An independent check of a rota: hard rules and price from the JSON forms alone, without any code of the kernel."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

Json = dict[str, Any]

SPAN = 4


def check(problem: Json, result: Json) -> tuple[list[str], dict[str, int]]:
    """The hard rules that a result breaks, and the parts of its price, both from the JSON forms alone.

    What happened in weeks that have passed is not judged, but counts in every span that reaches on.
    """
    rota = {(meeting["group"], meeting["week"]): meeting["staff"] for meeting in result["meetings"]}
    broken = ["a meeting twice"] if len(rota) < len(result["meetings"]) else []
    parts: Counter[str] = Counter()
    staff = {person["id"]: person for person in problem["staff"]}
    for group in problem["groups"]:
        for week in range(1, problem["weeks"] + 1):
            here = rota.get((group["id"], week), [])
            broken += _broken_at(problem, staff, (group, week), here)
            parts.update(_parts_at(problem, staff, (group, week), here, rota.get((group["id"], week - 1), [])))
    served: dict[str, list[tuple[int, Json]]] = defaultdict(list)
    groups = {group["id"]: group for group in problem["groups"]}
    for (group_id, week), here in rota.items():
        for person in here:
            served[person].append((week, groups[group_id]))
    faces = {(person, group["id"]) for person, meetings in served.items() for _, group in meetings}
    parts["new_face"] = problem["weights"]["new_face"] * len(faces)
    for person in problem["staff"]:
        meetings = served[person["id"]]
        broken += [f"{person['id']}: {what}" for what in _overload(problem, person, meetings)]
        parts["fairness"] += problem["weights"]["fairness"] * max(0, abs(len(meetings) - person["target"]) - 1)
    return broken, dict(parts)


def _broken_at(problem: Json, staff: Json, at: tuple[Json, int], here: Sequence[str]) -> Iterator[str]:
    """Rules broken at one meeting."""
    group, week = at
    place = f"{group['id']} week {week}"
    if week <= problem["fixed_weeks"]:
        announced = problem["running"].get(group["id"], [])[week - 1 : week]
        if sorted(here) != sorted((announced and announced[0]) or []):
            yield f"{place}: has passed"
        return
    roles = Counter(staff[person]["role"] for person in here)
    if roles["facilitator"] > group["facilitators"] or roles["mentor"] > group["mentors"]:
        yield f"{place}: too many"
    if len(set(here)) < len(here):
        yield f"{place}: somebody twice"
    for person in here:
        if week in staff[person]["away"]:
            yield f"{place}: {person} is away"
        if group["id"] not in {option["group"] for option in staff[person]["options"]}:
            yield f"{place}: {person} may not serve"
    yield from (f"{place}: must not meet" for apart in problem["keep_apart"] if len(set(apart) & set(here)) > 1)


def _parts_at(
    problem: Json, staff: Json, at: tuple[Json, int], here: Sequence[str], before: Sequence[str]
) -> dict[str, int]:
    """What one meeting costs."""
    (group, week), weights = at, problem["weights"]
    roles = Counter(staff[person]["role"] for person in here)
    announced = (problem["running"].get(group["id"], [])[week - 1 : week] or [None])[0]
    costs = (option for person in here for option in staff[person]["options"] if option["group"] == group["id"])
    return {
        "uncovered": weights["uncovered"] * ((roles["facilitator"] < group["facilitators"]) + (not roles["mentor"])),
        "second_mentor": weights["second_mentor"] * (roles["mentor"] < group["mentors"]),
        "no_familiar_face": weights["no_familiar_face"] * (week > 1 and not set(here) & set(before)),
        "options": sum(option["cost"] for option in costs),
        "changed": weights["changed"] * (0 if announced is None else len(set(announced) ^ set(here))),
        "unlocked": weights.get("unlocked", 0) * len(_locked(problem, group["id"], week) - set(here)),
    }


def _locked(problem: Json, group: str, week: int) -> set[str]:
    """Who is to stay at a meeting ahead."""
    if week <= problem["fixed_weeks"]:
        return set()
    locked = problem.get("locked", [])
    return {shift["staff"] for shift in locked if (shift["group"], shift["week"]) == (group, week)}


def _overload(problem: Json, person: Json, meetings: Sequence[tuple[int, Json]]) -> Iterator[str]:
    """Limits of one person that are broken in weeks ahead."""
    ahead = {week for week, _ in meetings if week > problem["fixed_weeks"]}
    loads, heavy = Counter(week for week, _ in meetings), Counter[int]()
    for week, group in meetings:
        heavy[week] += group["intensity"]
    slots = Counter((week, group["slot"]) for week, group in meetings)
    yield from (f"two groups at once in week {week}" for (week, _), many in slots.items() if many > 1 and week in ahead)
    yield from (f"week {week}" for week in ahead if loads[week] > person["max_per_week"])
    for first in range(1, problem["weeks"] - SPAN + 2):
        span = range(first, first + SPAN)
        if ahead & set(span) and sum(loads[week] for week in span) > person["max_per_4_weeks"]:
            yield f"meetings from week {first}"
        if ahead & set(span) and sum(heavy[week] for week in span) > person["intensity_per_4_weeks"]:
            yield f"intensity from week {first}"
    length = problem["max_consecutive_weeks"] + 1
    for first in range(1, problem["weeks"] - length + 2):
        run = set(range(first, first + length))
        if run & ahead and run <= set(loads):
            yield f"no rest from week {first}"

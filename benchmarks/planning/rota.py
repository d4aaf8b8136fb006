"""The rota measured: realistic invented problems by seed, and a table of results.

    python -m benchmarks.planning.rota 5 20 50 --weeks 12 --time-limit 60

The towns, times and people are made up; the same size and seed always give the same problem. Each
result goes through the independent check (`rota_check.py`).
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.planning.rota_check import Json, check

__all__ = ["Json", "check", "generate", "main", "running"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = {"morning": 1, "afternoon": 1, "evening": 4}
SLOTS = {f"{day}-{part}": weight for day in DAYS for part, weight in PARTS.items()}
LANGUAGES = {"en": 0.75, "ar": 0.08, "so": 0.06, "ur": 0.06, "pl": 0.05}
GROUPS_IN_TOWN = 12
ABLE = {"facilitator": 6, "mentor": 10}  # an organisation opens a group that so many people could serve
WANTED = {"facilitator": 1, "mentor": 2}
SPAN = 4


@dataclass(frozen=True)
class Circle:
    """An invented group: where (None: online), when, in which language, how heavy its evenings are."""

    id: str
    town: int | None
    slot: str
    language: str
    intensity: int


@dataclass
class Helper:
    """An invented facilitator or mentor: where, when, in which languages, how often."""

    id: str
    role: str
    town: int
    online: bool
    slots: set[str]
    usual: set[str]
    languages: set[str]
    a_week: int
    away: set[int] = field(default_factory=set)


def generate(groups: int, weeks: int = 12, seed: int = 1) -> Json:
    """A problem in its JSON form with so many groups and about three people for each."""
    rng = random.Random(f"{groups}x{weeks}/{seed}")
    towns = max(1, round(groups / GROUPS_IN_TOWN))
    circles = [_circle(rng, number, towns) for number in range(groups)]
    helpers = [
        _helper(rng, f"{role[0]}{number}", role, circles, number % towns, weeks)
        for role, wanted in WANTED.items()
        for number in range(round(1.15 * wanted * groups) + 3)
    ]
    for circle in circles:
        _persuade(rng, circle, helpers)
    return {
        "weeks": weeks,
        "max_consecutive_weeks": 4,
        "groups": [
            {
                "id": circle.id,
                "slot": circle.slot,
                "intensity": circle.intensity,
                "facilitators": WANTED["facilitator"],
                "mentors": WANTED["mentor"],
            }
            for circle in circles
        ],
        "staff": [_staff(rng, helper, circles, helpers, weeks) for helper in helpers],
        "keep_apart": [
            sorted(helper.id for helper in rng.sample(helpers, rng.choice((2, 2, 3)))) for _ in range(groups // 3)
        ],
        "running": {},
        "fixed_weeks": 0,
        "weights": {
            "uncovered": 1000, "second_mentor": 20, "no_familiar_face": 200,
            "new_face": 6, "fairness": 4, "changed": 30,
        },
    }  # fmt: skip


def running(problem: Json, result: Json, fixed_weeks: int, leaves: Sequence[str] = ()) -> Json:
    """The problem after a rota was announced and some weeks have passed, when some people leave."""
    announced: dict[str, list[list[str]]] = {group["id"]: [[]] * problem["weeks"] for group in problem["groups"]}
    for meeting in result["meetings"]:
        announced[meeting["group"]][meeting["week"] - 1] = meeting["staff"]
    ahead = range(fixed_weeks + 1, problem["weeks"] + 1)
    staff = [
        {**person, "away": sorted({*person["away"], *ahead})} if person["id"] in leaves else person
        for person in problem["staff"]
    ]
    return {**problem, "staff": staff, "running": announced, "fixed_weeks": fixed_weeks}


def _circle(rng: random.Random, number: int, towns: int) -> Circle:
    return Circle(
        id=f"g{number}",
        town=None if rng.random() < 0.15 else number % towns,
        slot=rng.choices(list(SLOTS), list(SLOTS.values()))[0],
        language=rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0],
        intensity=rng.choices((1, 2, 3), (0.5, 0.35, 0.15))[0],
    )


def _helper(rng: random.Random, name: str, role: str, circles: Sequence[Circle], town: int, weeks: int) -> Helper:
    """Somebody who is free when groups near them meet, and at some other times."""
    near = [circle.slot for circle in circles if circle.town in (town, None)] or list(SLOTS)
    slots = {*rng.choices(near, k=rng.randint(2, 5)), *rng.choices(list(SLOTS), list(SLOTS.values()), k=2)}
    helper = Helper(
        id=name,
        role=role,
        town=town,
        online=rng.random() < 0.7,
        slots=slots,
        usual={slot for slot in sorted(slots) if rng.random() < 0.5},
        languages={"en", rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]},
        a_week=rng.choices((1, 2, 3), (0.25, 0.5, 0.25))[0],
    )
    for _ in range(rng.randint(0, 1 + weeks // 10)):
        first = rng.randint(1, weeks)
        helper.away.update(range(first, min(weeks, first + rng.randint(0, 1)) + 1))
    if rng.random() < 0.1:
        helper.away.update(range(rng.randint(weeks // 2 + 1, weeks), weeks + 1))
    return helper


def _fits(helper: Helper, circle: Circle) -> bool:
    near = helper.online if circle.town is None else helper.town == circle.town
    return near and circle.slot in helper.slots and circle.language in helper.languages


def _persuade(rng: random.Random, circle: Circle, helpers: Sequence[Helper]) -> None:
    """Find enough people for a group: others who live near learn its hour and language."""
    for role, enough in ABLE.items():
        able = [helper for helper in helpers if helper.role == role and _fits(helper, circle)]
        others = [helper for helper in helpers if helper.role == role and helper not in able]
        rng.shuffle(others)
        others.sort(key=lambda helper: circle.town is not None and helper.town != circle.town)
        for helper in others[: max(0, enough - len(able))]:
            helper.slots.add(circle.slot)
            helper.languages.add(circle.language)
            helper.online = helper.online or circle.town is None


def _staff(
    rng: random.Random, helper: Helper, circles: Sequence[Circle], helpers: Sequence[Helper], weeks: int
) -> Json:
    """The JSON form, with a fair number of meetings by how often everybody of the role can come."""
    most = min(3 * helper.a_week, 8)
    given = sum(min(3 * other.a_week, 8) for other in helpers if other.role == helper.role)
    share = WANTED[helper.role] * len(circles) * weeks * most / given
    here = 1 - len(helper.away) / weeks
    return {
        "id": helper.id,
        "role": helper.role,
        "max_per_week": helper.a_week,
        "max_per_4_weeks": most,
        "intensity_per_4_weeks": 6 if helper.a_week == 1 else 14,
        "target": min(round(share * here), most * weeks // SPAN),
        "away": sorted(helper.away),
        "options": [
            {"group": circle.id, "cost": (0 if circle.slot in helper.usual else 1) + rng.randint(0, 2)}
            for circle in circles
            if _fits(helper, circle)
        ],
    }


def main() -> None:
    """Print how long each size takes, how far the rota can be from the best, and what a change takes."""
    from wayhouse.meetings.rota import Problem, solve
    from wayhouse.meetings.rota.greedy import greedy
    from wayhouse.meetings.rota.objective import evaluate
    from wayhouse.meetings.rota.tables import Tables

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", type=int, nargs="*", default=[5, 20, 50])
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    solve(Problem.from_json(generate(2)), time_limit=1)  # loads OR-Tools and HiGHS, once for all sizes
    print(
        "groups x weeks | shifts | by hand | rota | bound | gap | unstaffed | seconds (CPU)"
        " | somebody leaves: changes, seconds (CPU) | somebody is ill: touched, seconds"
    )
    for groups in words.groups:
        raw = generate(groups, words.weeks, words.seed)
        problem = Problem.from_json(raw)
        tables = Tables.of(problem)
        by_hand = sum(evaluate(problem, greedy(tables).meetings()).values())
        start = time.process_time()
        result = solve(problem, time_limit=words.time_limit)
        broken, parts = check(raw, result.to_json())
        if broken or sum(parts.values()) != result.objective:
            raise RuntimeError("; ".join(broken) or "a wrong price")
        took = f"{result.seconds:.1f} ({time.process_time() - start:.1f})"
        size, share = f"{groups} x {words.weeks}", f"{result.gap:.2%}"
        row = [size, tables.shifts, by_hand, result.objective, result.bound, share, len(result.unstaffed), took]
        print(*row, _leaving(raw, result.to_json(), words.time_limit), _ill(problem, result), sep=" | ", flush=True)


def _leaving(raw: Json, result: Json, time_limit: float) -> str:
    """Whoever leads most leaves after a third of the cycle: changed shifts of others, and time."""
    from wayhouse.meetings.rota import Problem, solve

    after = raw["weeks"] // 3
    ahead = [person for meeting in result["meetings"] if meeting["week"] > after for person in meeting["staff"]]
    if not ahead:
        return "-"
    busiest, lost = Counter(ahead).most_common(1)[0]
    again = solve(Problem.from_json(running(raw, result, after, [busiest])), time_limit=time_limit)
    changes = again.parts["changed"] // raw["weights"]["changed"] - lost
    return f"{changes} for {lost}, {again.seconds:.1f}"


def _ill(problem: Any, result: Any) -> str:
    """Each shift of one week is cancelled in turn: the most people touched, and the longest time."""
    from wayhouse.meetings.rota import cover

    touched, longest = 0, 0.0
    for meeting in result.meetings:
        for person in meeting.staff if meeting.week == problem.weeks // 2 else ():
            start = time.monotonic()
            change = cover(problem, result.meetings, meeting.group, meeting.week, person)
            longest = max(longest, time.monotonic() - start)
            touched = max(touched, len({shift.staff for shift in change.comes + change.goes} - {person}))
    return f"{touched}, {longest:.2f}"


if __name__ == "__main__":
    main()

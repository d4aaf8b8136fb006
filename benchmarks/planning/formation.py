"""Group formation measured: realistic invented problems by seed, an independent check, and a table of results.

    python -m benchmarks.planning.formation 50 200 500 --time-limit 60

The towns, times and needs are made up; the same size and seed always give the same problem. The check recomputes
hard rules and price from the JSON forms alone and shares no code with the kernel.
"""

import argparse
import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SLOTS = tuple(f"{day}-{part}" for day in DAYS for part in ("morning", "afternoon", "evening"))
LANGUAGES = {"en": 0.6, "ar": 0.12, "so": 0.08, "ur": 0.07, "fr": 0.07, "pl": 0.06}
FARTHEST_KM = 15.0
SECOND_LANGUAGE, UNUSUAL_TIME, NO_WISH, KM, WITH_INTERPRETER = 4, 6, 8, 2, 10
# How likely somebody is free: by day worker, shift worker, carer, student, flexible; morning, afternoon, evening.
RHYTHMS = ((0.05, 0.05, 0.55), (0.2, 0.2, 0.2), (0.6, 0.2, 0.05), (0.1, 0.3, 0.5), (0.5, 0.5, 0.5))
RHYTHM_SHARES = (0.38, 0.17, 0.2, 0.12, 0.13)


@dataclass(frozen=True)
class Someone:
    """An invented person: when, in which languages, where, and what they need."""

    slots: frozenset[str]
    usual: frozenset[str]
    first: str
    second: str | None
    kinds: frozenset[str]
    wish: str
    mode: str
    childcare: bool
    step_free: bool
    place: tuple[float, float]
    mix: str


@dataclass(frozen=True)
class Venue:
    """An invented place: where, what it offers, how many rooms it has in each of its slots. `place` None: online."""

    id: str
    place: tuple[float, float] | None
    rooms: Mapping[str, int]
    childcare: bool = True
    step_free: bool = True


def generate(people: int, seed: int = 1) -> Json:
    """A problem in its JSON form with so many people, a few of whom can attend nothing."""
    rng = random.Random(f"{people}/{seed}")
    side = 12.0 * math.sqrt(max(1.0, people / 400))
    everyone = [_someone(rng, side) for _ in range(people)]
    venues = [Venue("online", None, dict.fromkeys(SLOTS, people))]
    venues += [_venue(rng, side, number, everyone) for number in range(max(2, round(people / 90)))]
    leaders = _leaders(rng, everyone, math.ceil(people / 12))
    ears = {f"interpreter-{language}-{slot}": rng.choice((0, 0, 0, 1)) for language in LANGUAGES for slot in SLOTS}
    cells = list(_cells(rng, venues, leaders))
    pools = {**{f"{venue.id}-{slot}": count for venue in venues for slot, count in venue.rooms.items()}, **leaders}
    return {
        "size": {"min": 6, "target": 9, "max": 12},
        "pools": [{"id": pool, "capacity": capacity} for pool, capacity in {**pools, **ears}.items() if capacity],
        "max_groups": math.ceil(people / 7),
        "cells": [_cell_json(cell, pools) for cell in cells],
        "people": [
            {"id": f"p{number}", "mix": person.mix, "options": list(_options(person, cells, ears)), "previous": None}
            for number, person in enumerate(everyone)
        ],
        "keep_apart": list(_keep_apart(rng, people)),
        "interpreter_ratio": 4,
        "weights": {
            "unplaced": 1000, "open_group": 40, "size_deviation": 2, "mix_excess": 4, "interpreter": 15, "moved": 60,
        },
    }  # fmt: skip


def running(problem: Json, result: Json, newcomers: int, seed: int = 1) -> Json:
    """The problem after a plan was accepted, in which some of those placed were not there yet: they are newcomers."""
    rng = random.Random(f"running/{seed}")
    before = {
        member: {"cell": group["cell"], "group": f"g{number}"}
        for number, group in enumerate(result["groups"])
        for member in group["members"]
    }
    for person in rng.sample(sorted(before), min(newcomers, len(before))):
        del before[person]
    people = [{**person, "previous": before.get(person["id"])} for person in problem["people"]]
    return {**problem, "people": people}


def check(problem: Json, result: Json) -> tuple[list[str], dict[str, int]]:
    """The hard rules that a result breaks, and the parts of its price, both from the JSON forms alone."""
    cells = {cell["id"]: cell for cell in problem["cells"]}
    people = {person["id"]: person for person in problem["people"]}
    broken: list[str] = []
    parts: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    seats = Counter(member for group in result["groups"] for member in group["members"])
    broken += [f"{member} sits {count} times" for member, count in seats.items() if count > 1]
    for group in result["groups"]:
        members = [people[member] for member in group["members"]]
        chosen = [option for one in members for option in one["options"] if option["cell"] == group["cell"]]
        broken += _broken_in(problem, group, len(chosen))
        needs = Counter(option["interpreter"] for option in chosen if option.get("interpreter"))
        ears = {pool: math.ceil(need / problem["interpreter_ratio"]) for pool, need in needs.items()}
        taken.update(cells[group["cell"]]["uses"])
        taken.update(ears)
        parts.update(_parts_of(problem, group, members, chosen, sum(ears.values())))
    opened = Counter(group["cell"] for group in result["groups"])
    broken += [f"{cell}: {count} groups" for cell, count in opened.items() if count > cells[cell]["max_groups"]]
    broken += [f"{pool['id']}: over" for pool in problem["pools"] if taken[pool["id"]] > pool["capacity"]]
    broken += ["too many groups"] if len(result["groups"]) > problem["max_groups"] else []
    kept = Counter(group["continues"] for group in result["groups"] if group["continues"])
    broken += [f"{group}: goes on {count} times" for group, count in kept.items() if count > 1]
    left = [person for person in problem["people"] if person["options"] and not seats[person["id"]]]
    parts["unplaced"] = problem["weights"]["unplaced"] * len(left)
    return broken, dict(parts)


def _broken_in(problem: Json, group: Json, chosen: int) -> Iterator[str]:
    """Rules broken inside of one group, `chosen` of whose members can attend it."""
    members, size = set(group["members"]), problem["size"]
    if not size["min"] <= len(members) <= size["max"]:
        yield f"{group['cell']}: {len(members)} people"
    if chosen != len(group["members"]):
        yield f"{group['cell']}: somebody cannot attend"
    if any(len(members & set(apart)) > 1 for apart in problem["keep_apart"]):
        yield f"{group['cell']}: people who must not meet"
    homes = {(before["group"], before["cell"]) for person in problem["people"] if (before := person["previous"])}
    if group["continues"] and (group["continues"], group["cell"]) not in homes:
        yield f"{group['cell']}: goes on for a group that was not there"


def _parts_of(problem: Json, group: Json, members: Sequence[Json], chosen: Sequence[Json], ears: int) -> dict[str, int]:
    weights, size = problem["weights"], len(members)
    labels = Counter(person["mix"] for person in members if person["mix"] is not None)
    moved = [one for one in members if one["previous"] and one["previous"]["group"] != group["continues"]]
    return {
        "open_group": weights["open_group"],
        "size_deviation": weights["size_deviation"] * abs(size - problem["size"]["target"]),
        "options": sum(option["cost"] for option in chosen),
        "mix_excess": weights["mix_excess"] * sum(max(0, 2 * count - size) for count in labels.values()),
        "interpreter": weights["interpreter"] * ears,
        "moved": weights["moved"] * len(moved),
    }


def _someone(rng: random.Random, side: float) -> Someone:
    rhythm = rng.choices(RHYTHMS, RHYTHM_SHARES)[0]
    slots = {slot for number, slot in enumerate(SLOTS) if rng.random() < rhythm[number % 3]} or {rng.choice(SLOTS)}
    first = rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
    woman, young = rng.random() < 0.38, rng.random() < 0.28
    kinds = {"mixed"} | ({"women"} if woman else set()) | ({"young"} if young else set())
    only_women = woman and rng.random() < 0.12
    return Someone(
        slots=frozenset(slots),
        usual=frozenset(slot for slot in sorted(slots) if rng.random() < 0.5),
        first=first,
        second="en" if first != "en" and rng.random() < 0.6 else None,
        kinds=frozenset({"women"} if only_women else kinds),
        wish="young" if young else "women" if woman and rng.random() < 0.25 else "",
        mode=rng.choices(("either", "in person", "online"), (0.55, 0.33, 0.12))[0],
        childcare=rng.random() < 0.1,
        step_free=rng.random() < 0.05,
        place=(rng.uniform(0, side), rng.uniform(0, side)),
        mix=rng.choices(("under 25", "25 to 39", "40 to 59", "60 and over"), (0.28, 0.4, 0.24, 0.08))[0],
    )


def _venue(rng: random.Random, side: float, number: int, everyone: Sequence[Someone]) -> Venue:
    """A venue with rooms in five slots, more often when many people are free."""
    free = Counter(slot for person in everyone for slot in sorted(person.slots))
    slots = rng.choices(SLOTS, [free[slot] for slot in SLOTS], k=5)
    place = (rng.uniform(0, side), rng.uniform(0, side))
    easy = number == 0
    return Venue(
        f"venue{number}",
        place,
        {slot: rng.choices((1, 2, 3), (0.6, 0.3, 0.1))[0] for slot in sorted(set(slots))},
        childcare=easy or rng.random() < 0.45,
        step_free=easy or rng.random() < 0.7,
    )


def _leaders(rng: random.Random, everyone: Sequence[Someone], count: int) -> dict[str, int]:
    """Facilitator pools by slot and language: each facilitator leads in two languages at most, in six slots."""
    free = Counter(slot for person in everyone for slot in sorted(person.slots))
    pools: Counter[str] = Counter()
    for _ in range(max(3, count)):
        languages = {rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0], "en"}
        for slot in sorted(set(rng.choices(SLOTS, [free[slot] for slot in SLOTS], k=6))):
            pools.update(f"facilitator-{language}-{slot}" for language in sorted(languages))
    return dict(pools)


@dataclass(frozen=True)
class Place:
    """A cell before it is written down."""

    venue: Venue
    slot: str
    language: str
    kind: str

    @property
    def id(self) -> str:
        """The identifier of the cell."""
        return f"{self.venue.id}-{self.slot}-{self.language}-{self.kind}"


def _cells(rng: random.Random, venues: Sequence[Venue], leaders: Mapping[str, int]) -> Iterator[Place]:
    for venue in venues:
        for slot in venue.rooms:
            for language in LANGUAGES:
                if f"facilitator-{language}-{slot}" in leaders and (language == "en" or rng.random() < 0.4):
                    yield Place(venue, slot, language, "mixed")
                    for kind in ("women", "young"):
                        if rng.random() < 0.3:
                            yield Place(venue, slot, language, kind)


def _cell_json(cell: Place, pools: Mapping[str, int]) -> Json:
    uses = [f"{cell.venue.id}-{cell.slot}", f"facilitator-{cell.language}-{cell.slot}"]
    return {"id": cell.id, "max_groups": min(pools[pool] for pool in uses), "uses": uses}


def _options(person: Someone, cells: Sequence[Place], ears: Mapping[str, int]) -> Iterator[Json]:
    for cell in cells:
        distance = 0.0 if cell.venue.place is None else math.dist(cell.venue.place, person.place)
        fits = cell.slot in person.slots and cell.kind in person.kinds and distance <= FARTHEST_KM
        if not fits or person.mode == ("in person" if cell.venue.place is None else "online"):
            continue
        if (person.childcare and not cell.venue.childcare) or (person.step_free and not cell.venue.step_free):
            continue
        cost = round(KM * distance) + (0 if cell.slot in person.usual else UNUSUAL_TIME)
        cost += NO_WISH if person.wish not in ("", cell.kind) else 0
        pool = f"interpreter-{person.first}-{cell.slot}"
        if cell.language in (person.first, person.second):
            cost += 0 if cell.language == person.first else SECOND_LANGUAGE
            yield {"cell": cell.id, "cost": cost, "interpreter": None}
        elif cell.language == "en" and ears[pool]:
            yield {"cell": cell.id, "cost": cost + WITH_INTERPRETER, "interpreter": pool}


def _keep_apart(rng: random.Random, people: int) -> Iterator[list[str]]:
    """Lists of two to six people who must not meet: about a fifth of everybody is on one."""
    for _ in range(people // 15):
        count = rng.choices((2, 3, 4, 6), (0.5, 0.25, 0.15, 0.1))[0]
        yield sorted(f"p{number}" for number in rng.sample(range(people), min(count, people)))


def main() -> None:
    """Print how long each size takes and how far the plan can be from the best."""
    from wayhouse.groups.formation import Problem, solve
    from wayhouse.groups.formation.greedy import greedy
    from wayhouse.groups.formation.objective import evaluate
    from wayhouse.groups.formation.tables import Tables

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int, nargs="*", default=[50, 200, 500])
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    solve(Problem.from_json(generate(40)), time_limit=60)  # loads OR-Tools, once for all sizes
    print("people | options | by hand | plan | bound | gap | unplaced | seconds (CPU) | 10 more: moved, seconds (CPU)")
    for people in words.people:
        raw = generate(people, words.seed)
        problem = Problem.from_json(raw)
        by_hand = sum(evaluate(problem, greedy(Tables.of(problem)).groups()).values())
        start = time.process_time()
        result = solve(problem, time_limit=words.time_limit)
        between = time.process_time()
        again = solve(Problem.from_json(running(raw, result.to_json(), 10)), time_limit=words.time_limit)
        took = f"{result.seconds:.1f} ({between - start:.1f})"
        grown = f"{again.parts['moved'] // 60}, {again.seconds:.1f} ({time.process_time() - between:.1f})"
        options = sum(len(person.options) for person in problem.people)
        unplaced = result.parts["unplaced"] // problem.weights.unplaced
        row = (people, options, by_hand, result.objective, result.bound, f"{result.gap:.2%}", unplaced, took, grown)
        print(*row, sep=" | ", flush=True)


if __name__ == "__main__":
    main()

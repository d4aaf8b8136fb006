"""Improving a plan block by block: some groups are opened up with the people around them and planned anew.

A block is small enough for the cell model to settle in a fraction of a second, with the groups it has now told
apart from the start, so that what the model says is what the block will cost.
"""

import math
from collections import Counter
from random import Random

from wayhouse.groups.formation.draft import Bin, Scope
from wayhouse.groups.formation.engine import Draft, Engine, Limits
from wayhouse.groups.formation.model import CellModel
from wayhouse.groups.formation.plan import Circle, Plan
from wayhouse.groups.formation.search import Search
from wayhouse.groups.formation.seating import draft_of, seat_draft

PEOPLE = 90
NEAREST_CELLS = 6
NEAREST_PEOPLE = 8
FROM_UNPLACED = 0.6
BLOCK_WORK = 0.5
STALL = 40


def improve_blocks(search: Search, seed: int, *, most: float = math.inf, share: float = 1.0) -> None:
    """Plan blocks anew: `most` of them, as long as the search goes on and not forty in a row brought nothing.

    `share` is how much may be used of what is left: of the work if that is limited, else of the time.
    """
    rng = Random(seed)  # noqa: S311  a search repeats itself on purpose
    done = idle = 0
    within = search.allowance(share)
    while done < most and idle < STALL and within() and not search.over():
        circles, people = _block(search.best, rng)
        better = bool(people) and _plan_block(search, circles, people, seed)
        idle = 0 if better else idle + 1
        done += 1


def _block(plan: Plan, rng: Random) -> tuple[list[Circle], list[int]]:
    """Circles that compete for people, grown around one person, and the people: theirs and those without a seat."""
    able = [person for person, choices in enumerate(plan.tables.choices) if choices]
    waiting = [person for person in able if plan.seat[person] is None]
    if not able:
        return [], []
    first = rng.choice(waiting if waiting and rng.random() < FROM_UNPLACED else able)
    people, circles, frontier = {first: None}, dict[Circle, None](), [first]
    if (seat := plan.seat[first]) is not None:
        _add(seat, circles, people, frontier)
    while frontier and len(people) < PEOPLE:
        person = frontier.pop(rng.randrange(len(frontier)))
        for cell in _nearest_cells(plan, person, rng):
            for circle in _competing(plan, cell, rng, people):
                if circle not in circles and len(people) < PEOPLE:
                    _add(circle, circles, people, frontier)
    return list(circles), sorted(people)


def _add(circle: Circle, circles: dict[Circle, None], people: dict[int, None], frontier: list[int]) -> None:
    circles[circle] = None
    people.update(dict.fromkeys(circle.members))
    frontier.extend(circle.members)


def _nearest_cells(plan: Plan, person: int, rng: Random) -> list[int]:
    """Some of the cells that suit this person best, with a little chance."""
    noise = plan.tables.weights.open_group / 3
    choices = plan.tables.choices[person]
    return [choice.cell for choice in sorted(choices, key=lambda one: one.cost + noise * rng.random())[:NEAREST_CELLS]]


def _competing(plan: Plan, cell: int, rng: Random, people: dict[int, None]) -> list[Circle]:
    """The circles of a cell, and those of some people who could come to it; those without a seat join at once."""
    candidates = plan.tables.people_of[cell]
    some = rng.sample(candidates, min(NEAREST_PEOPLE, len(candidates)))
    circles = list(plan.circles_of[cell])
    for person in some:
        if (seat := plan.seat[person]) is not None:
            circles.append(seat)
        else:
            people[person] = None
    return circles


def _plan_block(search: Search, circles: list[Circle], people: list[int], seed: int) -> bool:
    """Plan a block anew and offer the result; whether it was better."""
    rest = search.best.without(circles)
    bins = _bins(rest, circles, people)
    model = CellModel(search.tables, Scope(tuple(people), bins, tuple(rest.capacity), rest.groups_left))
    model.hint(draft_of(circles, bins))
    drafts: list[Draft] = []
    engine = Engine(model, Limits(search.seconds_left, min(BLOCK_WORK, search.work_left)), seed)
    outcome = engine.run(drafts.append, lambda _bound: search.stopped())
    search.work_left -= outcome.work
    if not drafts:
        return False
    seat_draft(rest, drafts[-1].bins, seed)
    rest.fill(person for person in range(len(rest.seat)) if rest.seat[person] is None)
    return search.offer(rest)


def _bins(rest: Plan, circles: list[Circle], people: list[int]) -> tuple[Bin, ...]:
    """Bins for the cells that could open or reopen: one for each circle there is now, and one for further groups."""
    tables = rest.tables
    able = Counter(choice.cell for person in people for choice in tables.choices[person])
    now = Counter(circle.cell for circle in circles)
    bins: list[Bin] = []
    for cell in sorted(able):
        limit = min(tables.limits[cell] - len(rest.circles_of[cell]), able[cell] // tables.size.min)
        singles = min(now[cell], limit)
        bins += [Bin(cell, 1)] * singles
        if limit > singles:
            bins.append(Bin(cell, limit - singles))
    return tuple(bins)

"""From a draft to a plan, where everyone has a group, and back, for the solver to start from."""

from collections.abc import Iterable, Sequence
from random import Random

from wayhouse.groups.formation.draft import Bin, Filled, interpreters, price, price_of
from wayhouse.groups.formation.plan import Circle, Plan
from wayhouse.groups.formation.split import Part, split
from wayhouse.groups.formation.tables import NONE, Tables


def seat_draft(plan: Plan, draft: Sequence[Filled], seed: int) -> list[Filled]:
    """Open and fill the groups of a draft in a plan; the bins where that was not possible at the price of the draft.

    Who fits in no group of the cell is seated elsewhere if possible. Bins of one group come first: the draft counted
    their interpreters exactly.
    """
    tables = plan.tables
    rng = Random(seed)  # noqa: S311  a search repeats itself on purpose
    reserved = {pool: 0 for filled in draft for pool in _needs(tables, filled)}
    for filled in draft:
        for pool, count in _needs(tables, filled).items():
            reserved[pool] += count
    missed = []
    for filled in sorted(draft, key=lambda filled: filled.groups):
        for pool, count in _needs(tables, filled).items():
            reserved[pool] -= count
        parts = split(tables, filled, rng)
        seated = [_seat_part(plan, filled.bin.cell, part, reserved) for part in parts]
        kept = min(seated) >= tables.size.min and sum(seated) == len(filled.members)
        if not kept or _price(tables, filled.bin.cell, parts) > price_of(tables, filled):
            missed.append(filled)
    plan.settle()
    plan.fill(person for filled in draft for person in filled.members)
    return missed


def draft_of(circles: Iterable[Circle], bins: Sequence[Bin]) -> list[Filled | None]:
    """Circles as a draft over bins, an entry for each bin; the larger circles of a cell come first."""
    waiting: dict[int, list[Circle]] = {}
    for circle in sorted(circles, key=lambda circle: (-len(circle.members), min(circle.members))):
        waiting.setdefault(circle.cell, []).append(circle)
    draft: list[Filled | None] = []
    for part in bins:
        rest = waiting.get(part.cell, [])
        here, waiting[part.cell] = rest[: part.limit], rest[part.limit :]
        members = tuple(person for circle in here for person in circle.members)
        continues = tuple(circle.continues for circle in here if circle.continues != NONE)
        draft.append(Filled(part, len(here), members, continues) if here else None)
    return draft


def _price(tables: Tables, cell: int, parts: Iterable[Part]) -> int:
    return sum(price(tables, cell, part.members, (part.continues,)) for part in parts)


def _needs(tables: Tables, filled: Filled) -> dict[int, int]:
    """The fewest interpreters of each pool that a filled bin takes."""
    people: dict[int, int] = {}
    for person in filled.members:
        pool = tables.choice[person][filled.bin.cell].interpreter
        if pool != NONE:
            people[pool] = people.get(pool, 0) + 1
    return {pool: interpreters(tables, need) for pool, need in people.items()}


def _seat_part(plan: Plan, cell: int, part: Part, reserved: dict[int, int]) -> int:
    """Open one group and seat its people as far as interpreters go that other bins do not need; how many sit."""
    if not part.members or not plan.may_open(cell):
        return 0
    circle = plan.open(cell, part.continues)
    for person in part.members:
        pool = plan.tables.choice[person][cell].interpreter
        spare = pool == NONE or plan.capacity[pool] > reserved[pool] or not plan.needs_one_more(circle, pool)
        if spare and plan.may_seat(person, circle):
            plan.sit(person, circle)
    return len(circle.members)

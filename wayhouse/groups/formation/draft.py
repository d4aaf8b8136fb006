"""A draft: who goes to which cell, and how many groups that opens, before the groups of a cell are told apart.

Cells are cut into *bins* of at most `limit` groups. A bin of one group is exact; a bin of several is judged as a
whole, which never costs more than the best way of splitting it, so that the best draft is a lower bound of all plans.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wayhouse.groups.formation.tables import NONE, Tables


@dataclass(frozen=True, slots=True)
class Bin:
    """At most `limit` groups of one cell. Bins of a cell follow each other, larger groups first."""

    cell: int
    limit: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A bin in a draft: its groups, the people in them and the previous groups that they continue."""

    bin: Bin
    groups: int
    members: tuple[int, ...]
    continues: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a model decides: these people and bins, with these pools and groups left.

    For the whole problem that is everything; for a neighbourhood it is what the circles around it leave.
    """

    people: tuple[int, ...]
    bins: tuple[Bin, ...]
    capacity: tuple[int, ...]
    groups: int


def whole(tables: Tables, bins: Iterable[Bin]) -> Scope:
    """The whole problem, over these bins."""
    people = tuple(person for person, choices in enumerate(tables.choices) if choices)
    return Scope(people, tuple(bins), tables.capacity, tables.problem.max_groups)


def coarse_bins(tables: Tables) -> list[Bin]:
    """One bin for each cell that could open."""
    return [Bin(cell, limit) for cell, limit in enumerate(tables.limits) if limit]


def finer_bins(bins: Iterable[Bin], missed: Iterable[Filled]) -> list[Bin]:
    """Cut the groups off each bin whose draft could not be kept; the same bins where every draft could."""
    cut = {filled.bin: filled.groups for filled in missed}
    finer: list[Bin] = []
    for part in bins:
        singles = cut.get(part, 0) if part.limit > 1 else 0
        finer += [Bin(part.cell, 1)] * singles
        if part.limit > singles:
            finer.append(Bin(part.cell, part.limit - singles))
    return finer


def price_of(tables: Tables, filled: Filled) -> int:
    """The price of a filled bin as a whole: exact for one group, a lower bound for several."""
    return price(tables, filled.bin.cell, filled.members, filled.continues, filled.groups)


def price(tables: Tables, cell: int, members: Collection[int], continues: Collection[int], groups: int = 1) -> int:
    """The price of these people in so many groups of a cell, as if they could be spread at will.

    Sums over the groups of |size - target|, of max(0, 2 x label - size) and of interpreters, each rounded up, are
    never below the same figure of the sums; for one group they are that figure.
    """
    weights, size = tables.weights, len(members)
    cost = weights.open_group * groups + weights.size_deviation * abs(size - tables.size.target * groups)
    labels: Counter[str] = Counter()
    needs: Counter[int] = Counter()
    for person in members:
        choice = tables.choice[person][cell]
        cost += choice.cost
        if choice.interpreter != NONE:
            needs[choice.interpreter] += 1
        if (label := tables.mix[person]) is not None:
            labels[label] += 1
        if moves_within(tables, person, cell, continues):
            cost += weights.moved
    cost += weights.mix_excess * sum(max(0, 2 * count - size) for count in labels.values())
    return cost + weights.interpreter * sum(interpreters(tables, need) for need in needs.values())


def moves_within(tables: Tables, person: int, cell: int, continues: Collection[int]) -> bool:
    """Whether a person stays in the cell of their previous group but not in a group that continues it."""
    group = tables.stays[person]
    return group != NONE and group not in continues and tables.previous_cell[group] == cell


def interpreters(tables: Tables, need: int) -> int:
    """Interpreters for so many people of one group."""
    return -(-need // tables.problem.interpreter_ratio)

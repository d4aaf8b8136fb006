"""A lower bound for many people, by Lagrangian prices: what a seat is worth to each person, and one more of each pool.

At any prices the cells can be judged one by one: how many groups, and who, pays best there. What all of them gain
beside the prices is a lower bound of every plan. Mix and keep-apart are left out, and interpreters may be shared out in
parts, which only lowers it.
"""

import copy
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wayhouse.groups.formation.tables import NONE, Tables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LONGEST_KEY = 2e7  # above, a float tells two gains of one cell apart only by more than the error that is allowed for


@dataclass(frozen=True, slots=True)
class Judged:
    """The cells at some prices: the bound, groups in each cell, the options chosen."""

    bound: float
    groups: "Ints"
    chosen: "Ints"


class Prices:
    """Prices of seats (by person), of pools and of groups, and what the cells make of them."""

    def __init__(self, tables: Tables) -> None:
        import numpy as np

        self._tables = tables
        weights = tables.weights
        ear = weights.interpreter / tables.problem.interpreter_ratio
        rows = [
            (choice.cell, person, choice.interpreter, choice.cost + (ear if choice.interpreter != NONE else 0.0))
            for person, choices in enumerate(tables.choices)
            for choice in choices
        ]
        rows.sort()
        self.cell = np.array([row[0] for row in rows], np.int64)
        self.person = np.array([row[1] for row in rows], np.int64)
        self._ear = np.array([row[2] for row in rows], np.int64)
        self._cost = np.array([row[3] for row in rows], np.float64)
        self._first = np.searchsorted(self.cell, np.arange(len(tables.limits) + 1))
        self.limits = np.array(tables.limits, np.int64)
        pairs = [(cell, pool) for cell, pools in enumerate(tables.uses) for pool in pools]
        self._user = np.array([pair[0] for pair in pairs], np.int64)
        self._pool = np.array([pair[1] for pair in pairs], np.int64)
        self._capacity = np.array(tables.capacity, np.float64)
        self._able = np.array([bool(choices) for choices in tables.choices], np.float64)
        self.seats = np.zeros(len(tables.choices))
        cheapest = np.full(len(tables.choices), float(weights.unplaced))
        np.minimum.at(cheapest, self.person, self._cost + weights.open_group / tables.size.target)
        self.seats[self.person] = cheapest[self.person]
        self.pools = np.zeros(len(tables.capacity))
        self.more_groups = 0.0

    @property
    def trials(self) -> int:
        """Groups times sizes to judge in one round."""
        width = self._tables.size.max - self._tables.size.min
        return int((self.limits * (self.limits + 1) // 2 * width + self.limits).sum())

    def sharing(self) -> "dict[int, list[int]]":
        """The pools that only one group can have, such as a room, with the cells that could; two of them at least."""
        found: dict[int, list[int]] = {}
        for cell, pool in zip(self._user.tolist(), self._pool.tolist(), strict=True):
            if self._capacity[pool] == 1 and self.limits[cell]:
                found.setdefault(pool, []).append(cell)
        return {pool: cells for pool, cells in found.items() if len(cells) > 1}

    def without(self, cells: Collection[int]) -> "Prices":
        """The same prices where these cells have no groups."""
        other = copy.copy(self)
        other.limits = self.limits.copy()
        other.limits[list(cells)] = 0
        return other

    def judge(self) -> Judged:
        """What every cell would do at these prices."""
        import numpy as np

        gains = self.seats[self.person] - self._cost
        heard = self._ear != NONE
        gains[heard] -= self.pools[self._ear[heard]] / self._tables.problem.interpreter_ratio
        order = self._order(gains)
        sums = np.concatenate([[0.0], np.cumsum(gains[order])])
        group = self._tables.weights.open_group + self.more_groups
        price = group + np.bincount(self._user, self.pools[self._pool], len(self.limits))
        best, groups, people = (np.zeros(len(self.limits)), *np.zeros((2, len(self.limits)), np.int64))
        for number in range(1, int(self.limits.max(initial=0)) + 1):
            cells = np.flatnonzero(self.limits >= number)
            value, count = self._fill(cells, number, sums)
            value -= number * price[cells]
            better = value > best[cells]
            best[cells[better]], groups[cells[better]] = value[better], number
            people[cells[better]] = count[better]
        rank = np.arange(len(order)) - self._first[self.cell[order]]
        chosen = order[rank < people[self.cell[order]]]
        bound = self.seats.sum() - best.sum() - self.pools @ self._capacity
        return Judged(float(bound) - self.more_groups * self._tables.problem.max_groups, groups, chosen)

    def wants(self, judged: Judged) -> "Floats":
        """What is wanted too much at these prices (above zero) or too little, in the order of `values`."""
        import numpy as np

        tables = self._tables
        seats = self._able - np.bincount(self.person[judged.chosen], minlength=len(self.seats))
        taken = np.bincount(self._pool, judged.groups[self._user].astype(float), len(self.pools)) - self._capacity
        ears = self._ear[judged.chosen]
        taken += np.bincount(ears[ears != NONE], minlength=len(taken)) / tables.problem.interpreter_ratio
        return np.concatenate([seats, taken, [float(judged.groups.sum() - tables.problem.max_groups)]])

    @property
    def values(self) -> "Floats":
        """All prices: of seats, of pools, of one more group."""
        import numpy as np

        return np.concatenate([self.seats, self.pools, [self.more_groups]])

    @values.setter
    def values(self, values: "Floats") -> None:
        import numpy as np

        people, pools = len(self.seats), len(self.pools)
        self.seats = np.clip(values[:people], 0.0, float(self._tables.weights.unplaced))
        self.pools = np.maximum(0.0, values[people : people + pools])
        self.more_groups = max(0.0, float(values[-1]))

    @property
    def scale(self) -> "Floats":
        """How far each price goes in a step where a seat's goes one: a pool or a group more is that for all its seats.

        Where a whole town lacks rooms these are worth thousands; steps as short as for a seat take many times as long.
        """
        import numpy as np

        return np.where(np.arange(len(self.values)) < len(self.seats), 1.0, float(max(1, self._tables.size.target)))

    def _order(self, gains: "Floats") -> "Ints":
        """The options by cell, those that gain most first. One key sorts five times as fast as two."""
        import numpy as np

        span = 2.0 * float(np.abs(gains).max()) + 1.0
        if span * len(self.limits) < LONGEST_KEY:
            return np.argsort(self.cell * span - gains, kind="stable")
        return np.lexsort((-gains, self.cell))

    def _fill(self, cells: "Ints", number: int, sums: "Floats") -> "tuple[Floats, Ints]":
        """The most that so many groups of each of these cells gain with the best number of people, and that number."""
        import numpy as np

        size = self._tables.size
        counts = np.arange(number * size.min, number * size.max + 1)
        first, there = self._first[cells][:, None], (self._first[cells + 1] - self._first[cells])[:, None]
        gain = sums[first + np.minimum(counts, there)] - sums[first]
        gain -= self._tables.weights.size_deviation * np.abs(counts - number * size.target)
        gain = np.where(counts <= there, gain, -np.inf)
        best = gain.argmax(axis=1)
        return gain[np.arange(len(cells)), best], counts[best]

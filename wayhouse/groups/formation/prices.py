"""A lower bound for many people, by Lagrangian prices: what a seat is worth to each person, and one more of each pool.

At any prices the cells can be judged one by one: how many groups, and who, pays best there. What all of them gain
beside the prices is a lower bound of every plan; subgradient steps raise it (Polyak 1969; Held, Wolfe and Crowder
1974). Mix and keep-apart are left out, and interpreters may be shared out in parts, which only lowers it.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wayhouse.groups.formation.search import Search
from wayhouse.groups.formation.tables import NONE, Tables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ROUNDS = 600
PATIENCE = 10  # rounds without a higher bound before the steps are halved
SMALLEST_STEP = 0.003
HOPE = 1.03  # how far above the best bound so far the steps aim, at most
OPTIONS_A_UNIT = 5_000_000  # options looked at in a deterministic unit of work
MOST_TRIALS = 4_000_000  # groups times sizes judged in one round
FLOAT_ERROR = 1e-9


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
        self._limits = np.array(tables.limits, np.int64)
        pairs = [(cell, pool) for cell, pools in enumerate(tables.uses) for pool in pools]
        self._user = np.array([pair[0] for pair in pairs], np.int64)
        self._pool = np.array([pair[1] for pair in pairs], np.int64)
        self._capacity = np.array(tables.capacity, np.float64)
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
        return int((self._limits * (self._limits + 1) // 2 * width + self._limits).sum())

    def judge(self) -> Judged:
        """What every cell would do at these prices."""
        import numpy as np

        gains = self.seats[self.person] - self._cost
        heard = self._ear != NONE
        gains[heard] -= self.pools[self._ear[heard]] / self._tables.problem.interpreter_ratio
        order = np.lexsort((-gains, self.cell))
        sums = np.concatenate([[0.0], np.cumsum(gains[order])])
        group = self._tables.weights.open_group + self.more_groups
        price = group + np.bincount(self._user, self.pools[self._pool], len(self._limits))
        best, groups, people = (np.zeros(len(self._limits)), *np.zeros((2, len(self._limits)), np.int64))
        for number in range(1, int(self._limits.max(initial=0)) + 1):
            cells = np.flatnonzero(self._limits >= number)
            value, count = self._fill(cells, number, sums)
            value -= number * price[cells]
            better = value > best[cells]
            best[cells[better]], groups[cells[better]] = value[better], number
            people[cells[better]] = count[better]
        rank = np.arange(len(order)) - self._first[self.cell[order]]
        chosen = order[rank < people[self.cell[order]]]
        bound = self.seats.sum() - best.sum() - self.pools @ self._capacity
        return Judged(float(bound) - self.more_groups * self._tables.problem.max_groups, groups, chosen)

    def step(self, judged: Judged, length: float, goal: float) -> None:
        """Raise the prices of what is wanted too much, and lower the others."""
        import numpy as np

        tables = self._tables
        seats = (self.seats > 0) - np.bincount(self.person[judged.chosen], minlength=len(self.seats)).astype(float)
        taken = np.bincount(self._pool, judged.groups[self._user].astype(float), len(self.pools)) - self._capacity
        ears = self._ear[judged.chosen]
        taken += np.bincount(ears[ears != NONE], minlength=len(taken)) / tables.problem.interpreter_ratio
        taken[(taken < 0) & (self.pools <= 0)] = 0.0
        more = float(judged.groups.sum() - tables.problem.max_groups)
        more = 0.0 if more < 0 and self.more_groups <= 0 else more
        size = seats @ seats + taken @ taken + more * more
        if size > 0:
            step = length * max(1.0, goal - judged.bound) / size
            self.seats = np.clip(self.seats + step * seats, 0.0, float(tables.weights.unplaced))
            self.pools = np.maximum(0.0, self.pools + step * taken)
            self.more_groups = max(0.0, self.more_groups + step * more)

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


def raise_by_prices(search: Search, share: float) -> None:
    """Raise the bound of a search by prices, in a share of what is left."""
    within = search.allowance(share)
    prices = Prices(search.tables)
    if prices.trials > MOST_TRIALS or not len(prices.cell):
        return
    length, best, idle = 1.0, -math.inf, 0
    for _ in range(ROUNDS):
        if length < SMALLEST_STEP or not within() or search.over():
            break
        judged = prices.judge()
        search.work_left -= len(prices.cell) / OPTIONS_A_UNIT
        idle = 0 if judged.bound > best else idle + 1
        best = max(best, judged.bound)
        search.raise_bound(
            search.tables.nowhere_cost + math.ceil(judged.bound - FLOAT_ERROR * (1e3 + abs(judged.bound)))
        )
        if idle >= PATIENCE:
            length, idle = length / 2, 0
        prices.step(judged, length, min(search.objective - search.tables.nowhere_cost, HOPE * best))

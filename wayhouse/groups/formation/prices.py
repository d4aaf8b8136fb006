"""A lower bound for many people, by Lagrangian prices: what a seat is worth to each person, and one more of each pool.

At any prices the cells can be judged one by one: how many groups, and who, pays best there. What all of them gain
beside the prices is a lower bound of every plan; subgradient steps raise it (Polyak 1969; Held, Wolfe and Crowder
1974), each along an average of those before (Camerini, Fratta and Maffioli 1975; Barahona and Anbil 2000). Mix and
keep-apart are left out, and interpreters may be shared out in parts, which only lowers it.
"""

import math
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from wayhouse.core.background import Work
from wayhouse.groups.formation.search import Search
from wayhouse.groups.formation.tables import NONE, Tables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

PATIENCE, SHORTER = 30, 0.8  # so many rounds without a higher bound make the steps shorter
SMALLEST_STEP = 0.003
HOPE = 1.01  # how far above the best bound so far the steps aim, at most
NEW = 0.02  # the share of the latest wants in where to go
OPTIONS_A_UNIT = 5_000_000  # options looked at in a deterministic unit of work
MOST_TRIALS = 4_000_000  # groups times sizes judged in one round
FLOAT_ERROR = 1e-9
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
        self._limits = np.array(tables.limits, np.int64)
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
        return int((self._limits * (self._limits + 1) // 2 * width + self._limits).sum())

    def judge(self) -> Judged:
        """What every cell would do at these prices."""
        import numpy as np

        gains = self.seats[self.person] - self._cost
        heard = self._ear != NONE
        gains[heard] -= self.pools[self._ear[heard]] / self._tables.problem.interpreter_ratio
        order = self._order(gains)
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

    def _order(self, gains: "Floats") -> "Ints":
        """The options by cell, those that gain most first. One key sorts five times as fast as two."""
        import numpy as np

        span = 2.0 * float(np.abs(gains).max()) + 1.0
        if span * len(self._limits) < LONGEST_KEY:
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


class Climb:
    """Prices on their way up: from the best ones so far, along what has been wanted on the way."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self._best_prices = prices.values
        self._wanted: Floats | None = None
        self._length, self._idle, self._rounds = 1.0, 0, 0
        self.best = -math.inf

    @property
    def ended(self) -> bool:
        """Whether steps are so short that nothing more is to be had."""
        return self._length < SMALLEST_STEP

    def step(self, goal: float) -> None:
        """One round, towards a goal that is not below the best bound of all."""
        prices = self._prices
        if self._wanted is not None:
            prices.values = self._best_prices + self._stride(self._wanted, goal)
        judged = prices.judge()
        wants = prices.wants(judged)
        self._rounds += 1
        new = max(NEW, 1 / self._rounds)
        self._wanted = wants if self._wanted is None else new * wants + (1 - new) * self._wanted
        self._idle += 1
        if judged.bound > self.best:
            self.best, self._best_prices, self._idle = judged.bound, prices.values, 0
        elif self._idle >= PATIENCE:
            self._length, self._idle = SHORTER * self._length, 0

    def _stride(self, wanted: "Floats", goal: float) -> "Floats":
        import numpy as np

        free = np.where((wanted < 0) & (self._best_prices <= 0), 0.0, wanted)
        size = float(free @ free)
        return self._length * max(1.0, min(goal, HOPE * self.best) - self.best) / size * free if size > 0 else free


class Pricing:
    """Within its `with` block prices raise the bound of a search: in a thread, or first where work is counted."""

    def __init__(self, search: Search, share: float) -> None:
        self._search = search
        self._share = share
        self._work: Work[None] | None = None
        self._bound = 0
        self._stop = False

    @property
    def ended(self) -> bool:
        """Whether nothing goes on beside the search."""
        return self._work is None or self._work.ended

    def __enter__(self) -> Self:
        """Begin. With a limit of work all of it is done now, so that nothing depends on the clock."""
        prices = Prices(self._search.tables)
        if prices.trials > MOST_TRIALS or not len(prices.cell):
            return self
        if self._search.works:
            raise_by_prices(self._search, self._share)
        else:
            self._work = Work(lambda: self._climb(Climb(prices)))
            self._search.look = self._look
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop. Error: what went wrong in the thread."""
        self._stop = True
        self._search.look = None
        if self._work is not None:
            self._work.result()
            self._look()

    def _climb(self, climb: Climb) -> None:
        while not (self._stop or climb.ended):
            climb.step(_goal(self._search))
            self._bound = _whole(self._search, climb.best)

    def _look(self) -> None:
        self._search.raise_bound(self._bound)


def raise_by_prices(search: Search, share: float) -> None:
    """Raise the bound of a search by prices, in a share of what is left."""
    within = search.allowance(share)
    prices = Prices(search.tables)
    if prices.trials > MOST_TRIALS or not len(prices.cell):
        return
    climb = Climb(prices)
    while not climb.ended and within() and not search.over():
        climb.step(_goal(search))
        search.work_left -= len(prices.cell) / OPTIONS_A_UNIT
        search.raise_bound(_whole(search, climb.best))


def _goal(search: Search) -> float:
    return search.objective - search.tables.nowhere_cost


def _whole(search: Search, bound: float) -> int:
    """The bound of a whole plan, in whole numbers, without what floats may err by."""
    return search.tables.nowhere_cost + math.ceil(bound - FLOAT_ERROR * (1e3 + abs(bound)))

"""Prices on their way up to a higher bound, by subgradient steps (Polyak 1969; Held, Wolfe and Crowder 1974).

Each goes along an average of those before (Camerini, Fratta and Maffioli 1975; Barahona and Anbil 2000), in which what
the cells did on the way becomes about what a plan does in which people and groups can be divided.
"""

import math
from collections.abc import Collection
from typing import TYPE_CHECKING

from wayhouse.groups.formation.prices import Prices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PATIENCE, SHORTER = 30, 0.8  # so many rounds without a higher bound make the steps shorter
SMALLEST_STEP = 0.003
HOPE = 1.01  # how far above the best bound so far the steps aim, at most
NEW = 0.02  # the share of the latest wants in where to go


class Climb:
    """Prices on their way up: from the best ones so far, along what has been wanted on the way."""

    def __init__(self, prices: Prices, *, length: float = 1.0, best: float = -math.inf) -> None:
        """`length` of the first steps; `best`: a bound that is known already."""
        self.prices = prices
        self.best = best
        # What the cells did on the way: groups in each, an average.
        self.groups: Floats | None = None
        self._best_prices, self._scale = prices.values, prices.scale
        self._wanted: Floats | None = None
        self._length, self._idle, self._rounds = length, 0, 0

    @property
    def ended(self) -> bool:
        """Whether steps are so short that nothing more is to be had."""
        return self._length < SMALLEST_STEP

    def step(self, goal: float) -> None:
        """One round, towards a goal that is not below the best bound of all."""
        prices = self.prices
        if self._wanted is not None:
            prices.values = self._best_prices + self._stride(self._wanted, goal)
        judged = prices.judge()
        wants = prices.wants(judged)
        self._rounds += 1
        new = max(NEW, 1 / self._rounds)
        self._wanted = _towards(self._wanted, wants, new)
        self.groups = _towards(self.groups, judged.groups.astype(float), new)
        self._idle += 1
        if judged.bound > self.best:
            self.best, self._best_prices, self._idle = judged.bound, prices.values, 0
        elif self._idle >= PATIENCE:
            self._length, self._idle = SHORTER * self._length, 0

    def beside(self, cells: Collection[int], length: float) -> "Climb":
        """A climb from the best prices where these cells have no groups."""
        prices = self.prices.without(cells)
        prices.values = self._best_prices
        return Climb(prices, length=length, best=self.best)

    def price_of(self, pool: int) -> float:
        """What one more of a pool is worth at the best prices."""
        return float(self._best_prices[len(self.prices.seats) + pool])

    def _stride(self, wanted: "Floats", goal: float) -> "Floats":
        import numpy as np

        scale = self._scale
        free = scale * np.where((wanted < 0) & (self._best_prices <= 0), 0.0, wanted)
        size = float(free @ free)
        if size <= 0:
            return free
        return self._length * max(1.0, min(goal, HOPE * self.best) - self.best) / size * scale * free


def _towards(before: "Floats | None", latest: "Floats", share: float) -> "Floats":
    return latest if before is None else share * latest + (1 - share) * before

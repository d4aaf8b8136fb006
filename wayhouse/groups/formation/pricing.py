"""Raising the bound of a search by prices, beside it or for a share of its work."""

import math
from types import TracebackType
from typing import Self

from wayhouse.core.background import Work
from wayhouse.groups.formation.branches import Branches
from wayhouse.groups.formation.prices import Prices
from wayhouse.groups.formation.search import Search

OPTIONS_A_UNIT = 5_000_000  # options looked at in a deterministic unit of work
MOST_TRIALS = 8_000_000  # groups times sizes judged in one round
FLOAT_ERROR = 1e-9


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
            self._work = Work(lambda: self._climb(Branches(prices)))
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

    def _climb(self, climb: Branches) -> None:
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
    climb = Branches(prices)
    while not climb.ended and within() and not search.over():
        climb.step(_goal(search))
        search.work_left -= len(prices.cell) / OPTIONS_A_UNIT
        search.raise_bound(_whole(search, climb.best))


def _goal(search: Search) -> float:
    return search.objective - search.tables.nowhere_cost


def _whole(search: Search, bound: float) -> int:
    """The bound of a whole plan, in whole numbers, without what floats may err by."""
    return search.tables.nowhere_cost + math.ceil(bound - FLOAT_ERROR * (1e3 + abs(bound)))

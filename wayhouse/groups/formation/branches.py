"""A higher bound than prices alone give: where some cells share a single room, one of them has it in every plan.

Prices may let two cells have half of a room each, and half of two people a seat that only one of them can have. For
each cell that could have the room the prices climb anew without the others; the lowest of these bounds holds for every
plan (branch and bound; Land and Doig, Econometrica 28, 1960).
"""

from wayhouse.groups.formation.climb import Climb
from wayhouse.groups.formation.prices import Prices

SHORT = 0.3  # of the first steps with one cell less, which is not far from where its prices begin
UNDIVIDED = 0.05  # a smaller part of a group than this is none


class Branches:
    """Climbs that together hold every plan: at first one, then one for each cell that could have a divided room."""

    def __init__(self, prices: Prices) -> None:
        self._leaves = [Climb(prices)]
        self.ended = False

    @property
    def best(self) -> float:
        """The bound: the lowest of all."""
        return min(leaf.best for leaf in self._leaves)

    def step(self, goal: float) -> None:
        """One round where the bound is lowest, towards a goal that is not below the best bound of all."""
        leaf = min(self._leaves, key=lambda one: one.best)
        if not leaf.ended:
            leaf.step(goal)
            return
        cells = divided(leaf)
        if not cells:
            self.ended = True
            return
        self._leaves.remove(leaf)
        self._leaves += [leaf.beside([other for other in cells if other != cell], SHORT) for cell in cells]


def divided(climb: Climb) -> list[int]:
    """The cells that share the dearest room of those that are divided; none where none is."""
    found, dearest, groups = list[int](), 0.0, climb.groups
    if groups is None:
        return found
    for pool, cells in climb.prices.sharing().items():
        parts = groups[cells]
        rest = float(parts.sum() - parts.max())
        if rest > UNDIVIDED and rest * climb.price_of(pool) > dearest:
            found, dearest = cells, rest * climb.price_of(pool)
    return found

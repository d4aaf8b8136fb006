"""The state of a search: the best plan so far, the proven bound, the clock, and whoever watches."""

import math
import time
from collections.abc import Callable
from fractions import Fraction

from wayhouse.groups.formation.explain import explain
from wayhouse.groups.formation.objective import evaluate, faults
from wayhouse.groups.formation.plan import Plan
from wayhouse.groups.formation.result import Progress, Result
from wayhouse.groups.formation.tables import Tables


class Search:
    """Plans come in by `offer`, bounds by `raise_bound`; `over` says when to stop."""

    def __init__(
        self,
        tables: Tables,
        *,
        time_limit: float,
        work_limit: float,
        on_progress: Callable[[Progress], None] | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self.tables = tables
        self.bound = simple_bound(tables)
        self.best = Plan(tables)
        self.parts = evaluate(tables.problem, ())
        self.work_left = work_limit
        self._started = time.monotonic()
        self._time_limit = time_limit
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._stopped = False
        self.look: Callable[[], None] | None = None

    @property
    def objective(self) -> int:
        """The price of the best plan."""
        return sum(self.parts.values())

    @property
    def gap(self) -> float:
        """How far the best plan is from the bound, as a share of its price."""
        return (self.objective - self.bound) / self.objective if self.objective else 0.0

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    @property
    def seconds_left(self) -> float:
        """Seconds until the time limit, not below zero."""
        return max(0.0, self._time_limit - self.seconds)

    def stopped(self) -> bool:
        """Whether the one who asked wants to stop. Once yes, always yes."""
        if not self._stopped and self._should_stop is not None:
            self._stopped = self._should_stop()
        return self._stopped

    def over(self) -> bool:
        """Whether there is nothing left to do: proven, out of time or work, or stopped. It looks at bounds first."""
        if self.look is not None:
            self.look()
        proven = self.objective == self.bound
        return proven or self.seconds_left <= 0 or self.work_left <= 0 or self.stopped()

    @property
    def works(self) -> bool:
        """Whether work is limited: then nothing may depend on the clock."""
        return math.isfinite(self.work_left)

    @property
    def left(self) -> float:
        """What is left: work where that is limited, else seconds."""
        return self.work_left if self.works else self.seconds_left

    def progress(self, share: float) -> Callable[[], float]:
        """How much of a share of what is left now has gone, from 0: of the work where that is limited, else time."""
        if self.works:
            work, all_work = self.work_left, max(1e-9, share * self.work_left)
            return lambda: (work - self.work_left) / all_work
        start, all_seconds = self.seconds, max(1e-9, share * self.seconds_left)
        return lambda: (self.seconds - start) / all_seconds

    def allowance(self, share: float) -> Callable[[], bool]:
        """A question that is true while no more than this share was used of the work left now, or of the time."""
        progress = self.progress(share)
        return lambda: progress() < 1

    def offer(self, plan: Plan) -> bool:
        """Take a plan if it is better than the best. Error: `RuntimeError` if it breaks a hard rule."""
        groups = plan.groups()
        parts = evaluate(self.tables.problem, groups)
        if sum(parts.values()) >= self.objective:
            return False
        if broken := faults(self.tables.problem, groups):
            raise RuntimeError("a plan with faults: " + "; ".join(broken[:5]))
        self.best, self.parts = plan, parts
        self._tell()
        return True

    def raise_bound(self, bound: int) -> None:
        """Take a proven lower bound if it is higher."""
        if bound > self.bound:
            self.bound = bound
            self._tell()

    def result(self) -> Result:
        """The best plan with the reasons of those who have no place in it."""
        groups = self.best.groups()
        unplaced = explain(self.tables.problem, groups)
        return Result(groups, self.parts, self.bound, self.seconds, unplaced)

    def _tell(self) -> None:
        if self._on_progress is not None:
            self._on_progress(Progress(self.seconds, self.objective, self.bound, self.best.unplaced_count()))


def simple_bound(tables: Tables) -> int:
    """A lower bound in no time: each person pays at least their cheapest seat and a share of a group, or `unplaced`.

    The share is the least price of a group, opening and size, for each of its members.
    """
    weights, size = tables.weights, tables.size
    share = min(
        Fraction(weights.open_group + weights.size_deviation * abs(members - size.target), members)
        for members in range(size.min, size.max + 1)
    )
    total = Fraction(tables.nowhere_cost)
    for choices in tables.choices:
        if choices:
            total += min(Fraction(weights.unplaced), choices[0].cost + share)
    return math.ceil(total)

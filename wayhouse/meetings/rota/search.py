"""The state of a search: the best rota so far, the proven bound, the clock, and whoever watches."""

import math
import time
from collections.abc import Callable

from wayhouse.meetings.rota.explain import explain
from wayhouse.meetings.rota.objective import count_unstaffed, evaluate, faults
from wayhouse.meetings.rota.result import Meeting, Progress, Result
from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Tables


class Search:
    """Rotas come in by `offer`, bounds by `raise_bound`; `over` says when to stop."""

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
        self.bound = 0
        self.meetings: tuple[Meeting, ...] = Staffing(tables).meetings()
        self.parts = evaluate(tables.problem, self.meetings)
        self.work_left = work_limit
        self.look: Callable[[], None] | None = None  # whoever raises the bound meanwhile
        self._started = time.monotonic()
        self._time_limit = time_limit
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._stopped = False

    @property
    def objective(self) -> int:
        """The price of the best rota."""
        return sum(self.parts.values())

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
        """Whether there is nothing left to do: proven, out of time or work, or stopped."""
        if self.look is not None:
            self.look()
        proven = self.objective <= self.bound
        return proven or self.seconds_left <= 0 or self.work_left <= 0 or self.stopped()

    @property
    def works(self) -> bool:
        """Whether work is limited: then nothing may depend on the clock."""
        return math.isfinite(self.work_left)

    def progress(self, part: float) -> Callable[[], float]:
        """How much of a part of what is left now has gone, from 0: of the work where that is limited, else time."""
        if self.works:
            work, all_work = self.work_left, max(1e-9, part * self.work_left)
            return lambda: (work - self.work_left) / all_work
        start, all_seconds = self.seconds, max(1e-9, part * self.seconds_left)
        return lambda: (self.seconds - start) / all_seconds

    def share(self, part: float) -> Callable[[], bool]:
        """Whether a part of what is left now has gone, or everything is over."""
        progress = self.progress(part)
        return lambda: self.over() or progress() >= 1

    def offer(self, staffing: Staffing) -> bool:
        """Take a rota if it is better than the best."""
        meetings = staffing.meetings()
        parts = evaluate(self.tables.problem, meetings)
        if sum(parts.values()) >= self.objective:
            return False
        self.meetings, self.parts = meetings, parts
        self._tell()
        return True

    def raise_bound(self, bound: int) -> None:
        """Take a proven lower bound if it is higher."""
        if bound > self.bound:
            self.bound = bound
            self._tell()

    def result(self) -> Result:
        """The best rota with the reasons of the meetings that are not staffed. Error: `RuntimeError` for a fault."""
        if broken := faults(self.tables.problem, self.meetings):
            raise RuntimeError("a rota with faults: " + "; ".join(broken[:5]))
        unstaffed = explain(self.tables, self.meetings)
        return Result(self.meetings, self.parts, self.bound, self.seconds, unstaffed)

    def _tell(self) -> None:
        if self._on_progress is None:
            return
        unstaffed = count_unstaffed(self.tables.problem, self.meetings)
        self._on_progress(Progress(self.seconds, self.objective, self.bound, unstaffed))

"""Running CP-SAT on a cell model so that it can be watched and stopped from the thread that asked.

One worker with the linear relaxation in full (`linearization_level=2`): it closes these models where the default
portfolio does not (figures in docs/reference/planning-groups.md), and it gives the same answer every time.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from wayhouse.groups.formation.draft import Filled
from wayhouse.groups.formation.model import CellModel

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpSolver, CpSolverSolutionCallback

TICK = 0.05
FLOAT_ERROR = 1e-3


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: seconds of the clock, and units of deterministic work (about a second each)."""

    seconds: float
    work: float = math.inf


@dataclass(frozen=True, slots=True)
class Draft:
    """A solution of the model: its filled bins and its price as a draft."""

    bins: tuple[Filled, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: a proven lower bound of the drafts, the best draft if it is proven best, work done."""

    bound: int
    best: Draft | None
    work: float


class Engine:
    """One run of the solver. Hooks are called in the thread of `run`: `on_draft`, and `on_tick` with the bound."""

    def __init__(self, model: CellModel, limits: Limits, seed: int) -> None:
        self._model = model
        self._solver = _solver(limits, seed)
        self._solver.best_bound_callback = self._raise_bound
        self._bound = 0
        self._drafts: SimpleQueue[Draft | None] = SimpleQueue()
        self._fault: BaseException | None = None
        self._proven = False

    def run(self, on_draft: Callable[[Draft], None], on_tick: Callable[[int], bool]) -> Outcome:
        """Solve, handing over each draft in order; stop soon after `on_tick` returns true, then only the last draft."""
        thread = Thread(target=self._solve, daemon=True)
        thread.start()
        last, stopped = None, False
        try:
            while True:
                stopped = on_tick(self._bound) or stopped
                if stopped:
                    self._solver.stop_search()
                try:
                    draft = self._drafts.get(timeout=TICK)
                except Empty:
                    continue
                if draft is None:
                    break
                last = draft
                if not stopped:
                    on_draft(draft)
            if stopped and last is not None:
                on_draft(last)
        finally:
            self._solver.stop_search()
            thread.join()
        if self._fault is not None:
            raise self._fault
        return self._outcome(last)

    def _solve(self) -> None:
        try:
            from ortools.sat.python import cp_model

            status = self._solver.solve(self._model.model, _callback(self._model, self._drafts))
            if status in (cp_model.MODEL_INVALID, cp_model.INFEASIBLE):
                raise RuntimeError(self._solver.status_name(status))  # noqa: TRY301  leaving everyone unplaced is a plan
            self._proven = status == cp_model.OPTIMAL
            self._raise_bound(self._solver.best_objective_bound)
        except BaseException as fault:  # noqa: BLE001  raised again in the thread that asked
            self._fault = fault
        finally:
            self._drafts.put(None)

    def _raise_bound(self, bound: float) -> None:
        """Round up: every price is a whole number, and within 2**53 (`checks.py`) a float errs by less."""
        if math.isfinite(bound):
            self._bound = max(self._bound, math.ceil(bound - FLOAT_ERROR))

    def _outcome(self, last: Draft | None) -> Outcome:
        return Outcome(self._bound, last if self._proven else None, self._solver.response_proto.deterministic_time)


def _solver(limits: Limits, seed: int) -> "CpSolver":
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.linearization_level = 2
    parameters.random_seed = seed % 2**31
    parameters.catch_sigint_signal = False
    parameters.max_time_in_seconds = max(0.0, limits.seconds)
    if math.isfinite(limits.work):
        parameters.max_deterministic_time = max(0.0, limits.work)
    return solver


def _callback(model: CellModel, drafts: "SimpleQueue[Draft | None]") -> "CpSolverSolutionCallback":
    from ortools.sat.python import cp_model

    class Callback(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            drafts.put(Draft(tuple(model.draft(self.value)), round(self.objective_value)))

    return Callback()

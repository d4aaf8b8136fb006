"""Running CP-SAT on a weekly model so that it can be watched and stopped from the thread that asked.

One worker with the linear relaxation in full (`linearization_level=2`): it closes neighbourhoods of a few groups in
a second where the defaults do not (docs/reference/planning-rota.md), and gives the same answer every time.
"""

import importlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wayhouse.core.background import Work
from wayhouse.meetings.rota.model import WeekModel
from wayhouse.meetings.rota.tables import Place

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpSolver

FLOAT_ERROR = 1e-3


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: seconds of the clock, and units of deterministic work (about a second each)."""

    seconds: float
    work: float = math.inf


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: better people than at the start if any were found, whether nobody is better, work done."""

    people: dict[Place, tuple[int, ...]] | None
    proven: bool
    work: float


class Engine:
    """One run of the solver on a model. `bound` is the proven lower bound of the model's cost so far, if any."""

    def __init__(self, model: WeekModel, limits: Limits, seed: int) -> None:
        self.bound: int | None = None
        self._model = model
        self._solver = _solver(limits, seed)
        self._solver.best_bound_callback = self._raise_bound

    def run(self, over: Callable[[], bool]) -> Outcome:
        """Solve; `over` is called many times a second in this thread, and the run ends soon after it returns true."""
        work = Work(self._solve)
        try:
            work.wait(over)
        finally:
            self._solver.stop_search()
        return work.result()

    def _solve(self) -> Outcome:
        from ortools.sat.python import cp_model

        status = self._solver.solve(self._model.model)
        if status in (cp_model.MODEL_INVALID, cp_model.INFEASIBLE):
            raise RuntimeError(self._solver.status_name(status))  # leaving every meeting empty is a rota
        self._raise_bound(self._solver.best_objective_bound)
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        better = found and round(self._solver.objective_value) < self._model.start_cost
        people = self._model.read(self._solver.value) if better else None
        return Outcome(people, status == cp_model.OPTIMAL, self._solver.response_proto.deterministic_time)

    def _raise_bound(self, bound: float) -> None:
        """Round up: every price is a whole number, and within 2**53 (`checks.py`) a float errs by less."""
        if math.isfinite(bound):
            rounded = math.ceil(bound - FLOAT_ERROR)
            self.bound = rounded if self.bound is None else max(self.bound, rounded)


def load_solver() -> None:
    """Import OR-Tools ahead of its first use, while another thread works: it takes a second and 124 MB."""
    importlib.import_module("ortools.sat.python.cp_model")


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

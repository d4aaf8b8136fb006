"""A linear program with whole and broken variables, and HiGHS running on it so that it can be watched and stopped.

HiGHS is imported when a program is run. One thread, so that it gives the same answer every time; no presolve, since
that of HiGHS 1.14.0 cuts off better solutions (its issues 2957, 3043, 3073, 3094), and then its bound is not true.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Event
from typing import Any

Terms = Iterable[tuple[int, float]]  # a variable by its number, times a factor


@dataclass(slots=True)
class Program:
    """Variables by number with cost and range, rows of terms with a range; the cost is to be as small as can be."""

    costs: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_least: list[float] = field(default_factory=list)
    row_most: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)

    def variable(self, cost: float = 0, *, least: float = 0, most: float = math.inf, whole: bool = False) -> int:
        """A new variable; returns its number."""
        self.costs.append(cost)
        self.least.append(least)
        self.most.append(most)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, terms: Terms, *, least: float = -math.inf, most: float = math.inf) -> None:
        """Hold a sum within a range."""
        self.starts.append(len(self.numbers))
        for number, factor in terms:
            self.numbers.append(number)
            self.factors.append(factor)
        self.row_least.append(least)
        self.row_most.append(most)


@dataclass(slots=True)
class Watch:
    """What a run tells while it goes on: a proven lower bound of the cost, and its best solution of whole numbers.

    Setting `stop` ends it soon.
    """

    bound: float = -math.inf
    values: list[float] | None = None
    stop: Event = field(default_factory=Event)


def run(program: Program, watch: Watch, *, seconds: float, nodes: int | None = None) -> list[float] | None:
    """The values of the best solution found, if any; `nodes` limits the search tree (1 is the root alone)."""
    import highspy

    highs = highspy.Highs()
    options = {
        "output_flag": False,
        "threads": 1,
        "presolve": "off",
        "time_limit": max(0.0, seconds),
        "mip_rel_gap": 1e-6,
    }
    for name, value in options.items():
        highs.setOptionValue(name, value)
    if nodes is not None:
        highs.setOptionValue("mip_max_nodes", nodes)
    highs.passModel(_lp(program))
    _listen(highs, watch)
    highs.run()
    info = highs.getInfo()
    if any(program.whole):
        watch.bound = max(watch.bound, info.mip_dual_bound)
    elif highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        watch.bound = info.objective_function_value
    has_solution = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    return list(highs.getSolution().col_value) if has_solution else None


def _listen(highs: Any, watch: Watch) -> None:
    def stop(event: Any) -> None:
        if watch.stop.is_set():
            event.interrupt()

    def take_bound(event: Any) -> None:
        watch.bound = max(watch.bound, event.data_out.mip_dual_bound)
        stop(event)

    def take_values(event: Any) -> None:
        watch.values = list(event.data_out.mip_solution)

    highs.cbMipImprovingSolution.subscribe(take_values)
    highs.cbMipInterrupt.subscribe(take_bound)
    highs.cbSimplexInterrupt.subscribe(stop)


def _lp(program: Program) -> object:
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.costs), len(program.row_least)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.costs, program.least, program.most
    lp.row_lower_, lp.row_upper_ = program.row_least, program.row_most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = [*program.starts, len(program.numbers)]
    lp.a_matrix_.index_, lp.a_matrix_.value_ = program.numbers, program.factors
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in program.whole]
    return lp

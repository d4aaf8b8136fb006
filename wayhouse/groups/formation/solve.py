"""Forming groups: a greedy start, annealing; for large problems prices and blocks, else the whole model, ever finer."""

import math
from collections.abc import Callable

from wayhouse.groups.formation.blocks import improve_blocks
from wayhouse.groups.formation.cooling import can_cool, cool
from wayhouse.groups.formation.draft import Bin, Filled, coarse_bins, finer_bins, whole
from wayhouse.groups.formation.engine import Draft, Engine, Limits
from wayhouse.groups.formation.greedy import greedy
from wayhouse.groups.formation.model import CellModel
from wayhouse.groups.formation.plan import Plan
from wayhouse.groups.formation.pricing import Pricing
from wayhouse.groups.formation.problem import Problem
from wayhouse.groups.formation.result import Progress, Result
from wayhouse.groups.formation.search import Search
from wayhouse.groups.formation.seating import draft_of, seat_draft
from wayhouse.groups.formation.tables import Tables

LARGE = 25_000
SHARE_OF_PRICES, SHARE_OF_BLOCKS, SHARE_OF_COOLING = 0.2, 0.8, 0.8
MIDDLING, SHARE_OF_A_START = 2_000, 0.2  # options from which a start is annealed for the whole model, and its share
STARTED_A_SECOND = 1_000  # options for which a second of annealing makes a start
GOOD_START = 0.05  # a start further from the bound misleads the solver: twice the time at 500 people
VARIABLES_A_SECOND = 1_000  # a whole model with less time for it tells nothing


def solve(
    problem: Problem,
    *,
    time_limit: float,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    work_limit: float = math.inf,
) -> Result:
    """Form groups: the best valid plan found, a proven lower bound, and why anyone has no group.

    Stops when the plan is proven best, after `time_limit` seconds, or soon after `should_stop` returns true; even
    then there is a plan, since a greedy one comes first. Both hooks are called in the calling thread.

    The same problem and seed give the same plan whenever the clock did not decide: with a `work_limit`, which counts
    the solver's deterministic units (about a second of work each) and is reached before `time_limit`; and up to
    2,000 options also when the search ends with a proof. Error: `ValueError` for a limit below zero or not a number.
    """
    if not (time_limit >= 0 and work_limit >= 0):
        raise ValueError("a limit must be zero or more")
    tables = Tables.of(problem)
    search = Search(
        tables, time_limit=time_limit, work_limit=work_limit, on_progress=on_progress, should_stop=should_stop
    )
    search.offer(greedy(tables, search.stopped))
    search.offer(greedy(tables, search.stopped, hardest_first=True))
    _improve(search, seed)
    return search.result()


def _improve(search: Search, seed: int) -> None:
    options = search.tables.option_count
    if options > LARGE:
        with Pricing(search, SHARE_OF_PRICES):
            _improve_large(search, seed)
    elif options > MIDDLING and can_cool(search):
        cool(search, seed, min(SHARE_OF_A_START, options / STARTED_A_SECOND / max(1.0, search.left)))
    bins: list[Bin] | None = coarse_bins(search.tables)
    while bins is not None and not search.over():
        bins = _plan_whole(search, bins, seed)
    improve_blocks(search, seed + 1)


def _improve_large(search: Search, seed: int) -> None:
    """Anneal, then blocks to the end; blocks alone where nothing can be annealed."""
    cools = can_cool(search)
    if cools:
        cool(search, seed, SHARE_OF_COOLING)
    improve_blocks(search, seed, share=1.0 if cools else SHARE_OF_BLOCKS)


def _plan_whole(search: Search, bins: list[Bin], seed: int) -> list[Bin] | None:
    """Solve the whole model over these bins; finer bins if it ended with a proof but was too optimistic, else None."""
    tables = search.tables
    variables = sum(len(tables.people_of[part.cell]) for part in bins)
    if variables > VARIABLES_A_SECOND * search.seconds_left:
        return None
    model = CellModel(tables, whole(tables, bins))
    if search.over():
        return None
    if search.gap <= GOOD_START:
        model.hint(draft_of(search.best.circles, bins))

    def on_draft(draft: Draft) -> None:
        if draft.cost + tables.nowhere_cost < search.objective:
            search.offer(_seated(tables, draft, seed)[0])

    def on_tick(bound: int) -> bool:
        search.raise_bound(bound + tables.nowhere_cost)
        return search.over()

    outcome = Engine(model, Limits(search.seconds_left, search.work_left), seed).run(on_draft, on_tick)
    search.work_left -= outcome.work
    search.raise_bound(outcome.bound + tables.nowhere_cost)
    if outcome.best is None or search.over():
        return None
    finer = finer_bins(bins, _seated(tables, outcome.best, seed)[1])
    return finer if finer != bins else None


def _seated(tables: Tables, draft: Draft, seed: int) -> tuple[Plan, list[Filled]]:
    """A plan from a draft, and the bins where the draft was too optimistic."""
    plan = Plan(tables)
    missed = seat_draft(plan, draft.bins, seed)
    plan.fill(range(len(tables.choices)))
    return plan, missed

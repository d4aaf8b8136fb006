"""Planning a rota: a greedy start, annealing guided by the faces that the bound suggests, then neighbourhoods.

What annealing leaves uncovered is planned again for itself before it is guided.
"""

import math
from collections.abc import Callable

from wayhouse.meetings.rota.bounder import Bounder
from wayhouse.meetings.rota.cooling import Cooling, can_cool
from wayhouse.meetings.rota.covering import cover_gaps
from wayhouse.meetings.rota.engine import load_solver
from wayhouse.meetings.rota.greedy import greedy
from wayhouse.meetings.rota.planner import Planner
from wayhouse.meetings.rota.problem import Problem
from wayhouse.meetings.rota.result import Progress, Result
from wayhouse.meetings.rota.search import Search
from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Tables

SMALL = 300  # shifts for which the whole model is tried first
WHOLE_FIRST = 0.3  # shares of the time
GUIDE_FIRST = 0.2
FACES_FIRST = 0.2
FINE_FIRST = 0.7
COVER_FIRST = 0.2
QUICK, GUIDED, GUIDED_FEW = 0.2, 0.8, 0.4


def solve(
    problem: Problem,
    *,
    time_limit: float,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    work_limit: float = math.inf,
) -> Result:
    """Plan a rota: the best valid one found, a proven lower bound, and why any meeting is not staffed.

    Stops when the rota is proven best, after `time_limit` seconds, or soon after `should_stop` returns true; even
    then there is a rota, since a greedy one comes first. Both hooks are called in the calling thread.

    The same problem and seed give the same rota whenever the clock did not cut the search short: when it ended with
    a proof, or by `work_limit`, which counts the solver's deterministic units (about a second of work each) where a
    time limit would depend on the machine. Error: `ValueError` for a limit below zero or not a number.
    """
    if not (time_limit >= 0 and work_limit >= 0):
        raise ValueError("a limit must be zero or more")
    tables = Tables.of(problem)
    search = Search(
        tables, time_limit=time_limit, work_limit=work_limit, on_progress=on_progress, should_stop=should_stop
    )
    staffing = greedy(tables, search.stopped)
    search.offer(staffing)
    if not search.over():
        _improve(search, staffing, seed)
    return search.result()


def _improve(search: Search, staffing: Staffing, seed: int) -> None:
    """Small problems whole; then, for a rota made from nothing, the faces first; then neighbourhoods to the end."""
    planner = Planner(search, staffing, seed)
    if search.tables.shifts <= SMALL:
        planner.plan_whole(search.share(WHOLE_FIRST))
    if search.over():
        return
    afresh = not any(place in search.tables.announced for place in search.tables.ahead)
    with Bounder(search) as bounder:
        if afresh and bounder.is_quick and not search.works:
            _plan_few(search, bounder, planner, seed)
        elif afresh and can_cool(search):
            _cool(search, bounder, planner, seed)
            planner.staffing = Staffing.of(search.tables, search.meetings)
        else:
            faces = bounder.faces(GUIDE_FIRST * search.seconds_left)
            if faces and afresh:
                planner.start_from(faces, search.share(FACES_FIRST))
            planner.staffing = cover_gaps(search, seed, COVER_FIRST)
        bounder.go_on()
        while not search.over():
            planner.improve(lambda: search.over() or (afresh and bounder.has_faces))
            if not search.over() and (faces := bounder.take_faces()):
                plan = planner.plan_faces if bounder.is_quick else planner.start_from
                plan(faces, search.share(FACES_FIRST))


def _plan_few(search: Search, bounder: Bounder, planner: Planner, seed: int) -> None:
    """Anneal while a fine program runs beside it; then plan with the faces of its solution: that is often the best."""
    bounder.begin_finer()
    load_solver()
    over = search.share(FINE_FIRST)
    cooling = Cooling(search, planner.staffing, seed) if can_cool(search) else None
    while not (over() or bounder.has_faces):
        if cooling:
            cooling.quick(QUICK, until=lambda: bounder.has_faces)
            planner.staffing = Staffing.of(search.tables, search.meetings)
        else:
            planner.improve(lambda: over() or bounder.has_faces)
    if faces := bounder.take_faces() or bounder.faces_so_far:
        planner.plan_faces(faces, search.share(WHOLE_FIRST))
        if cooling and not search.over():
            cooling.guided(faces, GUIDED_FEW)
            planner.staffing = Staffing.of(search.tables, search.meetings)
            planner.plan_faces(faces, search.share(WHOLE_FIRST))


def _cool(search: Search, bounder: Bounder, planner: Planner, seed: int) -> None:
    """Anneal from nothing; cover what is left uncovered; then again, guided by the faces that the bound suggests."""
    bounder.begin()
    cooling = Cooling(search, planner.staffing, seed)
    cooling.quick(QUICK)
    cooling.take(cover_gaps(search, seed, COVER_FIRST, dearer=True))
    cooling.guided(bounder.guide(GUIDE_FIRST * search.seconds_left), GUIDED)

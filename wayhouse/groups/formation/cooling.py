"""Cooling a plan: annealing in small pieces, so that it can be watched and stopped."""

from pathlib import Path

from wayhouse.core.compiled import can_compile, is_kept
from wayhouse.groups.formation.plan import Plan
from wayhouse.groups.formation.problem import Problem, Size
from wayhouse.groups.formation.search import Search
from wayhouse.groups.formation.tables import NONE, Tables

STEPS_A_UNIT = 400_000  # proposals in a deterministic unit of work, about a second
PIECE = 0.1  # units or seconds of one piece
HOT, COLD = 0.3, 0.0125  # shares of the price of a group
PATIENCE = 10.0  # an offer is made after so many times what the last one took
MOST_SEATS, MOST_LABELS = 100, 50  # larger groups or more mix labels would cost more than they gain
COMPILING = 45.0  # seconds that must be left where the code still has to be compiled


def cool(search: Search, seed: int, share: float) -> None:
    """Anneal the best plan, from hot to cold in a share of what is left; what it finds is offered to the search."""
    from wayhouse.core.chance import new_state
    from wayhouse.groups.formation.annealing import anneal
    from wayhouse.groups.formation.attempt import new_log
    from wayhouse.groups.formation.board import board_of, plan_of

    board, price, state = board_of(search.best), search.objective, new_state(seed)
    log = new_log(board)
    unit = max(1, search.tables.weights.open_group)
    progress, steps, next_offer = search.progress(share), round(PIECE * STEPS_A_UNIT), 1.0
    while (done := progress()) < 1 and not search.over():
        started = search.seconds
        price += anneal(board, state, log, unit * HOT * (COLD / HOT) ** done, steps)
        search.work_left -= steps / STEPS_A_UNIT
        if not search.works:
            steps = round(min(2.0, max(0.5, PIECE / max(1e-3, search.seconds - started))) * steps)
        if price < search.objective and search.seconds > next_offer:
            began = search.seconds
            search.offer(plan_of(board, search.tables))
            next_offer = search.seconds + PATIENCE * (search.seconds - began)
    search.offer(plan_of(board, search.tables))


def can_cool(search: Search) -> bool:
    """Whether annealing is there, nobody has a group already, and there is time enough."""
    tables = search.tables
    if not can_compile() or tables.size.max > MOST_SEATS or len(set(tables.mix)) > MOST_LABELS:
        return False
    if not tables.option_count or any(group != NONE for group in tables.stays):
        return False
    return search.seconds_left >= COMPILING or is_kept(Path(__file__).parent, "anneal")


def prepare() -> bool:
    """Compile ahead of the first plan, which takes some seconds; whether there is anything to compile with."""
    from wayhouse.core.chance import new_state
    from wayhouse.groups.formation.annealing import anneal
    from wayhouse.groups.formation.attempt import new_log
    from wayhouse.groups.formation.board import board_of

    if can_compile():
        empty = Problem(size=Size(1, 1, 1), pools=(), max_groups=1, cells=(), people=())
        board = board_of(Plan(Tables.of(empty)))
        anneal(board, new_state(0), new_log(board), 1.0, 0)
    return can_compile()

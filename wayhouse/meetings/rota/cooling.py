"""Cooling a rota: annealing in small pieces, so that it can be watched and stopped, first as it is, then guided.

Guided means that faces which the bound's program has in its best solution are free at first and others dear: that
program sees all groups at once where a small change sees one.
"""

from collections.abc import Callable, Collection
from pathlib import Path

from wayhouse.core.compiled import can_compile, is_kept
from wayhouse.meetings.rota.objective import evaluate
from wayhouse.meetings.rota.problem import Problem
from wayhouse.meetings.rota.search import Search
from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Pair, Tables

STEPS_A_UNIT = 400_000  # proposals in a deterministic unit of work, about a second
PIECE, OFFER_EVERY = 0.1, 1.0  # units or seconds of one piece, seconds between offers
HOT, COOL, COLD = 0.5, 0.11, 0.045  # shares of the price of a face
DEAR = 2.7  # the price of a face that the guide does not have
COMPILING = 45.0  # seconds that must be left where the code still has to be compiled


class Cooling:
    """A rota that is annealed again and again; what it finds is offered to the search."""

    def __init__(self, search: Search, staffing: Staffing, seed: int) -> None:
        from wayhouse.core.chance import new_state
        from wayhouse.meetings.rota.annealing import new_log

        self._search = search
        self.take(staffing)
        self._state = new_state(seed)
        self._log = new_log()
        self._face = max(1, search.tables.weights.new_face)
        self._steps = round(PIECE * STEPS_A_UNIT)
        self._offered = 0.0

    def take(self, staffing: Staffing) -> None:
        """Go on from this rota."""
        from wayhouse.meetings.rota.board import board_of

        self._board = board_of(staffing)
        self._price = _price(self._search, staffing)

    def quick(self, part: float, until: Callable[[], bool] = lambda: False) -> None:
        """From hot to cold in a part of what is left, or `until`: a fair rota soon."""
        progress = self._search.progress(part)
        self._cool(lambda: 1 if until() else progress(), HOT, COLD)
        self._offer()

    def guided(self, faces: Collection[Pair] | None, part: float) -> None:
        """Again from hot, with these faces free and others dear; then with true prices from where that ended."""
        from wayhouse.meetings.rota.board import price_faces

        true = self._search.tables.weights.new_face
        if faces is not None:
            price_faces(self._board, faces, 0, round(DEAR * self._face))
        self._cool(self._search.progress(part / 2), HOT, COOL)
        price_faces(self._board, (), true, true)
        self._price = _price(self._search, self.staffing())
        self._cool(self._search.progress(part / 2 / (1 - part / 2)), COOL, COLD)
        self._offer()

    def staffing(self) -> Staffing:
        """The rota as it stands."""
        from wayhouse.meetings.rota.board import staffing_of

        return staffing_of(self._board, self._search.tables)

    def _cool(self, progress: Callable[[], float], hot: float, cold: float) -> None:
        from wayhouse.meetings.rota.annealing import anneal

        search = self._search
        while (done := progress()) < 1 and not search.over():
            heat = self._face * hot * (cold / hot) ** done
            started = search.seconds
            self._price += anneal(self._board, self._state, self._log, heat, heat, self._steps)
            search.work_left -= self._steps / STEPS_A_UNIT
            self._keep_pace(search.seconds - started)
            # Where the same work gives the same rota, no clock may say what is kept.
            if self._price < search.objective and (search.works or search.seconds > self._offered + OFFER_EVERY):
                self._offer()

    def _keep_pace(self, seconds: float) -> None:
        """Pieces short enough to be stopped soon, where they need not be the same on every machine."""
        if not self._search.works:
            self._steps = round(min(2.0, max(0.5, PIECE / max(1e-3, seconds))) * self._steps)

    def _offer(self) -> None:
        self._offered = self._search.seconds
        self._search.offer(self.staffing())


def can_cool(search: Search) -> bool:
    """Whether annealing is there, has something to do, and time enough."""
    if not (can_compile() and search.tables.ahead and search.tables.shifts):
        return False
    return search.seconds_left >= COMPILING or is_kept(Path(__file__).parent, "anneal")


def prepare() -> bool:
    """Compile ahead of the first rota, which takes some seconds; whether there is anything to compile with."""
    from wayhouse.core.chance import new_state
    from wayhouse.meetings.rota.annealing import anneal, new_log
    from wayhouse.meetings.rota.board import board_of

    if can_compile():
        empty = Problem(weeks=1, groups=(), staff=())
        anneal(board_of(Staffing(Tables.of(empty))), new_state(0), new_log(), 1.0, 1.0, 0)
    return can_compile()


def _price(search: Search, staffing: Staffing) -> int:
    return sum(evaluate(search.tables.problem, staffing.meetings()).values())

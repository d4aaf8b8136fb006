"""One attempt to change a board, compiled: what it did is noted, so that it can be taken back."""

import numpy as np

from wayhouse.core.chance import State, draw, draw_share
from wayhouse.core.compiled import compiled
from wayhouse.groups.formation.board import (
    ABLE,
    CIRCLE,
    EMPTY,
    HOME,
    LEAST,
    MOST,
    OPEN,
    OPTION,
    OPTIONS,
    PERSON,
    ROOMS,
    SIZE,
    TARGET,
    USES,
    Board,
    Ints,
)
from wayhouse.groups.formation.changes import close_circle, leave, open_circle, price_of_opening, sit

NONE = 1 << 60  # no such change
SAT, LEFT, OPENED, CLOSED = range(4)


@compiled
def sit_noted(board: Board, log: Ints, option: int, circle: int) -> int:
    """Seat somebody; what the price rises by."""
    _note(log, SAT, board.options[option, PERSON], 0)
    return sit(board, option, circle)


@compiled
def leave_noted(board: Board, log: Ints, person: int) -> int:
    """Take somebody from their seat if they have one; what the price rises by."""
    circle = board.seats[person, CIRCLE]
    if circle == EMPTY:
        return 0
    _note(log, LEFT, board.seats[person, OPTION], circle)
    return leave(board, person)


@compiled
def open_noted(board: Board, log: Ints, cell: int) -> int:
    """Open a circle, which `may_open` allowed; its number. It costs `price_of_opening`."""
    circle = open_circle(board, cell)
    _note(log, OPENED, circle, 0)
    return circle


@compiled
def close_noted(board: Board, log: Ints, circle: int) -> int:
    """Close a group; its people have no seat then."""
    rise = -price_of_opening(board)
    while board.circles[circle, SIZE]:
        rise += leave_noted(board, log, board.members[circle, board.circles[circle, SIZE] - 1])
    _note(log, CLOSED, board.circles[circle, HOME], 0)
    close_circle(board, circle)
    return rise


@compiled
def take_back(board: Board, log: Ints) -> None:
    """Undo a proposal, the last change first. A circle that opens again has the number it had."""
    for entry in range(log[0, 0], 0, -1):
        kind = log[entry, 0]
        if kind == SAT:
            leave(board, log[entry, 1])
        elif kind == LEFT:
            sit(board, log[entry, 1], log[entry, 2])
        elif kind == OPENED:
            close_circle(board, log[entry, 1])
        else:
            open_circle(board, log[entry, 1])


@compiled
def some_option(board: Board, state: State, person: int) -> int:
    """An option of somebody, cheap ones more often."""
    first = board.people[person, OPTIONS]
    share = draw_share(state)
    count = board.people[person + 1, OPTIONS] - first
    return int(min(first + count - 1, first + int(share * share * count)))


@compiled
def some_circle(board: Board, state: State, cell: int) -> int:
    """An open circle of a cell, or `EMPTY`."""
    count = board.cells[cell, OPEN]
    return int(board.rooms[board.cells[cell, ROOMS] + draw(state, count)]) if count else EMPTY


@compiled
def some_able(board: Board, state: State, cell: int) -> int:
    """Somebody who could come to a cell."""
    first = board.cells[cell, ABLE]
    return int(board.options[board.lists[first + draw(state, board.cells[cell, USES] - first)], PERSON])


@compiled
def _note(log: Ints, kind: int, one: int, other: int) -> None:
    count = log[0, 0] + 1
    log[0, 0] = count
    log[count, 0], log[count, 1], log[count, 2] = kind, one, other


def new_log(board: Board) -> Ints:
    """Room for the changes of one attempt, of three numbers each; the first says how many there are.

    At most two circles and one for each pool of a cell close beside those that are left with too few, and everybody
    who gets up sits down again.
    """
    least, target, most = (int(board.limits[place]) for place in (LEAST, TARGET, MOST))
    closing = 2 + int((board.cells[1:, ABLE] - board.cells[:-1, USES]).max(initial=0))
    return np.zeros((8 + 2 * (closing * (most + 1) + (target + 1) * (least + 2)), 3), np.int64)

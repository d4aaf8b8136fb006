"""Rebuilding, compiled: a group closes, another opens and gathers those for whom it is best."""

import numpy as np

from wayhouse.core.chance import State, draw
from wayhouse.core.compiled import compiled
from wayhouse.groups.formation.attempt import (
    LEFT,
    NONE,
    close_noted,
    leave_noted,
    open_noted,
    sit_noted,
    some_able,
    some_option,
)
from wayhouse.groups.formation.board import (
    ABLE,
    CELL,
    CIRCLE,
    COST,
    EAR,
    EMPTY,
    HOME,
    LEAST,
    OPEN,
    OPTION,
    OPTIONS,
    PERSON,
    ROOMS,
    SIZE,
    TARGET,
    UNPLACED,
    USES,
    Board,
    Ints,
)
from wayhouse.groups.formation.changes import leave, may_open, may_sit, option_in, price_of_opening, sit

OPEN_ONLY, CLOSE_ONLY, NEIGHBOUR = 0, 1, 3  # of four ways to rebuild
LOOKED_AT = 96  # people asked for a new group


@compiled
def rebuild(board: Board, state: State, log: Ints, person: int, heat: float) -> int:
    """Close a group, open another for somebody, or both; whoever lost their seat goes where it costs least."""
    kind = draw(state, 4)
    option = some_option(board, state, person)
    cell = board.options[option, CELL]
    closes = board.seats[person, CIRCLE]
    if kind >= NEIGHBOUR or (kind != OPEN_ONLY and closes == EMPTY):
        closes = board.seats[some_able(board, state, cell), CIRCLE]
    rise = close_noted(board, log, closes) if kind != OPEN_ONLY and closes != EMPTY else 0
    if kind != CLOSE_ONLY:
        rise += _free_interpreter(board, state, log, option)
        if board.seats[person, CIRCLE] == EMPTY:
            rise += _free_pools(board, state, log, cell)
        if not may_open(board, cell):
            return NONE
        circle = open_noted(board, log, cell)
        rise += price_of_opening(board) + _join(board, log, option, circle)
        rise += _gather(board, state, log, circle, heat)
        if board.circles[circle, SIZE] < board.limits[LEAST]:
            return NONE
    for entry in range(1, log[0, 0] + 1):
        if log[entry, 0] == LEFT and board.seats[board.options[log[entry, 1], PERSON], CIRCLE] == EMPTY:
            rise += _seat_best(board, log, board.options[log[entry, 1], PERSON])
    return rise


@compiled
def _free_interpreter(board: Board, state: State, log: Ints, option: int) -> int:
    """Where an option lacks an interpreter, take one from another group: who needs them there loses their seat."""
    ear = board.options[option, EAR]
    if ear == EMPTY or board.left[ear] > 0:
        return 0
    cell = board.options[option, CELL]
    for _ in range(LOOKED_AT):
        seat = board.seats[some_able(board, state, cell), OPTION]
        if seat != EMPTY and board.options[seat, EAR] == ear:
            return _hush(board, log, board.seats[board.options[seat, PERSON], CIRCLE], ear)
    return 0


@compiled
def _free_pools(board: Board, state: State, log: Ints, cell: int) -> int:
    """Where a cell lacks a room or a facilitator, a group that has them closes, whoever could come to it."""
    rise = 0
    for place in range(board.cells[cell, USES], board.cells[cell + 1, ABLE]):
        if board.left[board.lists[place]] <= 0:
            circle = _user_of(board, state, board.lists[place])
            rise += close_noted(board, log, circle) if circle != EMPTY else 0
    return rise


@compiled
def _user_of(board: Board, state: State, pool: int) -> int:
    """Some open group that uses a pool, or `EMPTY`."""
    count = len(board.circles)
    start = draw(state, count)
    for step in range(count):
        circle = (start + step) % count
        if board.circles[circle, SIZE]:
            cell = board.circles[circle, HOME]
            for place in range(board.cells[cell, USES], board.cells[cell + 1, ABLE]):
                if board.lists[place] == pool:
                    return circle
    return EMPTY


@compiled
def _hush(board: Board, log: Ints, circle: int, ear: int) -> int:
    """Those who need this interpreter leave a group; it closes if it is too small then."""
    rise = 0
    for seat in range(board.circles[circle, SIZE] - 1, -1, -1):
        person = board.members[circle, seat]
        if board.options[board.seats[person, OPTION], EAR] == ear:
            rise += leave_noted(board, log, person)
    return rise if board.circles[circle, SIZE] >= board.limits[LEAST] else rise + close_noted(board, log, circle)


@compiled
def _gather(board: Board, state: State, log: Ints, circle: int, heat: float) -> int:
    """Fill a new group with those for whom it is best: people who lost their seat, and some who could come."""
    count = board.cells[board.circles[circle, HOME], USES] - board.cells[board.circles[circle, HOME], ABLE]
    room = min(count, LOOKED_AT) + log[0, 0]
    options, gains = np.empty(room, np.int64), np.empty(room, np.int64)
    found = _find_freed(board, log, circle, options, gains)
    found = _find_able(board, state, circle, options, gains, found)
    rise = 0
    for _ in range(board.limits[TARGET] - board.circles[circle, SIZE]):
        best = EMPTY
        for place in range(found):
            if options[place] != EMPTY and (best == EMPTY or gains[place] < gains[best]):
                best = place
        if best == EMPTY or (gains[best] > heat and board.circles[circle, SIZE] >= board.limits[LEAST]):
            break
        rise += _join(board, log, options[best], circle)
        options[best] = EMPTY
    return rise


@compiled
def _find_freed(board: Board, log: Ints, circle: int, options: Ints, gains: Ints) -> int:
    """Those who lost their seat and could come, with what they would pay here more than elsewhere; how many."""
    found = 0
    for entry in range(1, log[0, 0] + 1):
        option = EMPTY
        if log[entry, 0] == LEFT:
            option = option_in(board, board.options[log[entry, 1], PERSON], board.circles[circle, HOME])
        if option != EMPTY and board.seats[board.options[option, PERSON], CIRCLE] == EMPTY:
            options[found] = option
            gains[found] = board.options[option, COST] - _elsewhere(board, board.options[option, PERSON])
            found += 1
    return found


@compiled
def _find_able(board: Board, state: State, circle: int, options: Ints, gains: Ints, found: int) -> int:
    """Some more who could come, with what they would pay here more than now; how many there are in all."""
    cell = board.circles[circle, HOME]
    first, count = board.cells[cell, ABLE], board.cells[cell, USES] - board.cells[cell, ABLE]
    start = draw(state, count)
    for step in range(min(count, LOOKED_AT)):
        option = board.lists[first + (start + step) % count]
        person = board.options[option, PERSON]
        seat = board.seats[person, OPTION]
        if board.seats[person, CIRCLE] == circle or (seat == EMPTY and (options[:found] == option).any()):
            continue
        paid = board.weights[UNPLACED] if seat == EMPTY else board.options[seat, COST]
        options[found] = option
        gains[found] = board.options[option, COST] - paid
        found += 1
    return found


@compiled
def _join(board: Board, log: Ints, option: int, circle: int) -> int:
    """Take somebody into a group from wherever they are, if both groups may; what the price rises by."""
    person = board.options[option, PERSON]
    before = board.seats[person, CIRCLE]
    if not may_sit(board, option, circle):
        return 0
    if before != EMPTY and board.circles[before, SIZE] <= board.limits[LEAST]:
        if board.circles[circle, SIZE] >= board.limits[LEAST]:
            return 0
        return close_noted(board, log, before) + sit_noted(board, log, option, circle)
    return leave_noted(board, log, person) + sit_noted(board, log, option, circle)


@compiled
def _elsewhere(board: Board, person: int) -> int:
    """About what another seat would cost somebody: their cheapest one in an open group."""
    for option in range(board.people[person, OPTIONS], board.people[person + 1, OPTIONS]):
        if board.cells[board.options[option, CELL], OPEN] > 0:
            return int(board.options[option, COST])
    return int(board.weights[UNPLACED])


@compiled
def _seat_best(board: Board, log: Ints, person: int) -> int:
    """Seat somebody where it costs least; nothing where there is no seat."""
    best, place, least = EMPTY, EMPTY, NONE
    for option in range(board.people[person, OPTIONS], board.people[person + 1, OPTIONS]):
        if board.options[option, COST] - board.weights[UNPLACED] > least:
            break
        cell = board.options[option, CELL]
        for room in range(board.cells[cell, ROOMS], board.cells[cell, ROOMS] + board.cells[cell, OPEN]):
            circle = board.rooms[room]
            if may_sit(board, option, circle):
                rise = sit(board, option, circle)
                leave(board, person)
                if rise < least:
                    best, place, least = option, circle, rise
    return sit_noted(board, log, best, place) if best != EMPTY else 0

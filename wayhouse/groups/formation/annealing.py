"""Simulated annealing of groups, compiled: people change seats, groups open and close, worse less and less often.

Kirkpatrick, Gelatt and Vecchi, Optimization by Simulated Annealing, Science 220 (1983).
"""

import math

import numpy as np

from wayhouse.core.chance import State, draw, draw_share
from wayhouse.core.compiled import compiled
from wayhouse.groups.formation.attempt import NONE, leave_noted, sit_noted, some_circle, some_option, take_back
from wayhouse.groups.formation.board import CELL, CIRCLE, EMPTY, HOME, LEAST, OPTIONS, SIZE, Board, Ints
from wayhouse.groups.formation.changes import may_sit, option_in
from wayhouse.groups.formation.rebuilding import rebuild

REBUILDS, REBUILDS_FOR_WAITING = (
    24,
    512,
)  # of 1024 proposals, for people with and without a seat; the others change seats
TRIES = 3
WAITS = 64  # one of so many proposals is for somebody without a seat


@compiled
def anneal(board: Board, state: State, log: Ints, heat: float, steps: int) -> int:
    """So many proposals at one heat; returns what the price rose by."""
    price = 0
    people, waiting = len(board.seats), _waiting(board)
    for _ in range(steps if len(board.options) else 0):
        person = draw(state, people)
        if len(waiting) and draw(state, WAITS) == 0:
            person = waiting[draw(state, len(waiting))]
        if board.people[person, OPTIONS] == board.people[person + 1, OPTIONS]:
            continue
        log[0, 0] = 0
        rebuilds = REBUILDS if board.seats[person, CIRCLE] != EMPTY else REBUILDS_FOR_WAITING
        if draw(state, 1024) < rebuilds:
            rise = rebuild(board, state, log, person, heat)
        else:
            rise = _change_seat(board, state, log, person)
        if rise <= 0 or (rise < NONE and rise <= -heat * math.log(draw_share(state))):
            price += rise
        else:
            take_back(board, log)
    return price


@compiled
def _waiting(board: Board) -> Ints:
    """People with options who have no seat."""
    found = np.empty(len(board.seats), np.int64)
    count = 0
    for person in range(len(board.seats)):
        if board.seats[person, CIRCLE] == EMPTY and board.people[person, OPTIONS] < board.people[person + 1, OPTIONS]:
            found[count] = person
            count += 1
    return found[:count]


@compiled
def _change_seat(board: Board, state: State, log: Ints, person: int) -> int:
    """Somebody goes to another group; one of that group may have to go elsewhere."""
    option = some_option(board, state, person)
    circle, before = some_circle(board, state, board.options[option, CELL]), board.seats[person, CIRCLE]
    if circle in (EMPTY, before):
        return NONE
    rise = leave_noted(board, log, person)
    short = before != EMPTY and board.circles[before, SIZE] < board.limits[LEAST]
    if not short and may_sit(board, option, circle) and draw(state, 2):
        return rise + sit_noted(board, log, option, circle)
    other = board.members[circle, draw(state, board.circles[circle, SIZE])]
    rise += leave_noted(board, log, other)
    if not may_sit(board, option, circle):
        return NONE
    rise += sit_noted(board, log, option, circle)
    return rise + _make_way(board, state, log, other, before)


@compiled
def _make_way(board: Board, state: State, log: Ints, person: int, left: int) -> int:
    """Somebody goes to the group that was left for theirs, or elsewhere; what the price rises by."""
    short = left != EMPTY and board.circles[left, SIZE] < board.limits[LEAST]
    if left != EMPTY and (short or draw(state, 2)):
        option = option_in(board, person, board.circles[left, HOME])
        if option != EMPTY and may_sit(board, option, left):
            return sit_noted(board, log, option, left)
    for _ in range(0 if short else TRIES):
        option = some_option(board, state, person)
        circle = some_circle(board, state, board.options[option, CELL])
        if circle != EMPTY and may_sit(board, option, circle):
            return sit_noted(board, log, option, circle)
    return 0 if left == EMPTY else NONE

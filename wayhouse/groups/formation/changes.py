"""Small changes of a board, compiled: who sits where, which circles are open, and what that changes of the price."""

from wayhouse.core.compiled import compiled
from wayhouse.groups.formation.board import (
    ABLE,
    APART,
    CELL,
    CIRCLE,
    COST,
    DEVIATION,
    EAR,
    EMPTY,
    EXCESS,
    HOME,
    INTERPRETER,
    LIMIT,
    LISTENS,
    MIX,
    MOST,
    OPEN,
    OPENED,
    OPTION,
    OPTIONS,
    PERSON,
    RATIO,
    ROOM,
    ROOMS,
    SIZE,
    TARGET,
    UNPLACED,
    USES,
    Board,
)


@compiled
def may_open(board: Board, cell: int) -> bool:
    """Whether the cell, its pools and the total leave room for one more group."""
    if board.cells[cell, OPEN] >= board.cells[cell, LIMIT] or board.left[-1] <= 0:
        return False
    for place in range(board.cells[cell, USES], board.cells[cell + 1, ABLE]):
        if board.left[board.lists[place]] <= 0:
            return False
    return True


@compiled
def open_circle(board: Board, cell: int) -> int:
    """Open an empty circle, which `may_open` allowed; its number. It costs `price_of_opening`."""
    count = board.free[-1] - 1
    board.free[-1] = count
    circle = board.free[count]
    room = board.cells[cell, ROOMS] + board.cells[cell, OPEN]
    board.rooms[room] = circle
    board.circles[circle, HOME], board.circles[circle, SIZE], board.circles[circle, ROOM] = cell, 0, room
    _take(board, cell, 1)
    return int(circle)


@compiled
def close_circle(board: Board, circle: int) -> None:
    """Close a circle in which nobody sits."""
    cell, room = board.circles[circle, HOME], board.circles[circle, ROOM]
    _take(board, cell, -1)
    last = board.cells[cell, ROOMS] + board.cells[cell, OPEN]
    other = board.rooms[last]
    board.rooms[room] = other
    board.circles[other, ROOM] = room
    board.circles[circle, SIZE] = 0
    board.free[board.free[-1]] = circle
    board.free[-1] += 1


@compiled
def price_of_opening(board: Board) -> int:
    """What an empty circle costs."""
    return int(board.weights[OPENED] + board.weights[DEVIATION] * board.limits[TARGET])


@compiled
def may_sit(board: Board, option: int, circle: int) -> bool:
    """Whether the circle, which is one of the option's cell, has a seat: size, interpreter, keep-apart."""
    if board.circles[circle, SIZE] >= board.limits[MOST]:
        return False
    ear = board.options[option, EAR]
    if (
        ear != EMPTY
        and board.left[ear] <= 0
        and board.ears[circle, board.options[option, LISTENS]] % board.limits[RATIO] == 0
    ):
        return False
    person = board.options[option, PERSON]
    if board.people[person, APART] == board.people[person + 1, APART]:
        return True
    for seat in range(board.circles[circle, SIZE]):
        if _must_not_meet(board, person, board.members[circle, seat]):
            return False
    return True


@compiled
def sit(board: Board, option: int, circle: int) -> int:
    """Seat somebody who has no seat, as `may_sit` allowed; what the price rises by."""
    person, size = board.options[option, PERSON], board.circles[circle, SIZE]
    rise = board.options[option, COST] - board.weights[UNPLACED] - _price(board, circle)
    board.members[circle, size] = person
    board.circles[circle, SIZE] = size + 1
    if board.people[person, MIX] != EMPTY:
        board.mixes[circle, board.people[person, MIX]] += 1
    board.seats[person, CIRCLE], board.seats[person, OPTION] = circle, option
    return int(rise + _price(board, circle) + _listen(board, option, circle, 1))


@compiled
def leave(board: Board, person: int) -> int:
    """Take somebody from their seat; what the price rises by."""
    circle, option = board.seats[person, CIRCLE], board.seats[person, OPTION]
    rise = board.weights[UNPLACED] - board.options[option, COST] - _price(board, circle)
    size = board.circles[circle, SIZE] - 1
    for seat in range(size):
        if board.members[circle, seat] == person:
            board.members[circle, seat] = board.members[circle, size]
            break
    board.circles[circle, SIZE] = size
    if board.people[person, MIX] != EMPTY:
        board.mixes[circle, board.people[person, MIX]] -= 1
    board.seats[person, CIRCLE] = board.seats[person, OPTION] = EMPTY
    return int(rise + _price(board, circle) + _listen(board, option, circle, -1))


@compiled
def option_in(board: Board, person: int, cell: int) -> int:
    """The option of somebody in a cell, or `EMPTY`."""
    low, high = board.people[person, OPTIONS], board.people[person + 1, OPTIONS]
    while low < high:
        middle = (low + high) // 2
        if board.options[board.by_cell[middle], CELL] < cell:
            low = middle + 1
        else:
            high = middle
    if low < board.people[person + 1, OPTIONS] and board.options[board.by_cell[low], CELL] == cell:
        return int(board.by_cell[low])
    return EMPTY


@compiled
def _price(board: Board, circle: int) -> int:
    """Size and mix of a circle. Only a label of more than half can be too many, so the largest tells."""
    size, most = board.circles[circle, SIZE], 0
    for label in range(board.mixes.shape[1]):
        most = max(most, board.mixes[circle, label])
    return int(
        board.weights[DEVIATION] * abs(size - board.limits[TARGET]) + board.weights[EXCESS] * max(0, 2 * most - size)
    )


@compiled
def _listen(board: Board, option: int, circle: int, count: int) -> int:
    """Count one more (1) or less (-1) who needs the interpreter of an option; what that costs."""
    ear = board.options[option, EAR]
    if ear == EMPTY:
        return 0
    listens, ratio = board.options[option, LISTENS], board.limits[RATIO]
    before = board.ears[circle, listens]
    board.ears[circle, listens] = before + count
    more = (before + count + ratio - 1) // ratio - (before + ratio - 1) // ratio
    board.left[ear] -= more
    return int(more * board.weights[INTERPRETER])


@compiled
def _must_not_meet(board: Board, one: int, other: int) -> bool:
    for place in range(board.people[other, APART], board.people[other + 1, APART]):
        for own in range(board.people[one, APART], board.people[one + 1, APART]):
            if board.lists[place] == board.lists[own]:
                return True
    return False


@compiled
def _take(board: Board, cell: int, count: int) -> None:
    board.cells[cell, OPEN] += count
    board.left[-1] -= count
    for place in range(board.cells[cell, USES], board.cells[cell + 1, ABLE]):
        board.left[board.lists[place]] -= count

"""Small changes to a board, what each does to the price, and taking them back: the inner loop of annealing, compiled.

Prices here are only differences; what comes out is judged by `objective.py` like any other rota.
"""

from wayhouse.core.compiled import compiled
from wayhouse.meetings.rota.board import (
    A_SPAN,
    A_WEEK,
    APART,
    COST,
    EMPTY,
    FACE,
    FACES,
    FIRST,
    GROUP,
    HEAVY,
    KNOWN,
    LEADS,
    MENTORS,
    MOST_BURDEN,
    PERSON,
    PLACE,
    RIVALS,
    TARGET,
    TOTAL,
    Board,
)

SPAN = 4


@compiled
def may_hold(board: Board, week: int, post: int, option: int) -> bool:
    """Whether the person of an option could take an empty post, by every hard rule."""
    return could_come(board, week, option) and _meets(board, week, post, board.options[option, PERSON])


@compiled
def could_come(board: Board, week: int, option: int) -> bool:
    """Whether a person could lead one more meeting in a week, whoever else leads it."""
    person = board.options[option, PERSON]
    full = board.loads[person, week] >= board.people[person, A_WEEK]
    if full or not board.here[person, week] or board.served[option, week]:
        return False
    for at in range(board.options[option, RIVALS], board.options[option + 1, RIVALS]):
        if board.served[board.lists[at], week]:
            return False
    return _bears(board, person, week, board.groups[board.options[option, GROUP], HEAVY])


@compiled
def _bears(board: Board, person: int, week: int, heavy: int) -> bool:
    """Whether a person may lead one more meeting by the limits of four weeks and of weeks in a row."""
    weeks = board.here.shape[1]
    loads, burden = board.loads, board.burden
    for start in range(max(0, week - SPAN + 1), min(week, weeks - SPAN) + 1):
        meetings, weight = 1, heavy
        for at in range(start, start + SPAN):
            meetings += loads[person, at]
            weight += burden[person, at]
        if meetings > board.people[person, A_SPAN] or weight > board.people[person, MOST_BURDEN]:
            return False
    if loads[person, week]:
        return True
    before = after = 0
    while before < board.run and week - before > 0 and loads[person, week - before - 1]:
        before += 1
    while after < board.run and week + after < weeks - 1 and loads[person, week + after + 1]:
        after += 1
    return bool(before + after < board.run)


@compiled
def _meets(board: Board, week: int, post: int, person: int) -> bool:
    """Whether nobody at the meeting is kept apart from a person."""
    group = board.places[post, PLACE]
    for entry in range(board.people[person, APART], board.people[person + 1, APART]):
        for at in range(board.groups[group, FIRST], board.groups[group + 1, FIRST]):
            option = board.posts[week, at]
            if option != EMPTY and board.options[option, PERSON] == board.lists[entry]:
                return False
    return True


@compiled
def set_post(board: Board, week: int, post: int, option: int) -> int:
    """Give a post to an option, or to nobody, whatever the rules say; returns what the price rises by."""
    group = board.places[post, PLACE]
    price = -_price_near(board, group, week)
    before = board.posts[week, post]
    if before != EMPTY:
        price += _enter(board, week, before, -1)
    board.posts[week, post] = option
    if option != EMPTY:
        price += _enter(board, week, option, 1)
    return int(price + _price_near(board, group, week))


@compiled
def _enter(board: Board, week: int, option: int, count: int) -> int:
    """One meeting more or less in the books of a person."""
    person = board.options[option, PERSON]
    price = count * (board.options[option, COST] + board.change[option, week])
    off = abs(board.people[person, TOTAL] - board.people[person, TARGET])
    price -= board.weights[3] * max(0, off - 1)
    faces = board.options[option, FACES]
    if faces == 0 or (faces == 1 and count < 0):
        price += count * board.options[option, FACE]
    _count(board, week, option, count)
    off = abs(board.people[person, TOTAL] - board.people[person, TARGET])
    return int(price + board.weights[3] * max(0, off - 1))


@compiled
def restore_post(board: Board, week: int, post: int, option: int) -> None:
    """The same without the price, to take a change back."""
    before = board.posts[week, post]
    if before != EMPTY:
        _count(board, week, before, -1)
    board.posts[week, post] = option
    if option != EMPTY:
        _count(board, week, option, 1)


@compiled
def _count(board: Board, week: int, option: int, count: int) -> None:
    """Write one meeting more or less into the books of a person."""
    person = board.options[option, PERSON]
    board.options[option, FACES] += count
    board.served[option, week] = count > 0
    board.loads[person, week] += count
    board.burden[person, week] += count * board.groups[board.options[option, GROUP], HEAVY]
    board.people[person, TOTAL] += count


@compiled
def _price_near(board: Board, group: int, week: int) -> int:
    """What a meeting lacks, and whether it and the next share nobody with the one before."""
    first, leads, mentors = board.groups[group, FIRST], board.groups[group, LEADS], board.groups[group, MENTORS]
    here = 0
    price = 0
    for post in range(first, first + leads):
        here += board.posts[week, post] != EMPTY
    price += board.weights[0] * (here < leads)
    here = 0
    for post in range(first + leads, first + leads + mentors):
        here += board.posts[week, post] != EMPTY
    price += board.weights[0] * (here == 0) + board.weights[1] * (here < mentors)
    price += board.weights[2] * _strange(board, group, week)
    return int(price + board.weights[2] * _strange(board, group, week + 1))


@compiled
def _strange(board: Board, group: int, week: int) -> bool:
    """Whether a meeting ahead shares nobody with the one before."""
    if week == 0 or week < board.passed or week >= board.here.shape[1]:
        return False
    for post in range(board.groups[group, FIRST], board.groups[group + 1, FIRST]):
        option = board.posts[week, post]
        if option == EMPTY:
            continue
        if week == board.passed:
            if board.options[option, KNOWN]:
                return False
        elif board.served[option, week - 1]:
            return False
    return True

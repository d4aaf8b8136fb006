"""Simulated annealing over posts, compiled: many small changes, worse ones less and less often.

Kirkpatrick, Gelatt and Vecchi, Optimization by Simulated Annealing, Science 220 (1983).
"""

import math

import numpy as np

from wayhouse.core.chance import draw, draw_share
from wayhouse.core.compiled import compiled
from wayhouse.meetings.rota.board import ABLE, ABLE_TO, EMPTY, FIRST, GROUP, LEADS, OPTIONS, PERSON, PLACE, Board, Ints
from wayhouse.meetings.rota.moves import could_come, may_hold, restore_post, set_post

LOG = 256
NONE = 1 << 60  # no such change
FAMILIAR = 3  # of eight candidates, so many serve the group in another week, half of these in the week before or after
AROUND = 3  # weeks before and after, whose meetings count for the limits of a week
LACKS = 64  # one of so many proposals is for a meeting that is not covered
REPLACE, REPLACE_RUN, SWAP_WEEKS = 7, 11, 13  # of sixteen proposals; the others swap groups


@compiled
def anneal(board: Board, state: Ints, log: Ints, hot: float, cold: float, steps: int) -> int:
    """So many proposals while it cools from `hot` to `cold`; returns what the price rose by. `log` holds (LOG, 3)."""
    price = 0
    if board.posts.shape[1] == 0 or board.passed >= board.here.shape[1]:
        return price
    cooling = (cold / hot) ** (1.0 / max(1, steps))
    heat, lacking = hot, _uncovered(board)
    for _ in range(steps):
        heat *= cooling
        log[0, 0] = 0
        if len(lacking) and draw(state, LACKS) == 0:
            post = lacking[draw(state, len(lacking))]
            rise = _cover(board, state, log, post[0], post[1])
        else:
            rise = _propose(board, state, log)
        if rise <= 0 or (rise < NONE and rise <= -heat * math.log(draw_share(state))):
            price += rise
        else:
            _take_back(board, log)
    return int(price)


@compiled
def _uncovered(board: Board) -> Ints:
    """Empty posts without which a meeting is not covered: of those who lead, and of mentors where there is none."""
    weeks, posts = board.posts.shape
    found = np.empty(((weeks - board.passed) * posts, 2), np.int64)
    count = 0
    for week in range(board.passed, weeks):
        for post in range(posts):
            if board.posts[week, post] != EMPTY or board.places[post, ABLE] == board.places[post, ABLE_TO]:
                continue
            first, last = _posts_like(board, post)
            leads = first == board.groups[board.places[post, PLACE], FIRST]
            if leads or (board.posts[week, first:last] == EMPTY).all():
                found[count, 0], found[count, 1] = week, post
                count += 1
    return found[:count]


@compiled
def _cover(board: Board, state: Ints, log: Ints, week: int, post: int) -> int:
    """Somebody for an empty post, who may be taken from a meeting at that hour or in the weeks around it."""
    option = _candidate(board, state, week, post)
    if board.posts[week, post] != EMPTY or option == EMPTY or board.served[option, week]:
        return NONE
    other, at, rise = EMPTY, week, 0
    if not may_hold(board, week, post, option):
        at = week + draw(state, 2 * AROUND + 1) - AROUND
        if not board.passed <= at < board.here.shape[1]:
            return NONE
        other = _post_that_week(board, at, board.options[option, PERSON])
        if other == EMPTY:
            return NONE
        rise = _put(board, log, at, other, EMPTY)
        if not may_hold(board, week, post, option):
            return NONE
    rise += _put(board, log, week, post, option)
    return rise if other == EMPTY else rise + _refill(board, state, log, at, other, EMPTY)


@compiled
def _propose(board: Board, state: Ints, log: Ints) -> int:
    week = board.passed + draw(state, board.here.shape[1] - board.passed)
    post = draw(state, board.posts.shape[1])
    kind = draw(state, 16)
    if kind < REPLACE:
        return _replace(board, state, log, week, post)
    if kind < REPLACE_RUN:
        return _replace_run(board, state, log, week, post)
    if kind < SWAP_WEEKS:
        return _swap_weeks(board, state, log, week, post)
    return _swap_groups(board, state, log, week, post)


@compiled
def _put(board: Board, log: Ints, week: int, post: int, option: int) -> int:
    """Set a post and remember what was there."""
    count = log[0, 0] + 1
    log[0, 0] = count
    log[count, 0], log[count, 1], log[count, 2] = week, post, board.posts[week, post]
    return set_post(board, week, post, option)


@compiled
def _take_back(board: Board, log: Ints) -> None:
    for entry in range(log[0, 0], 0, -1):
        restore_post(board, log[entry, 0], log[entry, 1], log[entry, 2])


@compiled
def _candidate(board: Board, state: Ints, week: int, post: int) -> int:
    """An option that could hold a post, by its role and group alone: often one that serves there in another week.

    A face that a group has already costs nothing more, and in a large programme chance would seldom find it.
    """
    if draw(state, 8) >= FAMILIAR:
        return _someone(board, state, post)
    first, last = _posts_like(board, post)
    weeks = board.here.shape[1]
    near = week + 2 * draw(state, 2) - 1 if draw(state, 2) else draw(state, weeks)
    if not 0 <= near < weeks:
        return _someone(board, state, post)
    option = board.posts[near, first + draw(state, last - first)]
    return int(option) if option != EMPTY else _someone(board, state, post)


@compiled
def _someone(board: Board, state: Ints, post: int) -> int:
    """Any option that could hold a post, by its role and group alone."""
    count = board.places[post, ABLE_TO] - board.places[post, ABLE]
    return int(board.lists[board.places[post, ABLE] + draw(state, count)]) if count else EMPTY


@compiled
def _replace(board: Board, state: Ints, log: Ints, week: int, post: int) -> int:
    """Give a post to somebody else; who leads another meeting that week may be taken from there."""
    before, option = board.posts[week, post], _candidate(board, state, week, post)
    if option == EMPTY or board.served[option, week]:
        return _put(board, log, week, post, EMPTY) if before != EMPTY and option == before else NONE
    other, rise = EMPTY, 0
    if not could_come(board, week, option):
        other = _post_that_week(board, week, board.options[option, PERSON])
        if other == EMPTY:
            return NONE
        rise = _put(board, log, week, other, EMPTY)
    rise += _put(board, log, week, post, EMPTY) if before != EMPTY else 0
    if not may_hold(board, week, post, option):
        return NONE
    rise += _put(board, log, week, post, option)
    if other == EMPTY:
        return rise
    return rise + _refill(board, state, log, week, other, EMPTY if before == EMPTY else board.options[before, PERSON])


@compiled
def _post_that_week(board: Board, week: int, person: int) -> int:
    """A post that a person holds in a week, or `EMPTY`."""
    if board.loads[person, week] == 0:
        return EMPTY
    for option in range(board.people[person, OPTIONS], board.people[person + 1, OPTIONS]):
        if board.served[option, week]:
            group = board.options[option, GROUP]
            for post in range(board.groups[group, FIRST], board.groups[group + 1, FIRST]):
                if board.posts[week, post] == option:
                    return post
    return EMPTY


@compiled
def _refill(board: Board, state: Ints, log: Ints, week: int, post: int, person: int) -> int:
    """Give an empty post to this person if they could hold it, or to somebody by chance, or to nobody."""
    if person != EMPTY:
        for option in range(board.people[person, OPTIONS], board.people[person + 1, OPTIONS]):
            if board.options[option, GROUP] == board.places[post, PLACE] and may_hold(board, week, post, option):
                return _put(board, log, week, post, option)
    for _ in range(4):
        option = _someone(board, state, post)
        if option != EMPTY and may_hold(board, week, post, option):
            return _put(board, log, week, post, option)
    return 0


@compiled
def _replace_run(board: Board, state: Ints, log: Ints, week: int, post: int) -> int:
    """Let somebody else take the meetings of a person, or the empty places, in some weeks in a row."""
    before, option = board.posts[week, post], _candidate(board, state, week, post)
    if option in (EMPTY, before):
        return NONE
    first, last = _posts_like(board, post)
    rise = 0
    for at in range(week, min(board.here.shape[1], week + 2 + draw(state, board.here.shape[1]))):
        for place in range(first, last):
            if board.posts[at, place] == before and log[0, 0] + 2 < LOG:
                rise += _take_over(board, log, at, place, option)
                break
    return rise if log[0, 0] else NONE


@compiled
def _take_over(board: Board, log: Ints, week: int, post: int, option: int) -> int:
    """Give a post to somebody else if they could hold it."""
    before, rise = board.posts[week, post], 0
    if before != EMPTY:
        rise += _put(board, log, week, post, EMPTY)
    if may_hold(board, week, post, option):
        return rise + _put(board, log, week, post, option)
    return rise + _put(board, log, week, post, before) if before != EMPTY else rise


@compiled
def _posts_like(board: Board, post: int) -> tuple[int, int]:
    """The posts of one group and role: the first, and the one after the last."""
    group = board.places[post, PLACE]
    leads = board.groups[group, FIRST] + board.groups[group, LEADS]
    return (board.groups[group, FIRST], leads) if post < leads else (leads, board.groups[group + 1, FIRST])


@compiled
def _swap_weeks(board: Board, state: Ints, log: Ints, week: int, post: int) -> int:
    """Two people of a group take each other's week."""
    other_week = board.passed + draw(state, board.here.shape[1] - board.passed)
    first, last = _posts_like(board, post)
    other_post = first + draw(state, last - first)
    one, other = board.posts[week, post], board.posts[other_week, other_post]
    if EMPTY in (one, other) or one == other or board.served[one, other_week] or board.served[other, week]:
        return NONE
    rise = _put(board, log, week, post, EMPTY) + _put(board, log, other_week, other_post, EMPTY)
    if not may_hold(board, week, post, other):
        return NONE
    rise += _put(board, log, week, post, other)
    if not may_hold(board, other_week, other_post, one):
        return NONE
    return rise + _put(board, log, other_week, other_post, one)


@compiled
def _swap_groups(board: Board, state: Ints, log: Ints, week: int, post: int) -> int:
    """Somebody goes to another of their groups, in this week or another; who was there comes here if they may."""
    one = board.posts[week, post]
    if one == EMPTY:
        return NONE
    person = board.options[one, PERSON]
    count = board.people[person + 1, OPTIONS] - board.people[person, OPTIONS]
    goes = board.people[person, OPTIONS] + draw(state, count)
    weeks = board.here.shape[1] - board.passed
    other_week = week if draw(state, 2) else board.passed + draw(state, weeks)
    group = board.options[goes, GROUP]
    if goes == one or board.served[goes, other_week]:
        return NONE
    facilitates = post < board.groups[board.places[post, PLACE], FIRST] + board.groups[board.places[post, PLACE], LEADS]
    leads = board.groups[group, FIRST] + board.groups[group, LEADS]
    first, last = (board.groups[group, FIRST], leads) if facilitates else (leads, board.groups[group + 1, FIRST])
    if first == last:
        return NONE
    other_post = first + draw(state, last - first)
    other = board.posts[other_week, other_post]
    rise = _put(board, log, week, post, EMPTY)
    if other != EMPTY:
        rise += _put(board, log, other_week, other_post, EMPTY)
    if not may_hold(board, other_week, other_post, goes):
        return NONE
    rise += _put(board, log, other_week, other_post, goes)
    return rise + _refill(board, state, log, week, post, EMPTY if other == EMPTY else board.options[other, PERSON])


def new_log() -> Ints:
    """Room for the changes of one proposal."""
    return np.zeros((LOG, 3), np.int64)

"""A rota as arrays, for annealing: built from a staffing, and read back as one.

A *post* is a place at a meeting: those of facilitators come first in each group, then those of mentors. It holds the
number of an option (a person in a group), or `EMPTY`.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Pair, Place, Tables

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

EMPTY = -1
# Columns of `options`: FACES counts meetings led, KNOWN says who led the last week that has passed.
PERSON, GROUP, COST, FACE, RIVALS, FACES, KNOWN = range(7)
# Columns of `people`: OPTIONS is their first option.
A_WEEK, A_SPAN, MOST_BURDEN, TARGET, OPTIONS, APART, TOTAL = range(7)
# Columns of `groups`: FIRST is their first post.
HEAVY, LEADS, MENTORS, FIRST = range(4)
# Columns of `places`: who could hold the post stands in `lists` from ABLE to ABLE_TO.
PLACE, ABLE, ABLE_TO = range(3)


class Board(NamedTuple):
    """A problem and a rota as arrays. Few of them: each call copies what describes an array.

    `options`, `people`, `groups` and `places` (by post) have a row for each, with columns as named above, and one
    row more at the end: RIVALS (options of one person at one hour), OPTIONS, APART and FIRST say where a list begins,
    and the next row where it ends; RIVALS, APART and ABLE count in `lists`. `change` is by option and week: what
    taking part changes of what was announced. `served` is by option and week; `here`, `loads` and `burden` are by
    person and week; `posts` by week and post. `weights`: uncovered, second_mentor, no_familiar_face, fairness.
    """

    options: Ints
    people: Ints
    groups: Ints
    places: Ints
    lists: Ints
    change: Ints
    served: Bools
    here: Bools
    loads: Ints
    burden: Ints
    posts: Ints
    weights: Ints
    run: int
    passed: int


def board_of(staffing: Staffing) -> Board:
    """The board of a staffing; weeks that have passed count in what people carry, but have no posts filled."""
    tables = staffing.tables
    pairs = [(person, group) for person, cost in enumerate(tables.cost) for group in sorted(cost)]
    number = {pair: place for place, pair in enumerate(pairs)}
    lists: list[int] = []
    people = _people(staffing, lists)
    places = _places(tables, number, lists)
    board = Board(
        options=_options(tables, pairs, number, lists),
        people=people,
        groups=_groups(tables),
        places=places,
        lists=_ints(lists),
        change=_changes(tables, number),
        served=np.zeros((len(pairs), tables.weeks), np.bool_),
        here=np.array(tables.here, np.bool_).reshape(-1, tables.weeks),
        loads=np.array(staffing.loads, np.int64).reshape(-1, tables.weeks),
        burden=np.array(staffing.heavy, np.int64).reshape(-1, tables.weeks),
        posts=np.full((tables.weeks, len(places)), EMPTY, np.int64),
        weights=_weights(tables),
        run=tables.problem.max_consecutive_weeks,
        passed=tables.passed,
    )
    for place, some in staffing.at.items():
        _fill(board, tables, number, place, some)
    return board


def staffing_of(board: Board, tables: Tables) -> Staffing:
    """The staffing of a board."""
    staffing = Staffing(tables)
    for week in range(tables.passed, tables.weeks):
        for option in board.posts[week]:
            if option != EMPTY:
                staffing.put(int(board.options[option, PERSON]), (int(board.options[option, GROUP]), week))
    return staffing


def price_faces(board: Board, faces: Collection[Pair], price: int, others: int) -> None:
    """What these faces cost from now on, and what others do."""
    for row in board.options[:-1]:
        row[FACE] = price if (int(row[PERSON]), int(row[GROUP])) in faces else others


def _fill(board: Board, tables: Tables, number: dict[Pair, int], place: Place, people: Iterable[int]) -> None:
    """Enter who leads a meeting."""
    group, week = place
    first, leads = int(board.groups[group, FIRST]), int(board.groups[group, LEADS])
    free = {True: first, False: first + leads}
    for person in people:
        option = number.get((person, group), EMPTY)
        if option != EMPTY:
            board.options[option, FACES] += 1
            board.served[option, week] = True
            board.options[option, KNOWN] |= week == tables.passed - 1
        if week >= tables.passed:
            board.posts[week, free[tables.leads[person]]] = option
            free[tables.leads[person]] += 1


def _options(tables: Tables, pairs: Sequence[Pair], number: dict[Pair, int], lists: list[int]) -> Ints:
    rows = []
    for person, group in pairs:
        rows.append((person, group, tables.cost[person][group], tables.weights.new_face, len(lists), 0, 0))
        others = (other for other in sorted(tables.cost[person]) if other != group)
        lists += [number[person, other] for other in others if tables.slot[other] == tables.slot[group]]
    return _table([*rows, (0, 0, 0, 0, len(lists), 0, 0)])


def _people(staffing: Staffing, lists: list[int]) -> Ints:
    tables, rows = staffing.tables, []
    first = accumulate((len(cost) for cost in tables.cost), initial=0)
    for person, limits in enumerate(tables.staff):
        total = sum(staffing.loads[person])
        care = (limits.max_per_week, limits.max_per_4_weeks, limits.intensity_per_4_weeks, limits.target)
        rows.append((*care, next(first), len(lists), total))
        lists += sorted(tables.apart[person])
    return _table([*rows, (0, 0, 0, 0, next(first), len(lists), 0)])


def _groups(tables: Tables) -> Ints:
    first = accumulate((group.facilitators + group.mentors for group in tables.groups), initial=0)
    rows = [(group.intensity, group.facilitators, group.mentors, next(first)) for group in tables.groups]
    return _table([*rows, (0, 0, 0, next(first))])


def _places(tables: Tables, number: dict[Pair, int], lists: list[int]) -> Ints:
    rows = []
    for group in range(len(tables.groups)):
        for facilitator, able in ((True, tables.facilitators[group]), (False, tables.mentors[group])):
            posts = [(group, len(lists), len(lists) + len(able))]
            lists += [number[person, group] for person in able]
            rows += posts * tables.wanted(group, facilitator=facilitator)
    return _ints(number for row in rows for number in row).reshape(-1, 3)


def _changes(tables: Tables, number: dict[Pair, int]) -> Ints:
    change = np.zeros((len(number), tables.weeks), np.int64)
    options_of: dict[int, list[tuple[int, int]]] = {}
    for (person, group), option in number.items():
        options_of.setdefault(group, []).append((person, option))
    for group, week in tables.announced.keys() | tables.locked.keys():
        for person, option in options_of.get(group, ()):
            change[option, week] = tables.change(person, (group, week))
    return change


def _weights(tables: Tables) -> Ints:
    weights = tables.weights
    return _ints((weights.uncovered, weights.second_mentor, weights.no_familiar_face, weights.fairness))


def _table(rows: Sequence[tuple[int, ...]]) -> Ints:
    return np.array(rows, np.int64)


def _ints(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), np.int64)

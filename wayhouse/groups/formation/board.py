"""A plan as arrays, for annealing: built from a plan, and read back as one."""

from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wayhouse.groups.formation.plan import Plan
from wayhouse.groups.formation.tables import Tables

Ints = NDArray[np.int64]

EMPTY = -1
# Columns of `options`, which are sorted by person and then by cost. EAR is the pool of the interpreter, LISTENS its
# place among the pools of the cell.
PERSON, CELL, COST, EAR, LISTENS = range(5)
# Columns of `people`: OPTIONS is their first option, APART where their keep-apart lists begin in `lists`.
MIX, OPTIONS, APART = range(3)
# Columns of `cells`: ABLE and USES say where who could come (option numbers) and the pools begin in `lists`, ROOMS
# where its circles begin in `rooms`.
LIMIT, ABLE, USES, ROOMS, OPEN = range(5)
# Columns of `circles`: ROOM is its place in `rooms`.
HOME, SIZE, ROOM = range(3)
# Columns of `seats`, by person.
CIRCLE, OPTION = range(2)
# Places of `limits`.
LEAST, TARGET, MOST, RATIO = range(4)
# Places of `weights`.
UNPLACED, OPENED, DEVIATION, EXCESS, INTERPRETER = range(5)


class Board(NamedTuple):
    """A problem and a plan as arrays. Few of them: each call copies what describes an array.

    `options`, `people` and `cells` have a row for each, with columns as named above; `people` and `cells` one row more,
    for where the lists of the last one end. `by_cell` holds each person's options again, sorted by cell. `circles` has
    a row for each group that there can be, with `members` (by seat), `mixes` (people by label) and `ears` (people by
    interpreter pool of its cell). `rooms` holds the open circles of each cell. `left` is what is left of each pool,
    then of groups; `free` the circles that are not open, and how many they are.
    """

    options: Ints
    by_cell: Ints
    people: Ints
    cells: Ints
    lists: Ints
    circles: Ints
    members: Ints
    mixes: Ints
    ears: Ints
    rooms: Ints
    seats: Ints
    left: Ints
    free: Ints
    limits: Ints
    weights: Ints


def board_of(plan: Plan) -> Board:
    """The board of a plan without groups that go on."""
    from wayhouse.groups.formation.changes import open_circle, sit

    board = _empty(plan.tables)
    number = {(int(row[PERSON]), int(row[CELL])): place for place, row in enumerate(board.options)}
    for circle in plan.circles:
        opened = open_circle(board, circle.cell)
        for person in circle.members:
            sit(board, number[person, circle.cell], opened)
    return board


def plan_of(board: Board, tables: Tables) -> Plan:
    """The plan as it stands."""
    plan = Plan(tables)
    for number in np.flatnonzero(board.circles[:, SIZE] > 0):
        circle = plan.open(int(board.circles[number, HOME]))
        for person in board.members[number, : board.circles[number, SIZE]]:
            plan.sit(int(person), circle)
    return plan


def _empty(tables: Tables) -> Board:
    labels = {label: place for place, label in enumerate(sorted({one for one in tables.mix if one is not None}))}
    pools: list[dict[int, int]] = [{} for _ in tables.limits]
    options = [
        (person, one.cell, one.cost, one.interpreter, _place(pools[one.cell], one.interpreter))
        for person, choices in enumerate(tables.choices)
        for one in choices
    ]
    lists: list[int] = []
    count = min(tables.problem.max_groups, sum(tables.limits))
    table = _ints(options).reshape(-1, 5)
    weights, size = tables.weights, tables.size
    return Board(
        options=table,
        by_cell=np.lexsort((table[:, CELL], table[:, PERSON])).astype(np.int64),
        people=_people(tables, labels, lists),
        cells=_cells(tables, options, lists),
        lists=_ints(lists),
        circles=np.full((count, 3), EMPTY, np.int64) * _ints([1, 0, 1]),
        members=np.full((count, size.max), EMPTY, np.int64),
        mixes=np.zeros((count, len(labels)), np.int64),
        ears=np.zeros((count, max(map(len, pools), default=0)), np.int64),
        rooms=np.full(sum(tables.limits), EMPTY, np.int64),
        seats=np.full((len(tables.choices), 2), EMPTY, np.int64),
        left=_ints([*tables.capacity, tables.problem.max_groups]),
        free=_ints([*range(count), count]),
        limits=_ints([size.min, size.target, size.max, tables.problem.interpreter_ratio]),
        weights=_ints(
            [weights.unplaced, weights.open_group, weights.size_deviation, weights.mix_excess, weights.interpreter]
        ),
    )


def _people(tables: Tables, labels: dict[str, int], lists: list[int]) -> Ints:
    rows = []
    first = [0, *accumulate(map(len, tables.choices))]
    for person, mix in enumerate(tables.mix):
        rows.append((EMPTY if mix is None else labels[mix], first[person], len(lists)))
        lists.extend(tables.apart[person])
    rows.append((EMPTY, first[-1], len(lists)))
    return _ints(rows)


def _cells(tables: Tables, options: list[tuple[int, int, int, int, int]], lists: list[int]) -> Ints:
    able: list[list[int]] = [[] for _ in tables.limits]
    for number, (_person, cell, *_rest) in enumerate(options):
        able[cell].append(number)
    first = [0, *accumulate(tables.limits)]
    rows = []
    for cell, limit in enumerate(tables.limits):
        begins = len(lists)
        lists.extend(able[cell])
        rows.append((limit, begins, len(lists), first[cell], 0))
        lists.extend(tables.uses[cell])
    rows.append((0, len(lists), len(lists), first[-1], 0))
    return _ints(rows)


def _place(pools: dict[int, int], pool: int) -> int:
    return EMPTY if pool == EMPTY else pools.setdefault(pool, len(pools))


def _ints(values: object) -> Ints:
    return np.array(values, np.int64)

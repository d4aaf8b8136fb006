"""Raising the proven bound of a search in the background; the first program also tells which faces a good rota has."""

import math
import os
from collections.abc import Callable
from threading import Event
from types import TracebackType
from typing import Self

from wayhouse.core.background import Work
from wayhouse.meetings.rota.bound import CycleProgram
from wayhouse.meetings.rota.engine import load_solver
from wayhouse.meetings.rota.program import Watch
from wayhouse.meetings.rota.search import Search
from wayhouse.meetings.rota.shortage import Shortage, shortage
from wayhouse.meetings.rota.tables import Pair, Tables

COARSE_BLOCK, BLOCKS = 4, (2, 1)  # weeks in a block
QUICK = 1_000  # counts in a program that ends in some seconds
LARGEST = 8_000  # counts in a program with which HiGHS gets somewhere within a minute
LARGEST_COARSE = 60_000
LEAST_FIRST = 0.1  # of the time that is left, for what no rota can cover


class Run:
    """A program being built and run in a thread of its own."""

    def __init__(self, build: Callable[[Event], CycleProgram], *, seconds: float, root_only: bool = False) -> None:
        """`build` makes the program; it ends soon once the event is set."""
        self._watch = Watch()
        self._program: CycleProgram | None = None
        self._work = Work(lambda: self._run(build, seconds, root_only=root_only))

    @property
    def bound(self) -> int:
        """The bound proven so far."""
        return 0 if self._program is None else self._program.bound(self._watch)

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self._work.ended

    @property
    def faces(self) -> set[Pair] | None:
        """The faces of its best solution so far, if it found one."""
        return None if self._program is None else self._program.faces(self._watch.values)

    def wait(self, over: Callable[[], bool]) -> None:
        """Wait until it has ended, or `over`, asked many times a second, returns true."""
        self._work.wait(over)

    def stop(self) -> set[Pair] | None:
        """End it soon; returns the faces of its best solution, if it found one."""
        self._watch.stop.set()
        return self._work.result()

    def _run(self, build: Callable[[Event], CycleProgram], seconds: float, *, root_only: bool) -> set[Pair] | None:
        program = build(self._watch.stop)
        self._program = program
        return program.run(self._watch, seconds=seconds, nodes=1 if root_only else None)


class Bounder:
    """Within its `with` block the bound of a search rises whenever the search asks whether it is over.

    `is_quick`: the first of the finer programs is so small that it mostly ends in some seconds.
    """

    def __init__(self, search: Search) -> None:
        self._search = search
        self._blocks = _blocks(search.tables)
        self.is_quick = bool(self._blocks) and _counts(search.tables, self._blocks[0]) <= QUICK
        # A program beside annealing takes a processor of its own; a large one would also be in the way of its memory.
        fine = bool(self._blocks) and _counts(search.tables, self._blocks[0]) <= LARGEST
        self._goes_on = self.is_quick or (fine and _has_two_cores())
        self._run: Run | None = None
        self._faces: set[Pair] | None = None
        self._least: Shortage | None = None

    def begin(self) -> None:
        """Let the whole cycle as one block run at once, in the background."""
        self._run = Run(self._whole_cycle, seconds=self._search.seconds_left, root_only=True)

    def begin_finer(self) -> None:
        """Let the first of the finer programs run at once, in the background, in the place of the whole cycle."""
        self._run = self._finer()

    @property
    def faces_so_far(self) -> set[Pair] | None:
        """The faces of the best solution that the program in the background has so far."""
        return None if self._run is None else self._run.faces

    def guide(self, seconds: float) -> set[Pair] | None:
        """Faces to be guided by: those of a program that has ended, else of the whole cycle with broken numbers."""
        self._search.over()
        if faces := self.take_faces():
            return faces
        tables = self._search.tables
        return CycleProgram(tables, tables.weeks - tables.passed).relax().run(Watch(), seconds=seconds)

    def faces(self, seconds: float) -> set[Pair] | None:
        """Wait for the whole cycle as one block: the faces of a good plan for it, if one is found in this time."""
        run = Run(self._whole_cycle, seconds=seconds, root_only=True)
        load_solver()

        def over() -> bool:
            self._search.raise_bound(run.bound)
            return self._search.over()

        run.wait(over)
        faces = run.stop()
        over()
        return faces

    def go_on(self) -> None:
        """Let finer programs run; smaller ones have been running all the time where there is a processor for them."""
        self._goes_on = True

    @property
    def has_faces(self) -> bool:
        """Whether a finer program has ended with faces, unless the search must not depend on when that was."""
        return self._faces is not None and not math.isfinite(self._search.work_left)

    def take_faces(self) -> set[Pair] | None:
        """These faces, once."""
        faces, self._faces = self._faces if self.has_faces else None, None
        return faces

    def __enter__(self) -> Self:
        """Follow the search."""
        self._search.look = self._look
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop. Error: what went wrong in the thread, unless something else did."""
        self._search.look = None
        if self._run is not None:
            self._run.stop()
            self._search.raise_bound(self._run.bound)

    def _look(self) -> None:
        """Hand the bound over, and go on with a finer program where one has ended."""
        if self._run is not None:
            self._search.raise_bound(self._run.bound)
        if self._run is not None and self._run.ended:
            self._faces = self._run.stop() or self._faces
            self._run = None
        if self._goes_on and self._blocks and self._run is None:
            self._run = self._finer()

    def _finer(self) -> Run:
        """The next of the finer programs, running."""
        block = self._blocks.pop(0)
        return Run(lambda stop: self._build(block, stop), seconds=self._search.seconds_left)

    def _whole_cycle(self, stop: Event) -> CycleProgram:
        tables = self._search.tables
        return self._build(tables.weeks - tables.passed, stop)

    def _build(self, block: int, stop: Event) -> CycleProgram:
        """A program that knows what no rota can cover, which the first of them finds out."""
        tables = self._search.tables
        if self._least is None:
            self._least = shortage(tables, stop, seconds=LEAST_FIRST * self._search.seconds_left)
        return CycleProgram(tables, block, self._least)


def _has_two_cores() -> bool:
    """Whether a thread beside the one that searches has a processor."""
    return (os.cpu_count() or 1) > 1


def _blocks(tables: Tables) -> list[int]:
    """The lengths of blocks to try after the whole cycle, the coarser first."""
    fine = [block for block in BLOCKS if _counts(tables, block) <= LARGEST]
    coarse = COARSE_BLOCK if _counts(tables, COARSE_BLOCK) <= LARGEST_COARSE else tables.weeks - tables.passed
    return fine or [coarse]


def _counts(tables: Tables, block: int) -> int:
    """How many counts a program over blocks of so many weeks has: of people in groups in blocks."""
    return sum(map(len, tables.able)) * -(-(tables.weeks - tables.passed) // block)

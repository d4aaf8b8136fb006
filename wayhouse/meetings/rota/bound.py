"""A proven lower bound: a program that knows how often people serve groups in each block of weeks, not who meets whom.

It relaxes the weekly rules to sums over blocks, so no rota is cheaper than its bound. One block for the whole cycle
is solved fast and also tells which faces a good rota has; shorter blocks give a higher bound.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Self

from wayhouse.meetings.rota.objective import SPAN, evaluate
from wayhouse.meetings.rota.program import Program, Watch, run
from wayhouse.meetings.rota.reach import most_in_group, most_meetings, most_weeks
from wayhouse.meetings.rota.shortage import NONE, Shortage
from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Pair, Tables

Term = tuple[int, float]  # variable, factor
FLOAT_ERROR = 1e-5


class CycleProgram:
    """The program over blocks of `length` weeks.

    `least` is how many meetings stay uncovered in every rota (`shortage.py`). Faces are whole numbers; counts of
    meetings need not be: the bound hardly changes, and comes ten times sooner. `constant` is what every rota pays
    beside it: for the weeks that have passed, and for what was announced.
    """

    def __init__(self, tables: Tables, length: int, least: Shortage = NONE) -> None:
        self.tables = tables
        self.program = Program()
        self._ahead = range(tables.passed, tables.weeks)
        self._blocks = [self._ahead[start : start + length] for start in range(0, len(self._ahead), length)]
        self._past = Staffing(tables)
        self._faces: dict[Pair, int | None] = {}  # None: served in the past, a face in every rota
        self._counts: dict[tuple[int, int, int], list[Term]] = {}  # person, group, block
        for group, people in enumerate(tables.able):
            for person in people:
                self._pair(person, group)
        self._lacks: dict[bool, list[Term]] = {True: [], False: []}  # without facilitators, without any mentor
        for group in range(len(tables.groups)):
            self._meetings(group)
        self._shortage(least)
        for person in range(len(tables.staff)):
            self._person(person)
        self._keep_apart()
        self.constant = self._constant()

    def run(self, watch: Watch, *, seconds: float, nodes: int | None = None) -> set[Pair] | None:
        """Run HiGHS; returns the faces of its best solution, if it found one."""
        return self.faces(run(self.program, watch, seconds=seconds, nodes=nodes))

    def faces(self, values: list[float] | None) -> set[Pair] | None:
        """The faces of a solution, if there is one."""
        if values is None:
            return None
        return {pair for pair, face in self._faces.items() if face is None or values[face] > FLOAT_ERROR}

    def relax(self) -> Self:
        """Let every variable be broken: solved in a moment, with more faces than a rota needs."""
        self.program.whole = [False] * len(self.program.whole)
        return self

    def bound(self, watch: Watch) -> int:
        """The bound proven so far for whole rotas; every price is a whole number, so it is rounded up."""
        if not math.isfinite(watch.bound):
            return 0
        return self.constant + math.ceil(watch.bound - FLOAT_ERROR * (100 + abs(watch.bound)))

    def _pair(self, person: int, group: int) -> None:
        """Whether a person serves a group, and how often in each block."""
        tables = self.tables
        most = most_in_group(tables, person, group, self._ahead)
        if most == 0:
            return
        if any(person in self._past.at[group, week] for week in range(tables.passed)):
            self._faces[person, group] = None
        else:
            face = self.program.variable(tables.weights.new_face, most=1, whole=True)
            self._faces[person, group] = face
        for number, block in enumerate(self._blocks):
            self._count(person, group, number, block)
        self._link((person, group), range(len(self._blocks)), most)
        limits = tables.problem.max_consecutive_weeks
        for blocks in self._spans(SPAN):
            weeks = range(self._blocks[blocks[0]].start, self._blocks[blocks[-1]].stop)
            self._link((person, group), blocks, most_in_group(tables, person, group, weeks))
        for blocks in self._spans(limits + 1):
            self._link((person, group), blocks, limits)

    def _count(self, person: int, group: int, number: int, block: range) -> None:
        """How often in a block: a variable for each price that a week may have, and all of them within reach."""
        tables = self.tables
        most = most_in_group(tables, person, group, block)
        if most == 0:
            return
        prices = Counter(self._price(person, group, week) for week in block if tables.here[person][week])
        self._counts[person, group, number] = [
            (self.program.variable(price, most=min(most, weeks)), 1) for price, weeks in sorted(prices.items())
        ]
        self._link((person, group), [number], most)

    def _price(self, person: int, group: int, week: int) -> int:
        return self.tables.cost[person][group] + self.tables.change(person, (group, week))

    def _link(self, pair: Pair, blocks: Iterable[int], most: int) -> None:
        """At most so many meetings in these blocks, and none without the face."""
        terms, face = list(self._terms([pair], blocks)), self._faces[pair]
        if face is None:
            self.program.row(terms, most=most)
        else:
            self.program.row([*terms, (face, -most)], most=0)

    def _terms(self, pairs: Iterable[Pair], blocks: Iterable[int], factor: float = 1) -> Iterator[Term]:
        """The counts of these pairs in these blocks, times a factor."""
        numbers = list(blocks)
        for person, group in pairs:
            for number in numbers:
                yield from ((variable, factor) for variable, _ in self._counts.get((person, group, number), ()))

    def _spans(self, length: int) -> list[range]:
        """Stretches of several whole blocks that are exactly so many weeks long."""
        stops = {block.stop: number + 1 for number, block in enumerate(self._blocks)}
        starts = ((number, block.start + length) for number, block in enumerate(self._blocks))
        spans = (range(number, stops[stop]) for number, stop in starts if stop in stops)
        return [span for span in spans if len(span) > 1]

    def _meetings(self, group: int) -> None:
        """What the meetings of a group lack in each block."""
        tables, weights = self.tables, self.tables.weights
        for facilitator, able in ((True, tables.facilitators[group]), (False, tables.mentors[group])):
            wanted, short = tables.wanted(group, facilitator=facilitator), {}
            pairs = [(person, group) for person in able if (person, group) in self._faces]
            for number, block in enumerate(self._blocks):
                least = Counter(sum(tables.here[person][week] for person, _ in pairs) for week in block)
                too_few = sum(weeks for here, weeks in least.items() if here < wanted)
                price = weights.uncovered if facilitator else weights.second_mentor
                short[number] = self.program.variable(price, least=too_few, most=len(block))
                terms = list(self._terms(pairs, [number]))
                self.program.row(terms, most=wanted * len(block))
                lacks = short[number] if facilitator else self._nobody(wanted, short[number], least[0], len(block))
                self._lacks[facilitator] += [(lacks, 1)] if wanted else []
                terms += [(lacks, wanted)] if facilitator else [(short[number], wanted - 1), (lacks, 1)]
                self.program.row(terms, least=wanted * len(block))
            self._more_faces(pairs, wanted, short)

    def _nobody(self, wanted: int, short: int, least: int, weeks: int) -> int:
        """How many meetings of a block have no mentor at all; each of them is short of mentors, if any are wanted."""
        nobody = self.program.variable(self.tables.weights.uncovered, least=least if wanted else weeks, most=weeks)
        if wanted:
            self.program.row([(short, 1), (nobody, -1)], least=0)
        return nobody

    def _shortage(self, least: Shortage) -> None:
        """So many meetings stay uncovered in every rota."""
        for facilitator, meetings in ((True, least.facilitators), (False, least.mentors)):
            if meetings:
                self.program.row(self._lacks[facilitator], least=meetings)

    def _more_faces(self, pairs: list[Pair], wanted: int, short: Mapping[int, int]) -> None:
        """Nobody serves every week of a stretch too long: unless a meeting is short, one face more than wanted."""
        tables, length = self.tables, self.tables.problem.max_consecutive_weeks + 1
        # None where fewer weeks than that are left.
        for start in range(self._ahead.start, self._ahead.stop - length + 1) if wanted else ():
            weeks = range(start, start + length)
            able = [pair for pair in pairs if any(tables.here[pair[0]][week] for week in weeks)]
            faces = [face for pair in able if (face := self._faces[pair]) is not None]
            gaps = [short[number] for number, block in enumerate(self._blocks) if set(block) & set(weeks)]
            factor = -(-(wanted + 1) // length)
            terms = [*((face, 1) for face in faces), *((gap, factor) for gap in gaps)]
            self.program.row(terms, least=wanted + 1 - (len(able) - len(faces)))

    def _person(self, person: int) -> None:
        """The limits of one person over all groups, and what their meetings differ from their target beyond one."""
        tables, limits = self.tables, self.tables.staff[person]
        pairs = [(person, group) for group in tables.cost[person] if (person, group) in self._faces]
        everything = [*self._terms(pairs, range(len(self._blocks)))]
        beyond = self.program.variable(tables.weights.fairness)
        stand = sum(self._past.loads[person])
        self.program.row([*everything, (beyond, -1)], most=limits.target + 1 - stand)
        self.program.row([*everything, (beyond, 1)], least=limits.target - 1 - stand)
        self.program.row(everything, most=most_meetings(tables, person, self._ahead))
        stretches = [range(number, number + 1) for number in range(len(self._blocks))]
        for blocks in stretches + self._spans(SPAN):
            weeks = range(self._blocks[blocks[0]].start, self._blocks[blocks[-1]].stop)
            self.program.row(self._terms(pairs, blocks), most=most_meetings(tables, person, weeks))
            self._intensity(person, pairs, blocks, weeks)
            self._slots(person, pairs, blocks, weeks)

    def _intensity(self, person: int, pairs: list[Pair], blocks: range, weeks: range) -> None:
        if self.tables.weeks < SPAN:
            return
        heavy = (
            (variable, self.tables.groups[pair[1]].intensity)
            for pair in pairs
            for variable, _ in self._terms([pair], blocks)
        )
        spans = -(-len(weeks) // SPAN)
        self.program.row(heavy, most=spans * self.tables.staff[person].intensity_per_4_weeks)

    def _slots(self, person: int, pairs: list[Pair], blocks: range, weeks: range) -> None:
        """One group at a time: groups of one slot share the weeks of a person."""
        slots: dict[int, list[Pair]] = {}
        for pair in pairs:
            slots.setdefault(self.tables.slot[pair[1]], []).append(pair)
        for some in slots.values():
            if len(some) > 1:
                self.program.row(self._terms(some, blocks), most=most_weeks(self.tables, person, weeks))

    def _keep_apart(self) -> None:
        """Of two who are kept apart at most one leads a meeting."""
        tables = self.tables
        for (one, group), (number, block) in product(self._faces, enumerate(self._blocks)):
            for other in tables.apart[one]:
                if one < other and (other, group) in self._faces:
                    weeks = sum(tables.here[one][week] or tables.here[other][week] for week in block)
                    self.program.row(self._terms([(one, group), (other, group)], [number]), most=weeks)

    def _constant(self) -> int:
        """What a rota with nobody ahead pays beside the program."""
        tables, weights = self.tables, self.tables.weights
        empty = sum(evaluate(tables.problem, self._past.meetings()).values())
        for group, week in tables.ahead:
            facilitators, mentors = tables.groups[group].facilitators, tables.groups[group].mentors
            empty -= weights.uncovered * ((facilitators > 0) + 1) + weights.second_mentor * (mentors > 0)
            empty -= weights.no_familiar_face * (week > 0)
        for person, limits in enumerate(tables.staff):
            empty -= weights.fairness * max(0, abs(sum(self._past.loads[person]) - limits.target) - 1)
        return empty

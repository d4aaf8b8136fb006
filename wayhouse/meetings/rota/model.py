"""The weekly model in CP-SAT: who leads which meeting, for all meetings ahead or for a part while the rest stands.

What makes its bound tight are two things: the link from each shift and each span of shifts to the face of a person
in a group, and that more weeks in a row than anyone may serve need one face more than a single meeting.
OR-Tools is imported when a model is built: it takes a second and 124 MB.
"""

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from typing import TYPE_CHECKING

from wayhouse.meetings.rota.objective import SPAN
from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Pair, Place

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar, LinearExprT


class WeekModel:
    """A CP-SAT model of the meetings in `start`; `read` reads a solution, `start_cost` is what `start` costs in it.

    `rest` is the rota with these meetings empty, `start` who led them before: every variable gets a hint from it,
    or the solver would ignore them all. A shift is a person at a meeting, a face a person in a group; with `faces`
    only these may serve.
    """

    def __init__(
        self, rest: Staffing, start: Mapping[Place, Collection[int]], faces: Container[Pair] | None = None
    ) -> None:
        from ortools.sat.python import cp_model

        self.model: CpModel = cp_model.CpModel()
        self.start_cost = 0
        self._sum = cp_model.LinearExpr.sum
        self._rest, self._tables, self._start = rest, rest.tables, start
        self._costs: list[tuple[IntVar, int]] = []
        self._shifts = {
            (person, place): self._shift(person, place)
            for place in start
            for person in self._tables.able[place[0]]
            if (faces is None or (person, place[0]) in faces) and rest.could(person, place)
        }
        self._faces = self._all_faces()
        for place in start:
            self._keep_apart(place)
        for group in sorted({group for group, _ in start}):
            self._group(group)
        for person, places in self._places_of().items():
            self._person(person, places)
        variables, costs = zip(*self._costs, strict=True) if self._costs else ((), ())
        self.model.minimize(cp_model.LinearExpr.weighted_sum(variables, costs))

    def read(self, value: Callable[["IntVar"], int]) -> dict[Place, tuple[int, ...]]:
        """Who leads these meetings in a solution, of which `value` gives the variables."""
        people: dict[Place, list[int]] = {place: [] for place in self._start}
        for (person, place), shift in self._shifts.items():
            if value(shift):
                people[place].append(person)
        return {place: tuple(some) for place, some in people.items()}

    def _number(self, most: int, hint: int, cost: int = 0) -> "IntVar":
        """A variable from 0 to `most`."""
        variable = self.model.new_int_var(0, most, "")
        self.model.add_hint(variable, hint)
        if cost:
            self._costs.append((variable, cost))
            self.start_cost += cost * hint
        return variable

    def _shift(self, person: int, place: Place) -> "IntVar":
        cost = self._tables.cost[person][place[0]] + self._tables.change(person, place)
        return self._number(1, person in self._start[place], cost)

    def _places_of(self) -> dict[int, list[Place]]:
        places: dict[int, list[Place]] = {}
        for person, place in self._shifts:
            places.setdefault(person, []).append(place)
        return dict(sorted(places.items()))

    def _all_faces(self) -> dict[Pair, "LinearExprT"]:
        """Whether a person serves a group at all: a variable, or 1 where they do anyway or that costs nothing."""
        weeks: dict[Pair, dict[int, IntVar]] = {}
        for (person, (group, week)), shift in self._shifts.items():
            weeks.setdefault((person, group), {})[week] = shift
        return {pair: self._face(*pair, shifts) for pair, shifts in weeks.items()}

    def _face(self, person: int, group: int, shifts: dict[int, "IntVar"]) -> "LinearExprT":
        tables = self._tables
        if not tables.weights.new_face or any(person in self._rest.at[group, week] for week in range(tables.weeks)):
            return 1
        hint = any(person in self._start[group, week] for week in shifts)
        face = self._number(1, hint, tables.weights.new_face)
        self.model.add_bool_or([*shifts.values(), ~face])
        for shift in shifts.values():
            self.model.add_implication(shift, face)
        for length, most in _limits_in_one_group(self._rest, person, group):
            for start in range(tables.weeks - length + 1):
                span = [shifts[week] for week in range(start, start + length) if week in shifts]
                if len(span) > most:
                    self.model.add(self._sum(span) <= most * face)
        return face

    def _keep_apart(self, place: Place) -> None:
        for one in self._tables.able[place[0]]:
            for other in sorted(self._tables.apart[one]) if (one, place) in self._shifts else ():
                if one < other and (other, place) in self._shifts:
                    self.model.add_at_most_one(self._shifts[one, place], self._shifts[other, place])

    def _group(self, group: int) -> None:
        """What the meetings of a group lack, week by week."""
        tables = self._tables
        open_weeks = [week for week in range(tables.weeks) if (group, week) in self._start]
        for facilitator, lack in ((True, self._facilitators), (False, self._mentors)):
            short = {week: lack((group, week)) for week in open_weeks}
            wanted = tables.wanted(group, facilitator=facilitator)
            if wanted:
                able = tables.of_role(group, facilitator=facilitator)
                self._more_faces(group, able, wanted, short)
        for week in range(1, tables.weeks):
            if week in open_weeks or week - 1 in open_weeks:
                self._familiar(group, week)

    def _here(self, place: Place, able: Iterable[int]) -> tuple[list["IntVar"], int]:
        """The shifts of these people at a meeting, and how many of them led it before."""
        people = [person for person in able if (person, place) in self._shifts]
        return [self._shifts[person, place] for person in people], sum(
            person in self._start[place] for person in people
        )

    def _facilitators(self, place: Place) -> "LinearExprT":
        """Whether a meeting has fewer facilitators than wanted."""
        wanted = self._tables.wanted(place[0], facilitator=True)
        shifts, before = self._here(place, self._tables.facilitators[place[0]])
        short = self._number(1, before < wanted, self._tables.weights.uncovered)
        self.model.add(self._sum(shifts) <= wanted)
        self.model.add(self._sum(shifts) + wanted * short >= wanted)
        return short

    def _mentors(self, place: Place) -> "LinearExprT":
        """Whether a meeting has fewer mentors than wanted; nobody at all costs more."""
        wanted = self._tables.wanted(place[0], facilitator=False)
        shifts, before = self._here(place, self._tables.mentors[place[0]])
        nobody = self._number(1, before == 0, self._tables.weights.uncovered)
        short = self._number(1, before < wanted, self._tables.weights.second_mentor)
        self.model.add(self._sum(shifts) <= wanted)
        self.model.add(self._sum(shifts) + (wanted - 1) * short + nobody >= wanted)
        if wanted:
            self.model.add(short >= nobody)
        else:
            self.model.add(nobody == 1)
        return short

    def _more_faces(self, group: int, able: Iterable[int], wanted: int, short: Mapping[int, "LinearExprT"]) -> None:
        """Nobody serves every week of a stretch too long: unless a meeting is short, one face more than wanted."""
        length = self._tables.problem.max_consecutive_weeks + 1
        for start in range(self._tables.weeks - length + 1):
            weeks = range(start, start + length)
            if all(week in short for week in weeks):
                serving = [p for p in able if any((p, (group, week)) in self._shifts for week in weeks)]
                faces = self._sum([self._faces[person, group] for person in serving])
                gaps = self._sum([short[week] for week in weeks])
                self.model.add(faces + -(-(wanted + 1) // length) * gaps > wanted)

    def _familiar(self, group: int, week: int) -> None:
        """Somebody of the week before leads the meeting, or it costs."""
        before, now = (group, week - 1), (group, week)
        if not self._tables.weights.no_familiar_face:
            return
        if not set(self._rest.at[before]).isdisjoint(self._rest.at[now]):
            return
        stays = [self._stays(person, before, now) for person in self._tables.able[group]]
        led = [set(self._start.get(place, ())) | set(self._rest.at[place]) for place in (before, now)]
        strange = self._number(1, led[0].isdisjoint(led[1]), self._tables.weights.no_familiar_face)
        self.model.add_bool_or([*(stay for stay in stays if stay is not None), strange])

    def _stays(self, person: int, before: Place, now: Place) -> "IntVar | None":
        """Whether a person leads both meetings; None if they cannot."""
        one, other = self._shifts.get((person, before)), self._shifts.get((person, now))
        if person in self._rest.at[before]:
            return other
        if person in self._rest.at[now]:
            return one
        if one is None or other is None:
            return None
        both = self._number(1, person in self._start[before] and person in self._start[now])
        self.model.add_implication(both, one)
        self.model.add_implication(both, other)
        return both

    def _person(self, person: int, places: list[Place]) -> None:
        """The limits of one person over all groups, with the meetings that stand."""
        tables, limits, loads = self._tables, self._tables.staff[person], self._rest.loads[person]
        by_week: dict[int, list[Place]] = {}
        for place in places:
            by_week.setdefault(place[1], []).append(place)
        for week, some in by_week.items():
            self._one_at_a_time(person, some)
            self._at_most(person, some, limits.max_per_week - loads[week])
        for start in range(tables.weeks - SPAN + 1):
            span = slice(start, start + SPAN)
            some = [place for week in range(tables.weeks)[span] for place in by_week.get(week, ())]
            self._at_most(person, some, limits.max_per_4_weeks - sum(loads[span]))
            self._not_too_heavy(person, some, limits.intensity_per_4_weeks - sum(self._rest.heavy[person][span]))
        self._rest_weeks(person, by_week)
        self._fair(person, places)

    def _one_at_a_time(self, person: int, places: list[Place]) -> None:
        slots: dict[int, list[IntVar]] = {}
        for place in places:
            slots.setdefault(self._tables.slot[place[0]], []).append(self._shifts[person, place])
        for shifts in slots.values():
            if len(shifts) > 1:
                self.model.add_at_most_one(shifts)

    def _at_most(self, person: int, places: list[Place], most: int) -> None:
        if len(places) > most:
            self.model.add(self._sum([self._shifts[person, place] for place in places]) <= most)

    def _not_too_heavy(self, person: int, places: list[Place], most: int) -> None:
        heavy = [self._tables.groups[place[0]].intensity for place in places]
        if sum(heavy) > most:
            pairs = zip(places, heavy, strict=True)
            self.model.add(self._sum([load * self._shifts[person, place] for place, load in pairs]) <= most)

    def _rest_weeks(self, person: int, by_week: dict[int, list[Place]]) -> None:
        """A week without a meeting in every stretch too long."""
        length = self._tables.problem.max_consecutive_weeks + 1
        loads, works = self._rest.loads[person], {}
        for week, places in by_week.items():
            works[week] = 1 if loads[week] else self._works(person, places)
        for start in range(self._tables.weeks - length + 1):
            weeks = range(start, start + length)
            if all(loads[week] or week in works for week in weeks) and any(week in works for week in weeks):
                self.model.add(self._sum([works.get(week, 1) for week in weeks]) < length)

    def _works(self, person: int, places: list[Place]) -> "IntVar":
        """Whether a person leads any of these meetings of one week."""
        shifts = [self._shifts[person, place] for place in places]
        if len(shifts) == 1:
            return shifts[0]
        works = self._number(1, any(person in self._start[place] for place in places))
        for shift in shifts:
            self.model.add_implication(shift, works)
        return works

    def _fair(self, person: int, places: list[Place]) -> None:
        """What the meetings of a person differ from their target beyond one."""
        if not self._tables.weights.fairness:
            return
        target, stand = self._tables.staff[person].target, sum(self._rest.loads[person])
        before = stand + sum(person in self._start[place] for place in places)
        most = max(target, stand + len(places))
        beyond = self._number(most, max(0, abs(before - target) - 1), self._tables.weights.fairness)
        total = self._sum([self._shifts[person, place] for place in places]) + stand
        self.model.add(beyond >= total - target - 1)
        self.model.add(beyond >= target - 1 - total)


def _limits_in_one_group(rest: Staffing, person: int, group: int) -> list[tuple[int, int]]:
    """Stretches of weeks by length, with the most meetings of one group that a person may serve in them."""
    tables, limits = rest.tables, rest.tables.staff[person]
    run = tables.problem.max_consecutive_weeks
    intensity = tables.groups[group].intensity
    heavy = limits.intensity_per_4_weeks // intensity if intensity else SPAN
    return [(SPAN, min(limits.max_per_4_weeks, heavy)), (run + 1, run)]

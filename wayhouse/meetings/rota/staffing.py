"""Who leads which meeting, with the books that tell in no time whether a person could take one more."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Self

from wayhouse.meetings.rota.objective import SPAN
from wayhouse.meetings.rota.result import Meeting
from wayhouse.meetings.rota.tables import Place, Tables, spans_over

Hindrance = Literal["option", "away", "hour", "week", "load", "intensity", "rest", "role", "apart"]


class Staffing:
    """The people of every meeting over the tables of a problem, those of passed weeks included.

    `loads` and `heavy` are meetings and intensity by person and week.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.at: dict[Place, list[int]] = {}
        self.loads = [[0] * tables.weeks for _ in tables.staff]
        self.heavy = [[0] * tables.weeks for _ in tables.staff]
        self.hours: list[dict[tuple[int, int], int]] = [{} for _ in tables.staff]
        for group in range(len(tables.groups)):
            for week in range(tables.weeks):
                self.at[group, week] = []
                if week < tables.passed:
                    for person in sorted(tables.announced.get((group, week), ())):
                        self.put(person, (group, week))

    @classmethod
    def of(cls, tables: Tables, meetings: Iterable[Meeting]) -> Self:
        """A rota given by identifiers; what it says about weeks that have passed is not read."""
        groups = {group.id: place for place, group in enumerate(tables.groups)}
        staff = {person.id: place for place, person in enumerate(tables.staff)}
        staffing = cls(tables)
        for meeting in meetings:
            for person in meeting.staff if meeting.week > tables.passed else ():
                staffing.put(staff[person], (groups[meeting.group], meeting.week - 1))
        return staffing

    def put(self, person: int, place: Place) -> None:
        """Give a meeting to a person, whom nothing hinders."""
        group, week = place
        self.at[place].append(person)
        self.loads[person][week] += 1
        self.heavy[person][week] += self.tables.groups[group].intensity
        self.hours[person][week, self.tables.slot[group]] = group

    def take(self, person: int, place: Place) -> None:
        """Take a person off a meeting."""
        group, week = place
        self.at[place].remove(person)
        self.loads[person][week] -= 1
        self.heavy[person][week] -= self.tables.groups[group].intensity
        self.hours[person].pop((week, self.tables.slot[group]), None)

    def empty(self, places: Iterable[Place], *, facilitator: bool | None = None) -> dict[Place, tuple[int, ...]]:
        """Take everyone off these meetings, or everyone of one role, and return who led them."""
        roles = {True, False} if facilitator is None else {facilitator}
        leads = self.tables.leads
        before = {place: tuple(person for person in self.at[place] if leads[person] in roles) for place in places}
        for place, people in before.items():
            for person in people:
                self.take(person, place)
        return before

    def fill(self, people: Mapping[Place, Sequence[int]]) -> None:
        """Give empty meetings to these people."""
        for place, some in people.items():
            for person in some:
                self.put(person, place)

    def hindrance(self, person: int, place: Place) -> Hindrance | None:
        """The first rule that keeps a person from taking one more meeting ahead; None if they could."""
        group, week = place
        tables = self.tables
        if group not in tables.cost[person]:
            return "option"
        if not tables.here[person][week]:
            return "away"
        if (week, tables.slot[group]) in self.hours[person]:
            return "hour"
        return self._overload(person, place) or self._unfit(person, place)

    def could(self, person: int, place: Place) -> bool:
        """Whether a person could take one more meeting ahead."""
        return self.hindrance(person, place) is None

    def role_left(self, place: Place, *, facilitator: bool) -> int:
        """How many more people of a role a meeting may have."""
        here = sum(self.tables.leads[person] == facilitator for person in self.at[place])
        return self.tables.wanted(place[0], facilitator=facilitator) - here

    def meeting(self, place: Place) -> Meeting:
        """One meeting by identifiers."""
        group, week = place
        people = tuple(self.tables.staff[person].id for person in sorted(self.at[place]))
        return Meeting(self.tables.groups[group].id, week + 1, people)

    def meetings(self) -> tuple[Meeting, ...]:
        """The rota by identifiers, in the order of groups, weeks and staff."""
        return tuple(map(self.meeting, self.at))

    def _overload(self, person: int, place: Place) -> Hindrance | None:
        tables, (group, week) = self.tables, place
        limits, loads, heavy = tables.staff[person], self.loads[person], self.heavy[person]
        if loads[week] >= limits.max_per_week:
            return "week"
        for start in spans_over(week, tables.weeks, SPAN):
            if sum(loads[start : start + SPAN]) >= limits.max_per_4_weeks:
                return "load"
            if sum(heavy[start : start + SPAN]) + tables.groups[group].intensity > limits.intensity_per_4_weeks:
                return "intensity"
        length = tables.problem.max_consecutive_weeks + 1
        for start in () if loads[week] else spans_over(week, tables.weeks, length):
            if loads[start : start + length].count(0) == 1:
                return "rest"
        return None

    def _unfit(self, person: int, place: Place) -> Hindrance | None:
        if self.role_left(place, facilitator=self.tables.leads[person]) <= 0:
            return "role"
        return "apart" if not self.tables.apart[person].isdisjoint(self.at[place]) else None

"""The rota as a coordinator reads it: groups by weeks with names, gaps on top, what each person carries.

A proposal and a rota in force are shown alike; both become a list of `Evening`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from wayhouse.groups.models import Cycle, Group, Proposal
from wayhouse.meetings.drawing_up import locked_shifts, planned
from wayhouse.meetings.fairness import Load, loads_of
from wayhouse.meetings.gaps import AHEAD, GAPS, URGENT, OnShift, Staffed, missing
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.reasons import sentences
from wayhouse.meetings.rostering import Colleague
from wayhouse.meetings.times import begins_at
from wayhouse.people.models import Role

# A page has as many weeks as give so many evenings, however many groups meet in one.
_EVENINGS_SHOWN = 20
_MOST_WEEKS = 4
Reasons = Mapping[tuple[str, int], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Evening:
    """One group in one week. `meeting` is None where it is only planned; `stands` where nothing changes any more."""

    group: Group
    week: int
    starts_at: datetime
    people: list[OnShift]
    gaps: list[str]
    meeting: UUID | None
    stands: bool
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody at an evening, by chosen name."""

    name: str
    person: UUID
    leads: bool
    reserve: bool
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One evening with names, and what it lacks in words."""

    evening: Evening
    people: list[Named]
    gaps: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Gap:
    """One evening that lacks somebody: what, each with whether it cannot be without, and why."""

    evening: Evening
    gaps: list[tuple[str, bool]]
    reasons: list[str]


@dataclass(frozen=True)
class Board:
    """Everything the page shows; `groups` of the cycle, and of them those `with_rota`.

    Names and groups were opened by whoever made it. `evenings` are all of the cycle, or at least those of the weeks
    shown and those to come that lack somebody; `next_at`: when the first to come begins, else found in `evenings`.
    """

    cycle: Cycle
    evenings: Sequence[Evening]
    colleagues: Sequence[Colleague]
    reasons: Reasons
    first_week: int
    groups: Sequence[Group]
    with_rota: Sequence[Group]
    next_at: datetime | None = None
    # Who is locked where in a proposal.
    locked: Mapping[tuple[str, int], set[str]] = field(default_factory=dict)
    # Which of the proposals that are kept this is; None for the rota in force.
    number: int | None = None

    @property
    def without_rota(self) -> int:
        """How many groups have no evening yet."""
        return len(self.groups) - len(self.with_rota)

    @property
    def weeks(self) -> list[tuple[int, date]]:
        """The weeks shown, each with its Monday."""
        last = min(self.first_week + self._span - 1, self.cycle.weeks)
        return [(week, self._monday(week)) for week in range(self.first_week, last + 1)]

    @property
    def rows(self) -> list[tuple[Group, list[Cell | None]]]:
        """Each group with its cells of the weeks shown; None where it does not meet."""
        weeks = [week for week, _monday in self.weeks]
        shown = [evening for evening in self.evenings if evening.week in weeks]
        at = {(evening.group.id, evening.week): self._cell(evening) for evening in shown}
        return [
            (group, [at.get((group.id, week)) for week in weeks])
            for group in sorted(self.with_rota, key=lambda group: group.name.casefold())
        ]

    @cached_property
    def coming_gaps(self) -> list[Gap]:
        """Evenings of these four weeks that lack somebody, the next one first."""
        until = (self._first_at if self.begins_later else timezone.now()) + AHEAD
        return [self._gap(one) for one in self._lacking if one.starts_at < until]

    @property
    def later_gaps(self) -> int:
        """How many evenings after these four weeks lack somebody."""
        return len(self._lacking) - len(self.coming_gaps)

    @cached_property
    def begins_later(self) -> bool:
        """Whether the next four weeks, those of the first screen, have no evening; its first four are shown then."""
        return self._first_at > timezone.now() + AHEAD

    @cached_property
    def loads(self) -> list[Load]:
        """What each person carries, whoever carries most first."""
        shifts = [shift for evening in self.evenings if not evening.skipped for shift in evening.people]
        serving = Counter(shift.person_id for shift in shifts if not shift.reserve)
        reserve = Counter(shift.person_id for shift in shifts if shift.reserve)
        return loads_of(self.colleagues, serving, reserve)

    @property
    def earlier(self) -> int | None:
        """The first week of the page before this one."""
        return max(1, self.first_week - self._span) if self.first_week > 1 else None

    @property
    def later(self) -> int | None:
        """The first week of the page after this one."""
        following = self.first_week + self._span
        return following if following <= self.cycle.weeks else None

    @cached_property
    def names(self) -> dict[UUID, str]:
        """Chosen names of the colleagues."""
        return {colleague.entry.person_id: colleague.entry.name for colleague in self.colleagues}

    @cached_property
    def _group_names(self) -> dict[str, str]:
        return {str(group.pk): group.name for group in self.with_rota}

    @cached_property
    def _span(self) -> int:
        return weeks_shown(len(self.groups))

    @cached_property
    def _first_at(self) -> datetime:
        to_come = (evening.starts_at for evening in self.evenings if not evening.stands)
        return self.next_at or min(to_come, default=timezone.now())

    @cached_property
    def _lacking(self) -> list[Evening]:
        """Evenings to come that lack somebody, the next one first."""
        now = timezone.now()
        lacking = (one for one in self.evenings if one.gaps and one.starts_at > now)
        return sorted(lacking, key=lambda one: one.starts_at)

    def _monday(self, week: int) -> date:
        return self.cycle.monday_of(week)

    def _cell(self, evening: Evening) -> Cell:
        people = sorted(evening.people, key=lambda shift: (shift.reserve, shift.role, str(shift.person_id)))
        stays = self.locked.get((str(evening.group.pk), evening.week), set())
        named = [
            Named(
                name=self.names.get(one.person_id, "–"),
                person=one.person_id,
                leads=one.role == Role.Kind.FACILITATOR,
                reserve=one.reserve,
                locked=str(one.person_id) in stays,
            )
            for one in people
        ]
        return Cell(evening, named, _in_words(evening.gaps))

    def _gap(self, evening: Evening) -> Gap:
        codes = self.reasons.get((str(evening.group.pk), evening.week), [])
        return Gap(evening, _in_words(evening.gaps), sentences(codes, self._group_names))


def weeks_shown(groups: int) -> int:
    """How many weeks one page shows of a cycle with so many groups: two of nine, four of five or fewer."""
    return min(_MOST_WEEKS, max(1, _EVENINGS_SHOWN // max(1, groups)))


def evenings_of_plan(proposal: Proposal, groups: Iterable[Group], colleagues: Iterable[Colleague]) -> list[Evening]:
    """The evenings of a proposal. Who stands by is chosen when it is accepted, so nothing is missing there yet."""
    roles = {colleague.key: str(colleague.role) for colleague in colleagues}
    by_id = {str(group.pk): group for group in groups}
    return [
        _planned(
            proposal,
            by_id[group],
            week,
            [OnShift(UUID(key), roles[key], reserve=False) for key in staff if key in roles],
        )
        for (group, week), staff in planned(proposal).items()
        if group in by_id
    ]


def evenings_in_force(meetings: Iterable[Staffed], groups: Iterable[Group]) -> list[Evening]:
    """The evenings of a rota in force."""
    by_id, now = {group.pk: group for group in groups}, timezone.now()
    return [
        Evening(
            group=group,
            week=one.week,
            starts_at=one.starts_at,
            people=one.shifts,
            gaps=one.gaps,
            meeting=one.pk,
            stands=one.ends_at <= now or one.state != Meeting.State.PLANNED,
            skipped=one.state == Meeting.State.SKIPPED,
        )
        for one in meetings
        if (group := by_id.get(one.group_id))
    ]


def able_for(
    evening: Evening, plan: Iterable[Evening], colleagues: Iterable[Colleague], keys: Iterable[str]
) -> list[Colleague]:
    """Colleagues to choose from for one evening of a plan: of those with these keys whoever is not elsewhere then."""
    same_time = (one for one in plan if one.week == evening.week and one.group.slot == evening.group.slot)
    elsewhere = {shift.person_id for one in same_time if one is not evening for shift in one.people}
    serving, known = {shift.person_id for shift in evening.people}, set(keys)
    return [
        colleague
        for colleague in colleagues
        if colleague.person.pk in serving or (colleague.key in known and colleague.person.pk not in elsewhere)
    ]


def locked_at(proposal: Proposal) -> dict[tuple[str, int], set[str]]:
    """Who stays where when a proposal is drawn up again, by group and week."""
    found: dict[tuple[str, int], set[str]] = {}
    for shift in locked_shifts(proposal):
        found.setdefault((shift["group"], shift["week"]), set()).add(shift["staff"])
    return found


def reasons_of(proposal: Proposal | None) -> Reasons:
    """Why meetings lack somebody, as the kernel found when it drew up the plan."""
    found = proposal.reasons if proposal else []
    return {(str(entry["group"]), int(str(entry["week"]))): list(entry["codes"]) for entry in found}  # type: ignore[call-overload]


def _in_words(gaps: Iterable[str]) -> list[tuple[str, bool]]:
    return [(str(GAPS[gap]), gap in URGENT) for gap in gaps]


def _planned(proposal: Proposal, group: Group, week: int, people: list[OnShift]) -> Evening:
    cycle = proposal.cycle
    starts_at = begins_at(cycle.monday_of(week), group.slot, cycle.programme.time_zone)
    stands = starts_at <= timezone.now() or week <= int(str(proposal.plan["fixed_weeks"]))
    gaps = [] if stands else missing((shift.role for shift in people), has_reserve=True)
    return Evening(group, week, starts_at, people, gaps, meeting=None, stands=stands)

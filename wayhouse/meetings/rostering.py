"""From sealed records to a rota problem: who could serve which group, and what is fair to ask of each.

Design page "Planning", section "Rota". The problem holds random ids and nothing that names anybody.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Cycle, Group, Seat
from wayhouse.meetings.limits import INTENSITY, MOST_IN_A_ROW, SPAN, most_in_four_weeks
from wayhouse.meetings.models import Meeting, Shift
from wayhouse.meetings.times import begins_at
from wayhouse.people.models import KeepApart, Person, Role, RosterEntry

# Chosen name and role.
NameAndRole = tuple[str, Role.Kind]
WANTED = {Role.Kind.FACILITATOR: 1, Role.Kind.MENTOR: 2}
_NOT_PREFERRED, _OTHER_KIND = 1, 3


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who leads or accompanies evenings, with what they wrote about their time."""

    entry: RosterEntry
    role: Role.Kind
    # Evenings served in the cycle before.
    before: int = 0

    @property
    def person(self) -> Person:
        """The person."""
        return self.entry.person

    @property
    def key(self) -> str:
        """The id in the problem."""
        return str(self.entry.person_id)

    @property
    def a_week(self) -> int:
        """Evenings they give in a week."""
        return self.entry.meetings_a_week

    @property
    def as_staff(self) -> NameAndRole:
        """Chosen name and role, as `staffing` takes them."""
        return self.entry.name, self.role


class StaffRoster:
    """Everything a coordinator's keys open for the rota of a cycle, fetched once."""

    def __init__(self, cycle: Cycle) -> None:
        """Opens the records; the acting person must be a coordinator. Error: `CannotOpen`."""
        self.cycle = cycle
        self.colleagues = colleagues_of(cycle)
        self.groups: list[Group] = list(Group.objects.open().filter(cycle=cycle).select_related("item").order_by("pk"))
        self._groups = {group.pk: group for group in self.groups}
        rules = list(KeepApart.objects.filter(programme=cycle.programme).select_related("item"))
        open_all((colleague.entry for colleague in self.colleagues), self.groups, rules)
        self.apart = [frozenset(rule.people) for rule in rules]
        self.meetings = {
            (meeting.group_id, meeting.week): meeting
            for meeting in Meeting.objects.filter(cycle=cycle, group__in=self.groups).select_related("scope")
        }
        for meeting in self.meetings.values():
            meeting.group = self._groups[meeting.group_id]
        self.shifts = list(_shifts(self.colleagues, cycle.starts_on))
        self._members: dict[UUID, set[str]] = defaultdict(set)
        for group, person in (
            Seat.objects.current().members().filter(group__in=self.groups).values_list("group", "person")
        ):
            self._members[group].add(str(person))

    def suits(self, colleague: Colleague, group: Group, slot: str | None = None) -> bool:
        """Whether nothing lasting keeps a colleague from a group, at its own or another time of the week.

        Time, language and place are theirs; whoever attends the group themselves or must not meet somebody in it
        is left out like everybody else who does not suit.
        """
        entry, members = colleague.entry, self._members[group.pk]
        if (slot or group.slot) not in entry.slots or group.language not in entry.languages:
            return False
        if entry.mode == ("in-person" if group.online else "online"):
            return False
        return colleague.key not in members and not self.are_apart(colleague.key, members)

    def group_of(self, meeting: Meeting) -> Group | None:
        """The group of a meeting, its words opened; None where it has closed."""
        return self._groups.get(meeting.group_id)

    def are_apart(self, key: str, others: "set[str] | frozenset[str]") -> bool:
        """Whether somebody must not meet one of these people."""
        return any(key in rule and not rule.isdisjoint(others - {key}) for rule in self.apart)

    def must_not_come(self, keys: Iterable[str], group: Group) -> bool:
        """Whether one of these people must not meet a member of a group."""
        return any(self.are_apart(key, self._members[group.pk]) for key in keys)

    def starts_at(self, group: Group, week: int) -> datetime:
        """When the evening of a week begins, whether it is planned yet or not."""
        meeting = self.meetings.get((group.pk, week))
        if meeting:
            return meeting.starts_at
        return begins_at(self.cycle.monday_of(week), group.slot, self.cycle.programme.time_zone)

    def serving(self) -> dict[UUID, list[str]]:
        """Who is to serve at each meeting, of the colleagues there are now."""
        found: dict[UUID, list[str]] = defaultdict(list)
        for shift in self.shifts:
            if not shift.reserve:
                found[shift.meeting_id].append(str(shift.person_id))
        return found

    def weeks_begun(self) -> int:
        """How many weeks stand as they are: their evenings have begun, or are near and staffed."""
        staffed, week = self.serving(), 0
        while week < self.cycle.weeks and any(self._stands(group, week + 1, staffed) for group in self.groups):
            week += 1
        return week

    def _stands(self, group: Group, week: int, staffed: dict[UUID, list[str]]) -> bool:
        meeting = self.meetings.get((group.pk, week))
        near = meeting is not None and meeting.is_fixed and meeting.pk in staffed
        return near or self.starts_at(group, week) <= timezone.now()


def colleagues_of(cycle: Cycle, *, counted: bool = True) -> list[Colleague]:
    """Everybody who leads or accompanies evenings in the programme of a cycle now, unopened; one query.

    `counted`: with how many evenings of the cycle before they served, which costs more than all else.
    """
    here = cycle.programme_id
    if not counted:
        entries: list[Any] = _entries(programme=here)
        return [Colleague(entry, Role.Kind(entry.serves_as)) for entry in entries]
    found: dict[UUID, Colleague] = {}
    roles: list[Any] = _counted_roles(programme=here, starts_on=cycle.starts_on)
    for role in roles:
        found.setdefault(role.person_id, Colleague(role.person.roster_entry, Role.Kind(role.kind), role.before))
    return list(found.values())


@prepared
def _counted_roles(programme: UUID, starts_on: date) -> QuerySet[Role]:
    here = _serving().filter(person__programme=programme, person__roster_entry__isnull=False)
    serving = here.filter(person__status=Person.Status.ACTIVE).order_by("kind", "person_id")
    return serving.select_related("person__roster_entry__item").annotate(before=_evenings_before(programme, starts_on))


@prepared
def _entries(programme: UUID) -> QuerySet[RosterEntry]:
    """As above, without the models in between, which cost more than all else where nothing is counted."""
    serves_as = _serving().filter(person=OuterRef("person")).values("kind")[:1]
    here = RosterEntry.objects.filter(person__programme=programme, person__status=Person.Status.ACTIVE)
    return here.annotate(serves_as=Subquery(serves_as)).filter(serves_as__isnull=False).select_related("item")


def _serving() -> QuerySet[Role]:
    """Facilitators come first: whoever holds both roles leads."""
    return Role.objects.filter(kind__in=list(WANTED), until_on=None).order_by("kind")


def _evenings_before(programme: UUID, starts_on: date) -> Coalesce:
    """How many evenings the person of a role served in the cycle before the one that starts then."""
    earlier = Cycle.objects.filter(programme=programme, starts_on__lt=starts_on)
    latest = earlier.order_by("-starts_on", "pk").values("pk")[:1]
    served = Shift.objects.serving().filter(meeting__cycle=latest, person=OuterRef("person"))
    counted = served.exclude(meeting__state=Meeting.State.SKIPPED).order_by().values("person")
    return Coalesce(Subquery(counted.annotate(evenings=Count("pk")).values("evenings")), 0)


def problem_of(roster: StaffRoster, locks: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The rota problem as JSON (`meetings/rota/problem.schema.json`); `locks` are shifts that stay where they can."""
    options = {colleague.key: _options(roster, colleague) for colleague in roster.colleagues}
    known = set(options)
    groups = {str(group.pk) for group in roster.groups}
    targets = _targets(roster, options)
    return {
        "weeks": roster.cycle.weeks,
        "max_consecutive_weeks": MOST_IN_A_ROW,
        "fixed_weeks": roster.weeks_begun(),
        "groups": [_group(group) for group in roster.groups],
        "staff": [_staff(roster, colleague, options, targets) for colleague in roster.colleagues],
        "keep_apart": [ids for rule in roster.apart if len(ids := sorted(known & rule)) > 1],
        "running": _running(roster),
        "locked": [lock for lock in locks if lock["staff"] in known and lock["group"] in groups],
    }


def _shifts(colleagues: list[Colleague], starts_on: date) -> Iterator[Shift]:
    since = datetime.combine(starts_on - timedelta(weeks=SPAN), datetime.min.time(), tzinfo=ZoneInfo("UTC"))
    mine = Shift.objects.filter(person__in=[colleague.person for colleague in colleagues])
    recent = mine.filter(meeting__ends_at__gte=since).exclude(meeting__state=Meeting.State.SKIPPED)
    yield from recent.select_related("meeting__group").order_by("pk")


def _options(roster: StaffRoster, colleague: Colleague) -> list[dict[str, Any]]:
    return [
        {"group": str(group.pk), "cost": _cost(colleague.entry, group)}
        for group in roster.groups
        if roster.suits(colleague, group)
    ]


def _cost(entry: RosterEntry, group: Group) -> int:
    preferred = not entry.preferred_slots or group.slot in entry.preferred_slots
    return (0 if preferred else _NOT_PREFERRED) + (0 if group.kind in entry.kinds else _OTHER_KIND)


def _group(group: Group) -> dict[str, Any]:
    return {
        "id": str(group.pk),
        "slot": group.slot,
        "intensity": INTENSITY,
        "facilitators": WANTED[Role.Kind.FACILITATOR],
        "mentors": WANTED[Role.Kind.MENTOR],
    }


def _staff(
    roster: StaffRoster, colleague: Colleague, options: dict[str, list[dict[str, Any]]], targets: dict[str, int]
) -> dict[str, Any]:
    return {
        "id": colleague.key,
        "role": str(colleague.role),
        "max_per_week": colleague.a_week,
        "max_per_4_weeks": most_in_four_weeks(colleague.a_week),
        "intensity_per_4_weeks": INTENSITY * most_in_four_weeks(colleague.a_week),
        "target": targets[colleague.key],
        "away": _away(roster, colleague),
        "options": options[colleague.key],
    }


def _targets(roster: StaffRoster, options: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
    """A fair number of evenings for each: everybody's share of what is to be done, by the time they give."""
    targets = dict.fromkeys(options, 0)
    for role, wanted in WANTED.items():
        able = [colleague for colleague in roster.colleagues if colleague.role == role and options[colleague.key]]
        given = sum(most_in_four_weeks(colleague.a_week) for colleague in able)
        evenings = wanted * len(roster.groups) * roster.cycle.weeks
        for colleague in able:
            most = most_in_four_weeks(colleague.a_week)
            targets[colleague.key] = min(round(evenings * most / given), most * roster.cycle.weeks // SPAN)
    return targets


def _away(roster: StaffRoster, colleague: Colleague) -> list[int]:
    """Weeks in which somebody serves in another cycle."""
    zone = ZoneInfo(roster.cycle.programme.time_zone)
    days = (
        timezone.localtime(shift.meeting.starts_at, zone).date()
        for shift in roster.shifts
        if shift.person_id == colleague.entry.person_id
        and not shift.reserve
        and shift.meeting.cycle_id != roster.cycle.pk
    )
    weeks = {roster.cycle.week_of(day) for day in days}
    return sorted(weeks.intersection(range(1, roster.cycle.weeks + 1)))


def _running(roster: StaffRoster) -> dict[str, list[list[str] | None]]:
    """What was announced, group by group and week by week; None where nobody was."""
    serving, weeks = roster.serving(), range(1, roster.cycle.weeks + 1)
    planned = {group for group, _week in roster.meetings}
    return {
        str(group.pk): [_announced(roster.meetings.get((group.pk, week)), serving) for week in weeks]
        for group in roster.groups
        if group.pk in planned
    }


def _announced(meeting: Meeting | None, serving: dict[UUID, list[str]]) -> list[str] | None:
    people = serving.get(meeting.pk) if meeting else None
    return sorted(people) if people else None

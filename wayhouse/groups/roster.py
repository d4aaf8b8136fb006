"""What a coordinator's keys open for planning, fetched once: who waits, who sits, who leads, and where."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Cycle, Group, Seat, Venue
from wayhouse.people.models import KeepApart, Person, Role, RosterEntry

# One interpreter or more has to be booked for each language and hour; how many there are, the coordinator says.
INTERPRETERS = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """A venue, weekly slot, language and kind of group. Without a venue where that is not known any more."""

    venue: Venue | None
    slot: str
    language: str
    kind: str

    @property
    def key(self) -> str:
        """The id in the problem."""
        return f"{self.venue.pk if self.venue else ''}:{self.slot}:{self.language}:{self.kind}"


class Roster:
    """Everything that forming groups of one cycle looks at.

    `members` are those to plan for: who sits in a group of this cycle stays there, who left one is asked before they
    are planned for again (`also` names them), who pauses without a seat waits, and who sits in another cycle of the
    same weeks is busy.
    """

    def __init__(self, cycle: Cycle, *, interpreters: int = INTERPRETERS, also: Collection[UUID] = ()) -> None:
        """Opens the records; the acting person must be a coordinator. Error: `CannotOpen`."""
        programme = cycle.programme
        self.interpreters = interpreters
        entries = RosterEntry.objects.filter(person__programme=programme).exclude(person__status=Person.Status.LEFT)
        facilitators = _with_role(entries, Role.Kind.FACILITATOR)
        self.facilitators = list(facilitators.filter(person__status=Person.Status.ACTIVE))
        known = list(Venue.objects.filter(programme=programme).select_related("item").order_by("pk"))
        self.venues = [venue for venue in known if venue.in_use]
        self.apart = list(KeepApart.objects.filter(programme=programme).select_related("item"))
        meeting = _meeting_beside(cycle)
        self.running = [group for group in meeting if group.cycle_id == cycle.pk]
        self.elsewhere = [group for group in meeting if group.cycle_id != cycle.pk]
        self.seated = seats_in(cycle)
        busy = set(_seats().filter(group__in=self.elsewhere).values_list("person_id", flat=True))
        self.members = self._members(entries, busy | _leavers(cycle).difference(also))
        open_all(self.members, self.facilitators, known, self.apart, meeting)
        self._leading = _leads_of(self.running)
        self._venue_of = {str(venue.pk): venue for venue in known}

    def _members(self, entries: "QuerySet[RosterEntry]", out: Collection[UUID]) -> list[RosterEntry]:
        found = _with_role(entries, Role.Kind.MEMBER).select_related("person")
        return [
            entry
            for entry in found
            if entry.person_id in self.seated
            or (entry.person_id not in out and entry.person.status == Person.Status.ACTIVE)
        ]

    def cells(self, also: Collection[tuple[str, str]] = ()) -> list[Cell]:
        """Every combination that somebody could lead and somebody asked for, in a steady order.

        `also` are slots with languages that nobody leads so far.
        """
        led = self._led() | set(also)
        kinds = sorted({kind for entry in self.members for kind in kinds_of(entry)})
        return [
            Cell(venue, slot, language, kind)
            for venue in self.venues
            for slot in dict.fromkeys(venue.slots)
            for language in sorted({language for known, language in led if known == slot})
            for kind in kinds
        ]

    def nobody_leads(self, least: int) -> list[tuple[str, str]]:
        """Slots with languages that nobody leads though at least so many who wait could come, the most wanted first."""
        waiting = [entry for entry in self.members if entry.person_id not in self.seated]
        wanted = Counter(
            (slot, language) for entry in waiting for slot in set(entry.slots) for language in set(entry.languages)
        )
        lacking = [pair for pair, people in wanted.items() if people >= least and pair not in self._led()]
        return sorted(lacking, key=lambda pair: (-wanted[pair], pair))

    def _led(self) -> set[tuple[str, str]]:
        return {(slot, language) for entry in self.facilitators for slot in entry.slots for language in entry.languages}

    def closed_to(self, person_id: UUID) -> set[str]:
        """Ids of running groups that are no choice for somebody: they must not meet who leads there."""
        who = str(person_id)
        apart = {other for rule in self.apart if who in rule.people for other in rule.people} - {who}
        return {str(group) for group, leads in self._leading.items() if not leads.isdisjoint(apart)}

    def cell_of(self, group: Group) -> Cell:
        """Where and when a group meets, as it stands now."""
        return cell_at(group, self._venue_of)


def cell_at(group: Group, venues: Mapping[str, Venue]) -> Cell:
    """The same, with the venues by their ids."""
    venue = venues.get(group.cell.partition(":")[0])
    return Cell(venue, group.slot, group.language, group.kind)


def _leads_of(groups: Iterable[Group]) -> dict[UUID, set[str]]:
    leading = Seat.objects.current().filter(group__in=list(groups), role=Seat.Role.FACILITATOR)
    found: dict[UUID, set[str]] = {}
    for group, person in leading.values_list("group_id", "person_id"):
        found.setdefault(group, set()).add(str(person))
    return found


def seats_in(cycle: Cycle) -> dict[UUID, UUID]:
    """Who sits in which group of a cycle now, by person."""
    return dict(_seats().filter(group__cycle=cycle, group__closed_on=None).values_list("person_id", "group_id"))


def without_seat(cycle: Cycle, cycles: Iterable[Cycle]) -> list[RosterEntry]:
    """Members who sit in no group in the weeks of a cycle, of all `cycles` of the programme.

    Those who gave up a seat in it have `has_left`: a seat is theirs again when they ask for one.
    """
    beside = tuple(other.pk for other in cycles if other.pk == cycle.pk or other.overlaps(cycle))
    return _without_seat(programme=cycle.programme_id, cycle=cycle.pk, beside=beside or (cycle.pk,))


@prepared
def cycles_of(programme: UUID) -> QuerySet[Cycle]:
    """All cycles of a programme."""
    return Cycle.objects.filter(programme=programme)


@prepared
def _without_seat(programme: UUID, cycle: UUID, beside: tuple[UUID, ...]) -> QuerySet[RosterEntry]:
    taken = Seat.objects.current().filter(group__cycle__in=beside, group__closed_on=None)
    left = Seat.objects.members().filter(group__cycle=cycle, person=OuterRef("person")).exclude(until_on=None)
    active = RosterEntry.objects.filter(person__programme=programme, person__status=Person.Status.ACTIVE)
    found = _with_role(active, Role.Kind.MEMBER).exclude(person__in=taken.values("person"))
    return found.annotate(has_left=Exists(left))


def kinds_of(entry: RosterEntry) -> list[str]:
    """The kinds of group that suit somebody; who says nothing takes a mixed one."""
    return list(entry.kinds) or ["mixed"]


def _with_role(entries: "QuerySet[RosterEntry]", kind: Role.Kind) -> "QuerySet[RosterEntry]":
    found = entries.filter(person__roles__kind=kind, person__roles__until_on=None)
    return found.select_related("item").order_by("person_id")


def _seats() -> "QuerySet[Seat]":
    return Seat.objects.current().members()


def _meeting_beside(cycle: Cycle) -> list[Group]:
    """The groups of the programme that meet in weeks of this cycle, those of the cycle itself among them."""
    groups = Group.objects.open().filter(programme=cycle.programme_id).select_related("item", "cycle")
    found = groups.order_by("opened_on", "pk")
    return [group for group in found if group.cycle_id == cycle.pk or group.cycle.overlaps(cycle)]


def _leavers(cycle: Cycle) -> set[UUID]:
    """Who gave up a seat in this cycle: nobody puts them anywhere again without asking them."""
    left = Seat.objects.members().filter(group__cycle=cycle).exclude(until_on=None)
    return set(left.values_list("person_id", flat=True))

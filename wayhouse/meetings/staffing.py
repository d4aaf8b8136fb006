"""Who serves at which evening: shifts, and the keys and names that go with them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import items
from wayhouse.groups.actions import end_leading, take_seat
from wayhouse.groups.models import Cycle, Group, Seat
from wayhouse.meetings import rules
from wayhouse.meetings.covering import lasting_cover
from wayhouse.meetings.models import RECORD_WITHIN, HostName, Meeting, Shift, Swap
from wayhouse.meetings.planning import write_cards
from wayhouse.meetings.rostering import NameAndRole, StaffRoster
from wayhouse.people import reach
from wayhouse.people.models import Belonging, Person, Role

Staff = Mapping[Person, NameAndRole]


@dataclass(frozen=True, slots=True)
class Team:
    """Who serves and who stands by at one meeting; each value is (chosen name, role)."""

    meeting: Meeting
    serving: Staff
    reserve: Staff = field(default_factory=dict)

    @property
    def everybody(self) -> dict[Person, NameAndRole]:
        """All of them. Whoever serves is not in reserve as well."""
        return {**self.reserve, **self.serving}


def staff_meeting(meeting: Meeting, serving: Staff, *, actor: Person, reserve: Staff | None = None) -> None:
    """Set who serves and who stands by at a meeting; each value is (chosen name, role).

    Those who come get the keys of the evening, those who go lose them; facilitators sit in the group as long as they
    lead an evening of it, and the group learns the names of whoever serves.
    """
    require(rules.may_plan_meetings(actor, meeting.cycle))
    team = Team(meeting, serving, reserve or {})
    with transaction.atomic():
        _set(StaffRoster(meeting.cycle), [team], actor)
        record("meeting.staffed", meeting, actor=actor, staff=len(serving), reserve=len(team.reserve))


def staff_meetings(cycle: Cycle, teams: Sequence[Team], *, actor: Person) -> None:
    """Set who serves and who stands by at many meetings of a cycle, all or nothing."""
    require(rules.may_plan_meetings(actor, cycle))
    with transaction.atomic():
        _set(StaffRoster(cycle), teams, actor)
        record("meetings.staffed", cycle, actor=actor, meetings=len(teams))


def _set(roster: StaffRoster, teams: Sequence[Team], actor: Person) -> None:
    meetings = [team.meeting for team in teams]
    # Two coordinators who staff the same evening wait for each other, in one order.
    list(Meeting.objects.select_for_update().filter(pk__in=[meeting.pk for meeting in meetings]).order_by("pk"))
    _set_shifts(teams)
    _hand_keys(teams)
    _let_go({team.meeting.group for team in teams}, actor)
    for group, teams_of in _by_group(teams).items():
        _introduce(group, teams_of)
        _seat_leads(group, teams_of, actor)
    cover = {team.meeting.pk: lasting_cover(roster, team.meeting, _ids(team)) for team in teams}
    write_cards(meetings, {meeting: {"cover": words} for meeting, words in cover.items()})


def _set_shifts(teams: Sequence[Team]) -> None:
    wanted = {
        (team.meeting.pk, person.pk): Shift(meeting=team.meeting, person=person, role=role, reserve=person in standing)
        for team in teams
        for standing in [team.reserve.keys() - team.serving.keys()]
        for person, (_name, role) in team.everybody.items()
    }
    meetings = [team.meeting for team in teams]
    before = {(shift.meeting_id, shift.person_id): shift for shift in Shift.objects.filter(meeting__in=meetings)}
    going = [shift for key, shift in before.items() if key not in wanted]
    Shift.objects.filter(pk__in=[shift.pk for shift in going]).delete()
    for key in wanted.keys() & before.keys():
        before[key].role, before[key].reserve = wanted[key].role, wanted[key].reserve
    Shift.objects.bulk_update((before[key] for key in wanted.keys() & before.keys()), ["role", "reserve"])
    Shift.objects.bulk_create(shift for key, shift in wanted.items() if key not in before)
    _settle_swaps(going)


def _settle_swaps(gone: Sequence[Shift]) -> None:
    """Whoever is off a meeting need not ask to be any more."""
    asked = Swap.objects.filter(state=Swap.State.ASKED, meeting__in=[shift.meeting_id for shift in gone])
    keys = {(shift.meeting_id, shift.person_id) for shift in gone}
    moot = [swap.pk for swap in asked if (swap.meeting_id, swap.asker_id) in keys]
    Swap.objects.filter(pk__in=moot).update(state=Swap.State.WITHDRAWN)


def _hand_keys(teams: Sequence[Team]) -> None:
    """Everybody on shift reaches the evening, and nobody else; the desk always does."""
    inside: dict[UUID, set[Person]] = defaultdict(set)
    scopes = [team.meeting.scope_id for team in teams]
    for belonging in Belonging.objects.filter(scope__in=scopes).select_related("person"):
        inside[belonging.scope_id].add(belonging.person)
    for team in teams:
        wanted, present = set(team.everybody), inside[team.meeting.scope_id]
        if present - wanted:
            reach.show_out(team.meeting.scope, *(present - wanted))
        if wanted - present:
            reach.let_in(team.meeting.scope, *(wanted - present))


def _by_group(teams: Sequence[Team]) -> dict[Group, list[Team]]:
    found: dict[Group, list[Team]] = defaultdict(list)
    for team in teams:
        found[team.meeting.group].append(team)
    return found


def _let_go(groups: Collection[Group], actor: Person) -> None:
    """Whoever leads no evening of a group any more gives up their seat, but not before they could record the last."""
    leads = (
        Shift.objects.serving()
        .in_force()
        .filter(
            meeting__group=OuterRef("group"),
            person=OuterRef("person"),
            role=Role.Kind.FACILITATOR,
            meeting__ends_at__gt=timezone.now() - RECORD_WITHIN,
        )
    )
    leading = Seat.objects.filter(group__in=groups, role=Seat.Role.FACILITATOR, until_on=None)
    gone: dict[UUID, list[Seat]] = defaultdict(list)
    # A seat without its role or keys has ended as well, even where the same person leads again from now on.
    for seat in leading.exclude(Exists(leads), pk__in=Seat.objects.current()):
        gone[seat.group_id].append(seat)
    for group in groups:
        if group.pk in gone:
            end_leading(group, gone[group.pk], actor=actor)


def _introduce(group: Group, teams: Sequence[Team]) -> None:
    """The chosen names of all of them: the group reads those of whoever comes, the card has those in reserve too."""
    staff = {person: words for team in teams for person, words in team.everybody.items()}
    known = set(HostName.objects.filter(group=group).values_list("person_id", flat=True))
    new = [(person, name) for person, (name, _role) in staff.items() if person.pk not in known]
    sealed = items.seal_all(group.scope, "host", [(person.pk, {"name": name}) for person, name in new])
    HostName.objects.bulk_create(
        HostName(item=item, group=group, person=person) for item, (person, _name) in zip(sealed, new, strict=True)
    )


def _seat_leads(group: Group, teams: Sequence[Team], actor: Person) -> None:
    """Whoever leads sits in the group; for those in reserve the card of the evening is enough."""
    staff = {person: words for team in teams for person, words in team.serving.items()}
    seated = set(Seat.objects.current().filter(group=group).values_list("person_id", flat=True))
    leading = {
        person: name
        for person, (name, role) in staff.items()
        if role == Role.Kind.FACILITATOR and person.pk not in seated
    }
    # All of them at once: each newcomer would seal the standing words of the group anew.
    reach.let_in(group.scope, *leading)
    for person, name in leading.items():
        take_seat(group, person, name, Seat.Role.FACILITATOR, actor=actor)


def _ids(team: Team) -> list[UUID]:
    return [person.pk for person in team.everybody]

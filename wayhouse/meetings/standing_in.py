"""What is done when somebody cannot come: the reserve is called, a gap is filled, somebody is taken off."""

from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.refusals import Outdated, Unsuitable
from wayhouse.meetings import rules
from wayhouse.meetings.covering import Candidate, candidates, duties_around, lasting_cover
from wayhouse.meetings.models import EveningCard, Meeting, Shift
from wayhouse.meetings.rostering import NameAndRole, StaffRoster
from wayhouse.meetings.staffing import Team, staff_meeting
from wayhouse.people.models import Person, Role


def call_reserve(meeting: Meeting, reserve: Person, *, instead_of: Person | None = None, actor: Person) -> None:
    """Let somebody who stands by come, instead of somebody or as well. Errors: `Unsuitable`; `Outdated`."""
    require(rules.may_cover(actor, meeting))
    with transaction.atomic():
        team = _team_now(meeting, actor)
        if reserve not in team.reserve:
            raise Unsuitable
        put_on(without(team, instead_of), reserve, team.reserve[reserve], actor=actor)
        record("reserve.called", meeting, actor=actor, instead=instead_of is not None)


def fill_gap(meeting: Meeting, person: Person, *, as_reserve: bool, actor: Person) -> None:
    """Let somebody come or stand by whom nothing hinders. Errors: `Unsuitable`, alike for every rule; `Outdated`."""
    require(rules.may_cover(actor, meeting))
    with transaction.atomic():
        team = _team_now(meeting, actor)
        chosen = able_to_come(team, as_reserve=as_reserve).get(person.pk)
        if chosen is None or (as_reserve and chosen.role != Role.Kind.FACILITATOR):
            raise Unsuitable
        put_on(team, person, chosen.as_staff, as_reserve=as_reserve, actor=actor)
        record("gap.filled", meeting, actor=actor, reserve=as_reserve)


def take_off(meeting: Meeting, person: Person, *, actor: Person) -> None:
    """Somebody cannot come; what is missing then shows as a gap. Error: `Outdated`."""
    require(rules.may_cover(actor, meeting))
    with transaction.atomic():
        team = without(_team_now(meeting, actor), person)
        staff_meeting(meeting, team.serving, reserve=team.reserve, actor=actor)
        record("shift.ended", meeting, actor=actor)


def team_of(meeting: Meeting) -> Team:
    """Who serves and who stands by now, with the names on the card. The meeting stays locked."""
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("cycle", "group").get(pk=meeting.pk)
    cards = EveningCard.objects.filter(meeting=locked).select_related("item")
    open_all(cards)
    names = {UUID(words["person"]): words["name"] for card in cards for words in card.serving}
    # Whoever gave up the role meanwhile is not let in again with the rest of the team.
    shifts = Shift.objects.in_force().filter(meeting=locked).select_related("person")
    staff = {shift.person: (names.get(shift.person_id, ""), Role.Kind(shift.role), shift.reserve) for shift in shifts}
    return Team(
        locked,
        serving={person: (name, role) for person, (name, role, reserve) in staff.items() if not reserve},
        reserve={person: (name, role) for person, (name, role, reserve) in staff.items() if reserve},
    )


def able_to_come(team: Team, *, as_reserve: bool = False) -> dict[UUID, Candidate]:
    """Who could come or stand by as well, by id: looked up afresh with a coordinator's keys."""
    roster = StaffRoster(team.meeting.cycle)
    cover = lasting_cover(roster, team.meeting, [person.pk for person in team.everybody])
    duties = duties_around(team.meeting, (UUID(words["person"]) for words in cover))
    found = candidates(team.meeting, cover, duties, as_reserve=as_reserve)
    return {candidate.person_id: candidate for candidate in found}


def without(team: Team, person: Person | None) -> Team:
    """A team without somebody."""
    return Team(
        team.meeting,
        serving={one: words for one, words in team.serving.items() if one != person},
        reserve={one: words for one, words in team.reserve.items() if one != person},
    )


def put_on(team: Team, person: Person, words: NameAndRole, *, actor: Person, as_reserve: bool = False) -> None:
    """Set a team with one person more."""
    rest = without(team, person)
    serving, reserve = dict(rest.serving), dict(rest.reserve)
    (reserve if as_reserve else serving)[person] = words
    staff_meeting(team.meeting, serving, reserve=reserve, actor=actor)


def _team_now(meeting: Meeting, actor: Person) -> Team:
    """The team of an evening that may still be changed, judged by the locked row."""
    team = team_of(meeting)
    if not rules.may_cover(actor, team.meeting):
        raise Outdated
    return team

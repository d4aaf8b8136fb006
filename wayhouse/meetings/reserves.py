"""Who stands by: a facilitator is named for every evening (handbook F19), spread fairly over those who could."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from wayhouse.meetings.covering import Duty, lasting_cover, overlap, week_of
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.rostering import Colleague, StaffRoster
from wayhouse.meetings.staffing import Team
from wayhouse.people.models import Role


def with_reserves(roster: StaffRoster, teams: Sequence[Team]) -> list[Team]:
    """These teams, each with a reserve where somebody is free: whoever stood by before, else the least loaded."""
    colleagues = {colleague.key: colleague for colleague in roster.colleagues}
    duties = _duties(roster, teams)
    stood_by = {(shift.meeting_id, shift.person_id) for shift in roster.shifts if shift.reserve}
    standing = Counter[UUID]()
    found = []
    for team in sorted(teams, key=lambda team: (team.meeting.starts_at, team.meeting.pk)):
        cover = lasting_cover(roster, team.meeting, [person.pk for person in team.serving])
        free = [
            colleagues[words["person"]]
            for words in cover
            if words["role"] == Role.Kind.FACILITATOR and _is_free(duties[UUID(words["person"])], team.meeting)
        ]
        chosen = min(free, key=lambda one: _rank(one, team.meeting, duties, standing, stood_by), default=None)
        if chosen is not None:
            standing[chosen.person.pk] += 1
            duties[chosen.person.pk].append(Duty(team.meeting, reserve=True))
        found.append(replace(team, reserve={chosen.person: chosen.as_staff} if chosen else {}))
    return found


def _duties(roster: StaffRoster, teams: Sequence[Team]) -> defaultdict[UUID, list[Duty]]:
    """What everybody serves: what these teams say, and for all other evenings what stands already."""
    found: defaultdict[UUID, list[Duty]] = defaultdict(list)
    anew = {team.meeting.pk for team in teams}
    for shift in roster.shifts:
        if shift.meeting_id not in anew:
            found[shift.person_id].append(Duty(shift.meeting, shift.reserve))
    for team in teams:
        for person in team.serving:
            found[person.pk].append(Duty(team.meeting, reserve=False))
    return found


def _is_free(duties: Sequence[Duty], meeting: Meeting) -> bool:
    return not any(overlap(duty.meeting, meeting) for duty in duties)


def _rank(
    colleague: Colleague,
    meeting: Meeting,
    duties: dict[UUID, list[Duty]],
    standing: Counter[UUID],
    stood_by: set[tuple[UUID, UUID]],
) -> tuple[bool, bool, int, int, str]:
    mine = duties[colleague.person.pk]
    busy = any(week_of(duty.meeting) == week_of(meeting) for duty in mine)
    kept = (meeting.pk, colleague.person.pk) in stood_by
    return not kept, busy, standing[colleague.person.pk], len(mine), colleague.key

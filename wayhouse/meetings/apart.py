"""Shifts looked at again after somebody took a seat or is kept apart: who must not meet a member comes off.

Whoever comes off leaves a gap like any other; nothing says why, neither to them nor to whoever fills it. It happens
on the next coordinator's first screen, whose keys open the lists, together with all else that is due there.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wayhouse.core.gate import require
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Cycle
from wayhouse.meetings import rules
from wayhouse.meetings.models import EveningCard, Meeting, Shift
from wayhouse.meetings.rostering import StaffRoster
from wayhouse.meetings.staffing import Team, staff_meetings
from wayhouse.meetings.standing_in import team_of, without
from wayhouse.people.models import Person, Programme, Role


def check_shifts_again(programme: Programme, *, actor: Person) -> None:
    """Take whoever must not meet somebody there off every evening to come, and off the lists of who could come instead.

    Error: `CannotOpen`.
    """
    require(rules.may_check_shifts(actor, programme))
    with transaction.atomic():
        # Whoever takes a seat waits here, and sets the mark again.
        locked = Programme.objects.select_for_update().get(pk=programme.pk)
        coming = Cycle.objects.filter(programme=locked, meetings__starts_at__gt=timezone.now())
        for cycle in coming.exclude(state=Cycle.State.ENDED).select_related("programme").distinct().order_by("pk"):
            roster = StaffRoster(cycle)
            if teams := [_without_apart(roster, meeting) for meeting in _to_staff_again(roster)]:
                staff_meetings(cycle, teams, actor=actor)
        locked.shifts_unchecked = False
        locked.save(update_fields=["shifts_unchecked"])
    programme.shifts_unchecked = False


def _to_staff_again(roster: StaffRoster) -> list[Meeting]:
    """The evenings to come, by number, whose staff or whose list of who could come has somebody who must not."""
    now = timezone.now()
    coming = {one.pk: one for one in roster.meetings.values() if one.starts_at > now and one.state == "planned"}
    people: dict[UUID, set[str]] = {pk: set() for pk in coming}
    cards = list(EveningCard.objects.filter(meeting__in=coming).select_related("item"))
    open_all(cards)
    for card in cards:
        people[card.meeting_id] |= {words["person"] for words in card.cover}
    on_shift: dict[UUID, set[str]] = {pk: set() for pk in coming}
    for meeting_id, person_id in Shift.objects.filter(meeting__in=coming).values_list("meeting", "person"):
        on_shift[meeting_id].add(str(person_id))
    return [
        coming[pk]
        for pk in sorted(coming)
        if roster.must_not_come(people[pk] | on_shift[pk], coming[pk].group)
        or any(roster.are_apart(key, on_shift[pk]) for key in on_shift[pk])
    ]


def _without_apart(roster: StaffRoster, meeting: Meeting) -> Team:
    """The team without whoever must not meet a member, or somebody of the team who is needed more."""
    team = team_of(meeting)
    kept: set[str] = set()
    for person in _by_need(team):
        key = str(person.pk)
        if roster.must_not_come({key}, meeting.group) or roster.are_apart(key, kept):
            team = without(team, person)
        else:
            kept.add(key)
    return team


def _by_need(team: Team) -> Iterable[Person]:
    """Whoever leads comes first, whoever stands by last."""
    leads = [person for person, (_name, role) in team.serving.items() if role == Role.Kind.FACILITATOR]
    others = [person for person in team.serving if person not in leads]
    return [*leads, *others, *(person for person in team.reserve if person not in team.serving)]

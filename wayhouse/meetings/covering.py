"""Who could come instead: what lasts is written on the sealed card of an evening, what changes is looked up.

Lasting is who is free at that time of the week, speaks the language and may meet everybody there; a coordinator's
keys find that out when the card is written. What somebody serves elsewhere stands in clear and is asked afresh.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from wayhouse.core.prepared import prepared
from wayhouse.meetings.limits import MOST_IN_A_ROW, SPAN, allows_one_more, week_number
from wayhouse.meetings.models import EveningCard, Meeting, Shift
from wayhouse.meetings.rostering import Colleague, NameAndRole, StaffRoster
from wayhouse.meetings.times import slot_at
from wayhouse.people.models import Role

# No rule looks further than so many weeks around an evening.
_AROUND = timedelta(weeks=max(SPAN, MOST_IN_A_ROW) + 1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could come, by chosen name; `load` is how many evenings they serve around that time."""

    person_id: UUID
    name: str
    role: Role.Kind
    load: int

    @property
    def as_staff(self) -> NameAndRole:
        """Chosen name and role, as `staffing` takes them."""
        return self.name, self.role


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody serves or stands by for, as far as it matters to others."""

    meeting: Meeting
    reserve: bool


Duties = Mapping[UUID, list[Duty]]


def lasting_cover(roster: StaffRoster, meeting: Meeting, staying: Iterable[UUID]) -> list[dict[str, Any]]:
    """The `cover` of a card: colleagues who suit the group at the time of the meeting and may meet who stays there."""
    slot = slot_at(meeting.starts_at, roster.cycle.programme.time_zone)
    there = {str(person_id) for person_id in staying}
    group = roster.group_of(meeting)
    return [
        _entry(colleague)
        for colleague in roster.colleagues
        if group is not None
        and colleague.key not in there
        and roster.suits(colleague, group, slot)
        and not roster.are_apart(colleague.key, there)
    ]


def candidates(
    meeting: Meeting, cover: Iterable[Mapping[str, Any]], duties: Duties, *, as_reserve: bool = False
) -> list[Candidate]:
    """Those of a card's `cover` who have time to come or to stand by; whoever serves least around it comes first."""
    able = [
        _candidate(words, duties)
        for words in cover
        if has_time(meeting, duties.get(UUID(words["person"]), []), words["a_week"], as_reserve=as_reserve)
    ]
    return sorted(able, key=lambda candidate: (candidate.load, candidate.name.casefold()))


def standing_by(card: EveningCard, duties: Duties) -> list[Candidate]:
    """The reserve of an evening, by its card."""
    return [_candidate(words, duties) for words in card.serving if words["reserve"]]


def has_time(meeting: Meeting, duties: Iterable[Duty], a_week: int, *, as_reserve: bool = False) -> bool:
    """Whether somebody with these duties can be at a meeting: nothing else then, and rest enough unless in reserve."""
    mine = [duty for duty in duties if duty.meeting.pk != meeting.pk]
    if any(overlap(duty.meeting, meeting) for duty in mine):
        return False
    if as_reserve:
        return True
    load = Counter(week_of(duty.meeting) for duty in mine if not duty.reserve)
    return allows_one_more(load, week_of(meeting), a_week)


def overlap(one: Meeting, other: Meeting) -> bool:
    """Whether two meetings take place at the same time."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def on_card(card: EveningCard) -> set[UUID]:
    """Everybody whom an opened card names as serving, standing by or able to come."""
    return {UUID(words["person"]) for words in (*card.serving, *card.cover)}


def duties_around(meeting: Meeting, people: Iterable[UUID]) -> Duties:
    """What these people serve and stand by for around a meeting, in one query."""
    wanted, found = tuple(people), defaultdict[UUID, list[Duty]](list)
    if not wanted:
        return found
    first, last = meeting.starts_at - _AROUND, meeting.starts_at + _AROUND
    meetings: dict[UUID, Meeting] = {}
    for person, reserve, *when in _shifts_near(people=wanted, first=first, last=last):
        if when[0] not in meetings:
            meetings[when[0]] = Meeting.from_db(None, ("id", "starts_at", "ends_at"), when)
        found[person].append(Duty(meetings[when[0]], reserve))
    return found


@prepared
def _shifts_near(people: tuple[UUID, ...], first: datetime, last: datetime) -> "QuerySet[Shift, tuple[Any, ...]]":
    near = Shift.objects.filter(person__in=people, meeting__starts_at__range=(first, last))
    rows = near.exclude(meeting__state=Meeting.State.SKIPPED)
    # Plain values: two dozen people have hundreds of shifts in these weeks, of a few dozen meetings.
    return rows.values_list("person_id", "reserve", "meeting_id", "meeting__starts_at", "meeting__ends_at")


def _candidate(words: Mapping[str, Any], duties: Duties) -> Candidate:
    person_id = UUID(words["person"])
    load = sum(not duty.reserve for duty in duties.get(person_id, []))
    return Candidate(person_id, words["name"], Role.Kind(words["role"]), load)


def _entry(colleague: Colleague) -> dict[str, Any]:
    return {
        "person": colleague.key,
        "name": colleague.entry.name,
        "role": str(colleague.role),
        "a_week": colleague.a_week,
    }


def week_of(meeting: Meeting) -> int:
    """The week in which a meeting takes place, as `limits` counts them."""
    return week_number(timezone.localdate(meeting.starts_at))

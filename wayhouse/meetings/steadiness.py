"""The evenings of one group with who came, for its coordinators. The arithmetic is in `continuity`."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Group, Seat
from wayhouse.meetings import continuity, guides
from wayhouse.meetings.continuity import Share
from wayhouse.meetings.forgetting import CAME
from wayhouse.meetings.models import Attendance, EveningRecord, Meeting
from wayhouse.people.models import Person


@dataclass(frozen=True, slots=True)
class PastEvening:
    """One evening that is over: what was recorded, and how many came of how many who were asked."""

    meeting: Meeting
    title: str
    record: EveningRecord | None
    attended: Share


@dataclass(frozen=True, slots=True)
class Steadiness:
    """What a coordinator sees of one group. No person stands here with a number."""

    group: Group
    evenings: list[PastEvening]
    rate: Share
    continuity: Share
    would_welcome_hello: list[str]

    @property
    def held(self) -> list[PastEvening]:
        """Those that took place and have their marks, the first one first."""
        return [evening for evening in self.evenings if evening.attended.whole]


def steadiness_of(group: Group) -> Steadiness:
    """The evenings of a group so far, in three queries and two that open its names. Error: `CannotOpen`."""
    meetings, seated = _meetings(group=group.pk, now=timezone.now()), _seats(group=group.pk)
    open_all([group], seated)
    at_meeting, of_person = _marks(group)
    return Steadiness(
        group=group,
        evenings=[_past(meeting, at_meeting[meeting.pk], group.language) for meeting in reversed(meetings)],
        rate=continuity.attendance_rate(of_person.values()),
        continuity=continuity.attendance_continuity(of_person.values()),
        would_welcome_hello=sorted(
            (seat.name for seat in seated if continuity.would_welcome_hello(of_person[seat.person_id])),
            key=str.casefold,
        ),
    )


def _marks(group: Group) -> tuple[defaultdict[UUID, list[bool]], defaultdict[UUID, list[bool]]]:
    """The same marks twice: by meeting, and by person in the order of the evenings."""
    at_meeting: defaultdict[UUID, list[bool]] = defaultdict(list)
    of_person: defaultdict[UUID, list[bool]] = defaultdict(list)
    for meeting_id, person_id, presence in _attendances(group=group.pk):
        came = presence in CAME
        at_meeting[meeting_id].append(came)
        of_person[person_id].append(came)
    return at_meeting, of_person


@prepared
def _meetings(group: UUID, now: datetime) -> QuerySet[Meeting]:
    past = Meeting.objects.filter(group=group).past(now)
    return past.select_related("record").annotate(**guides.titles())


@prepared
def _seats(group: UUID) -> QuerySet[Seat]:
    seats = Seat.objects.current().members().filter(group=group, person__status=Person.Status.ACTIVE)
    return seats.select_related("item")


@prepared
def _attendances(group: UUID) -> "QuerySet[Attendance, tuple[Any, ...]]":
    rows = Attendance.objects.filter(meeting__group=group).order_by("meeting__starts_at", "pk")
    return rows.values_list("meeting_id", "person_id", "presence")


def _past(meeting: Meeting, marks: list[bool], language: str) -> PastEvening:
    record = getattr(meeting, "record", None)
    here, away = (record.unnamed_here, record.unnamed_away) if record else (0, 0)
    whole = len(marks) + here + away
    return PastEvening(
        meeting=meeting,
        title=guides.title_of(meeting, language),
        record=record,
        attended=Share(part=sum(marks) + here, whole=whole, people=whole),
    )

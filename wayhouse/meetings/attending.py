"""Who is asked to an evening: the people whose answer, presence or absence may be written down at all."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from wayhouse.groups.models import Seat
from wayhouse.meetings.models import Meeting
from wayhouse.people.models import Person


def expected_seats(meeting: Meeting) -> QuerySet[Seat]:
    """Seats of the members who are asked to an evening: seated on its day, and taking part then."""
    return seats_on(meeting.group_id, day_of(meeting))


def day_of(meeting: Meeting) -> date:
    """The day of an evening, in the time zone of the programme."""
    return timezone.localtime(meeting.starts_at).date()


def seats_here(group: UUID, day: date) -> QuerySet[Seat]:
    """Seats of the members of a group on one day, of those who take part and those who pause."""
    stayed = Q(until_on=None) | Q(until_on__gt=day)
    return Seat.objects.members().filter(stayed, group=group, since_on__lte=day)


def takes_part(person: Person, day: date) -> bool:
    """Whether somebody takes part on a day, as `seats_on` asks the database."""
    return (person.status == Person.Status.ACTIVE) == (person.status_on <= day)


def seats_on(group: UUID, day: date) -> QuerySet[Seat]:
    """Seats of the members who take part in a group on one day.

    Whoever pauses is not expected, so that a pause never looks like an absence.
    """
    active = Q(person__status=Person.Status.ACTIVE)
    took_part = (active & Q(person__status_on__lte=day)) | (~active & Q(person__status_on__gt=day))
    return seats_here(group, day).filter(took_part)

"""Who is asked to an evening: the people whose answer, presence or absence may be written down at all."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from wayhouse.groups.models import Seat
from wayhouse.meetings.models import Meeting
from wayhouse.people.models import Person


def expected_seats(meeting: Meeting) -> QuerySet[Seat]:
    """Seats of the members who are asked to an evening: seated on its day, and taking part then.

    Whoever pauses is not expected, so that a pause never looks like an absence.
    """
    day = timezone.localtime(meeting.starts_at).date()
    stayed = Q(until_on=None) | Q(until_on__gt=day)
    active = Q(person__status=Person.Status.ACTIVE)
    took_part = (active & Q(person__status_on__lte=day)) | (~active & Q(person__status_on__gt=day))
    return Seat.objects.members().filter(stayed, took_part, group=meeting.group_id, since_on__lte=day)

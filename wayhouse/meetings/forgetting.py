"""Attendance without a person: counted and not named, from the start, when somebody asks for it, or after a year.

Practice handbook 4.4: C3, and "attendance by person 12 months then counts".
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from wayhouse.meetings.models import Answer, Attendance, EveningRecord, Meeting, Swap
from wayhouse.people.consents.ledger import ConsentEntry
from wayhouse.people.consents.wordings import Purpose
from wayhouse.people.models import Person

ATTENDANCE_KEPT = timedelta(days=365)
# An answer is about an evening to come; it goes with the card of that evening.
ANSWERS_KEPT = timedelta(days=28)
CAME = frozenset({Attendance.Presence.HERE, Attendance.Presence.PHONE})


def who_keeps(people: Iterable[Person]) -> set[UUID]:
    """The ids of those among these people beside whose number attendance may stand; one query."""
    said = ConsentEntry.objects.in_force().filter(purpose=Purpose.KEEPING, person__in=list(people))
    return set(said.values_list("person_id", flat=True))


def count_unnamed(meeting: Meeting, presences: Iterable[Attendance.Presence]) -> None:
    """Write how many came and did not, of those who are not named, beside the record of an evening that has one."""
    here = Counter(presence in CAME for presence in presences)
    records = EveningRecord.objects.filter(meeting=meeting)
    records.update(unnamed_here=here[True], unnamed_away=here[False])


def forget_attendance(person: Person) -> int:
    """Take somebody off the evenings they came to; those go on being counted. How many there were."""
    return _unname(Attendance.objects.filter(person=person))


def old_attendance(now: datetime) -> "QuerySet[Attendance]":
    """Marks that stood beside a person for a year."""
    return Attendance.objects.filter(meeting__ends_at__lte=now - ATTENDANCE_KEPT)


def forget_old_attendance(keep: Collection[UUID] = ()) -> int:
    """Take everybody but these off the evenings of more than a year ago; needs nobody's key. How many marks."""
    return _unname(old_attendance(timezone.now()).exclude(person__in=keep))


def old_answers(now: datetime) -> "QuerySet[Answer]":
    """What people answered to evenings that are over for long."""
    return Answer.objects.filter(meeting__ends_at__lte=now - ANSWERS_KEPT)


def drop_old_answers(keep: Collection[UUID] = ()) -> int:
    """Delete these answers, except those of `keep`. How many there were."""
    return old_answers(timezone.now()).exclude(person__in=keep).delete()[0]


def old_swaps(now: datetime) -> "QuerySet[Swap]":
    """Who handed over a shift of an evening that is over for long."""
    return Swap.objects.filter(meeting__ends_at__lte=now - ANSWERS_KEPT)


def drop_old_swaps(keep: Collection[UUID] = ()) -> int:
    """Delete these swaps, except those that `keep` asked for. How many there were."""
    return old_swaps(timezone.now()).exclude(asker__in=keep).delete()[0]


def _unname(marks: "QuerySet[Attendance]") -> int:
    with transaction.atomic():
        rows = list(marks.select_for_update(of=("self",)).values_list("pk", "meeting_id", "presence"))
        counted = Counter((meeting, presence in CAME) for _pk, meeting, presence in rows)
        for (meeting, came), number in counted.items():
            field = "unnamed_here" if came else "unnamed_away"
            EveningRecord.objects.filter(meeting=meeting).update(**{field: F(field) + number})
        Attendance.objects.filter(pk__in=[pk for pk, _meeting, _presence in rows]).delete()
    return len(rows)

"""What people are told of their evenings outside of the house, and the times in their calendars. Needs nobody's key.

Three days before: whoever has not answered is asked. The day before: whoever comes or serves is reminded. Moved, called
off, or another place than was shown: everybody concerned is told. One notice for a day, however many evenings it has;
who pauses or left hears nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from wayhouse.core import clock
from wayhouse.groups.models import Seat
from wayhouse.meetings.models import PLACE_SHOWN, Answer, Change, Meeting, Shift
from wayhouse.notices.actions import keep_only, notify, withdraw
from wayhouse.notices.calendars import with_calendar, write_calendars
from wayhouse.notices.kinds import Kind
from wayhouse.people.models import Person

ASKED = timedelta(days=3)
# The reminder comes when the place is shown.
REMINDED = PLACE_SHOWN
_CHANGES_TOLD = timedelta(days=1)
_TOLD = (Change.Kind.MOVED, Change.Kind.SKIPPED, Change.Kind.PLACE)
_SPAN = ("pk", "starts_at", "ends_at", "group__programme__time_zone")
_SOURCE, _ASK, _DAY, _CHANGE = "evenings", "evenings.ask:", "evenings.day:", "evenings.change:"


class _Time(NamedTuple):
    """An evening of one person; `coming` is None where they have not answered, and for whoever serves always true."""

    person_id: UUID
    meeting_id: UUID
    starts_at: datetime
    ends_at: datetime
    zone: str
    coming: bool | None

    @property
    def day(self) -> str:
        """The day where the evening is."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date().isoformat()


def remind() -> int:
    """Put in what is to be told now, and take back what was handled meanwhile; how much is new."""
    now = clock.now()
    times = list(_times(Q(starts_at__gt=now, starts_at__lte=now + ASKED)))
    asked = [time for time in times if time.coming is None]
    told = [time for time in times if time.coming is not False and time.starts_at <= now + REMINDED]
    with transaction.atomic():
        wanted = {(time.person_id, f"{_ASK}{time.day}") for time in asked}
        wanted |= {(time.person_id, f"{_DAY}{time.day}") for time in told}
        keep_only(wanted, named=_ASK)
        keep_only(wanted, named=_DAY)
        new = _put_in(Kind.QUESTION, _ASK, asked) + _put_in(Kind.REMINDER, _DAY, told)
        return new + _tell_changes(now)


def stop_asking(meeting: Meeting, person: Person) -> None:
    """Somebody answered: they are not asked about that day any more, unless another evening of it waits."""
    zone = ZoneInfo(person.programme.time_zone)
    morning = meeting.starts_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    that_day = Q(starts_at__gte=morning, starts_at__lt=morning + timedelta(days=1))
    if all(time.coming is not None for time in _times(that_day, person_id=person.pk)):
        withdraw(f"{_ASK}{morning.date().isoformat()}", [person.pk])


def write_times() -> int:
    """Bring the calendars of everybody who has one up to date; how many entries changed."""
    people = with_calendar()
    if not people:
        return 0
    wanted: dict[UUID, dict[str, tuple[datetime, datetime]]] = {person: {} for person in people}
    for time in _times(Q(ends_at__gt=clock.now()), person_id__in=people):
        if time.coming is not False:
            wanted[time.person_id][str(time.meeting_id)] = (time.starts_at, time.ends_at)
    return write_calendars(wanted, source=_SOURCE)


def _times(which: Q, **whose: object) -> Iterator[_Time]:
    """The evenings of everybody (or of `whose`) who attends or serves and does not pause, in three queries."""
    meetings = Meeting.objects.filter(which, state=Meeting.State.PLANNED, group__closed_on=None)
    answers = Answer.objects.filter(meeting__in=meetings, **whose)
    coming = {(person, meeting): yes for person, meeting, yes in answers.values_list("person", "meeting", "coming")}
    spans: dict[UUID, list[tuple[UUID, datetime, datetime, str]]] = defaultdict(list)
    for group, *span in meetings.values_list("group", *_SPAN):
        spans[group].append((span[0], span[1], span[2], span[3]))
    seats = Seat.objects.current().members().filter(group__in=list(spans), person__status=Person.Status.ACTIVE, **whose)
    for person, group in seats.values_list("person", "group"):
        for meeting, starts_at, ends_at, zone in spans[group]:
            yield _Time(person, meeting, starts_at, ends_at, zone, coming.get((person, meeting)))
    shifts = Shift.objects.counting().serving().filter(meeting__in=meetings, **whose)
    for person, meeting, starts_at, ends_at, zone in shifts.values_list(
        "person", *(f"meeting__{one}" for one in _SPAN)
    ):
        yield _Time(person, meeting, starts_at, ends_at, zone, coming=True)


def _put_in(kind: Kind, name: str, times: Iterable[_Time]) -> int:
    """One notice of a kind for each person and day; it ends when the first evening of that day begins."""
    people: dict[tuple[str, datetime], set[UUID]] = defaultdict(set)
    first: dict[tuple[UUID, str], datetime] = {}
    for time in times:
        place = (time.person_id, time.day)
        first[place] = min(time.starts_at, first.get(place, time.starts_at))
    for (person_id, day), starts_at in first.items():
        people[day, starts_at].add(person_id)
    return sum(notify(who, kind, once=f"{name}{day}", ends_at=ends) for (day, ends), who in people.items())


def _tell_changes(now: datetime) -> int:
    """Everybody of an evening that was moved or called off, or whose shown place changed, once for each change."""
    told = Q(kind__in=_TOLD, made_at__gt=now - _CHANGES_TOLD)
    changes = Change.objects.filter(told).filter(Q(was_at__gt=now) | Q(was_at=None), meeting__ends_at__gt=now)
    new = 0
    for pk, meeting_id, group_id in changes.values_list("pk", "meeting", "meeting__group"):
        seats = Seat.objects.current().members().filter(group=group_id, person__status=Person.Status.ACTIVE)
        shifts = Shift.objects.counting().filter(meeting=meeting_id)
        who = {*seats.values_list("person", flat=True), *shifts.values_list("person", flat=True)}
        new += notify(who, Kind.CHANGED, once=f"{_CHANGE}{pk}")
    return new

"""What a member sees of an evening: when, who will be there, what changed, and their own yes or not this time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import SealedModel, open_all
from wayhouse.groups.models import Seat
from wayhouse.meetings import guides
from wayhouse.meetings.models import AccessTask, Answer, Attendance, Change, HostName, Meeting, Poll, Shift
from wayhouse.people.consents.ledger import ConsentEntry
from wayhouse.people.consents.wordings import Purpose
from wayhouse.people.models import Person

# A smaller number would tell who it is.
FEWEST_COUNTED = 3


@dataclass(frozen=True, slots=True)
class Outlook:
    """One evening of somebody's group; its words open when they are first read.

    Once it is over, neither who served nor what was changed is shown any more.
    """

    meeting: Meeting
    host_names: list[HostName]
    changes: list[Change]
    seated: bool
    serves: bool
    answer: bool | None
    presence: Attendance.Presence | None
    said_yes: int
    pausing: bool
    # Not by their own wish: until a day that their own page names.
    away: bool
    # Whether all that they need is arranged; None where they need nothing.
    arranged: bool | None = None
    # Whether any of it could not be arranged.
    impossible: bool = False
    # Whether they said in this cycle that they are here because they want to; True where it is not looked up.
    stated: bool = True
    # Whether the group is asked which time suits, or was.
    polled: bool = False

    @property
    def title(self) -> str:
        """The topic, in the best language its guide has."""
        return guides.title_of(self.meeting, self.meeting.group.language)

    @property
    def hosts(self) -> list[str]:
        """The chosen names of those who will be there for the group, in alphabetical order."""
        return sorted((host.name for host in self.host_names), key=str.casefold)

    @property
    def coming(self) -> int | None:
        """How many said yes; None where so few did that the number would point at them."""
        return self.said_yes if self.said_yes >= FEWEST_COUNTED else None

    @property
    def asks(self) -> bool:
        """Whether this person is asked to say yes or not this time. Whoever pauses is not."""
        open_still = self.meeting.state == Meeting.State.PLANNED and not self.meeting.has_started
        return self.seated and open_still and not self.pausing

    @property
    def shows_place(self) -> bool:
        """Whether the place, or the address of the online room, is shown: from a day before until the end."""
        planned = self.meeting.state != Meeting.State.SKIPPED
        return planned and self.meeting.shows_place and not self.meeting.is_over

    def sealed(self) -> Iterator[SealedModel]:
        """What has to be opened; a page that shows more opens all of it together."""
        yield self.meeting.group
        yield from self.host_names


def next_meeting_of(person: Person) -> Outlook | None:
    """The next evening of a member's groups that is to take place; for the first screen.

    Three queries; `Outlook.sealed` says what to open, which takes two more, together with all else on the page.
    """
    now = timezone.now()
    found = _next_of(person=person.pk, now=now, day=timezone.localdate(now))
    return _outlook(found[0], person) if found else None


def outlook_of(person: Person, meeting_id: UUID) -> Outlook | None:
    """One evening of a group that somebody sits in or coordinates, opened; None for everybody else. Five queries."""
    one = {"person": person.pk, "meeting": meeting_id}
    rows = _coordinated(**one, programme=person.programme_id) if person.is_coordinator else _attended(**one)
    if not rows:
        return None
    found = _outlook(rows[0], person)
    open_all(found.sealed())
    return found


def next_after(meeting: Meeting) -> Meeting | None:
    """The evening of the same group that is to take place next."""
    planned = Meeting.objects.upcoming().filter(group=meeting.group_id, state=Meeting.State.PLANNED)
    return planned.first()


@prepared
def _next_of(person: UUID, now: datetime, day: date) -> QuerySet[Meeting]:
    seats = Seat.objects.current().members().filter(person=person)
    upcoming = Meeting.objects.upcoming(now).filter(group__in=seats.values("group"), group__closed_on=None)
    in_force = ConsentEntry.objects.in_force(day)
    said = in_force.filter(person=person, purpose=Purpose.PARTICIPATION, about=OuterRef("cycle"))
    return _seen_by(person, upcoming.filter(state=Meeting.State.PLANNED)).annotate(stated=Exists(said))[:1]


@prepared
def _attended(person: UUID, meeting: UUID) -> QuerySet[Meeting]:
    seats = Seat.objects.current().filter(person=person)
    return _seen_by(person, Meeting.objects.filter(pk=meeting, group__in=seats.values("group")))


@prepared
def _coordinated(person: UUID, meeting: UUID, programme: UUID) -> QuerySet[Meeting]:
    return _seen_by(person, Meeting.objects.filter(pk=meeting, group__programme=programme))


def _seen_by(person: UUID, meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    mine = {"meeting": OuterRef("pk"), "person": person}
    seat = Seat.objects.current().members().filter(group=OuterRef("meeting__group"), person=OuterRef("person"))
    # Whoever gave up the seat since, or takes a break, does not come.
    come = Answer.objects.filter(Exists(seat), meeting=OuterRef("pk"), coming=True, person__status=Person.Status.ACTIVE)
    yes = come.order_by().annotate(all=Value(1)).values("all")
    wanted = AccessTask.objects.filter(**mine).exclude(state=AccessTask.State.WITHDRAWN)
    return meetings.select_related("group__item").annotate(
        said_yes=Coalesce(Subquery(yes.annotate(number=Count("pk")).values("number")), 0),
        my_answer=Subquery(Answer.objects.filter(**mine).values("coming")[:1]),
        my_presence=Subquery(Attendance.objects.filter(**mine).values("presence")[:1]),
        seated=Exists(Seat.objects.current().members().filter(group=OuterRef("group"), person=person)),
        needs=Exists(wanted),
        needs_wait=Exists(wanted.exclude(state=AccessTask.State.ARRANGED)),
        impossible=Exists(wanted.filter(state=AccessTask.State.NOT_POSSIBLE)),
        serves=Exists(Shift.objects.in_force().filter(**mine)),
        polled=Exists(Poll.objects.filter(meeting=OuterRef("pk"))),
        **guides.titles(),
    )


def _outlook(meeting: Meeting, person: Person) -> Outlook:
    presence = meeting.my_presence  # type: ignore[attr-defined]  # annotations of `_seen_by`, here and below
    over = meeting.is_over
    return Outlook(
        meeting=meeting,
        host_names=[] if over else _hosts(meeting=meeting.pk, group=meeting.group_id),
        changes=[] if over else changes_of(meeting=meeting.pk),
        seated=meeting.seated,  # type: ignore[attr-defined]
        serves=meeting.serves,  # type: ignore[attr-defined]
        answer=meeting.my_answer,  # type: ignore[attr-defined]
        presence=Attendance.Presence(presence) if presence else None,
        said_yes=meeting.said_yes,  # type: ignore[attr-defined]
        pausing=person.status in {Person.Status.PAUSED, Person.Status.AWAY},
        away=person.status == Person.Status.AWAY,
        arranged=not meeting.needs_wait if meeting.needs else None,  # type: ignore[attr-defined]
        impossible=meeting.impossible,  # type: ignore[attr-defined]
        stated=getattr(meeting, "stated", True),
        polled=meeting.polled and person.status == Person.Status.ACTIVE,  # type: ignore[attr-defined]
    )


@prepared
def _hosts(meeting: UUID, group: UUID) -> QuerySet[HostName]:
    serving = Shift.objects.serving().filter(meeting=meeting)
    return HostName.objects.filter(group=group, person__in=serving.values("person")).select_related("item")


@prepared
def changes_of(meeting: UUID) -> QuerySet[Change]:
    """How the schedule of an evening was changed, the latest first."""
    return Change.objects.filter(meeting=meeting).order_by("-made_at")

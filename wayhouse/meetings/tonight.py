"""The evening of those who serve or stand by: its sealed card joined with the seats and answers as they are now."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import SealedModel, open_all
from wayhouse.groups.models import Seat
from wayhouse.meetings import guides
from wayhouse.meetings.attending import day_of, seats_here, takes_part
from wayhouse.meetings.models import RECORD_WITHIN, AccessTask, Answer, EveningCard, EveningRecord, Meeting, Shift
from wayhouse.meetings.parting import trim_cards
from wayhouse.people.models import Person, Role, label_of_role
from wayhouse.people.roster.choices import NEEDS


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody who is expected, by chosen name; the seat numbers count from 1."""

    seat: int
    person: Person
    name: str
    needs: list[str]
    newcomer: bool
    coming: bool | None
    # Whether all that they asked for is arranged; None where nothing was asked for.
    arranged: bool | None = None


@dataclass(frozen=True, slots=True)
class Host:
    """Somebody who serves at the evening or stands by for it."""

    name: str
    role: "str | Promise"
    reserve: bool
    is_me: bool


@dataclass(frozen=True)
class Tonight:
    """One evening, as one of those on shift reads it. Its words open when they are first read."""

    shift: Shift
    seats: list[Seat]
    # Of those who take a break; that is all that is told of it.
    on_break: list[Seat] = field(default_factory=list)
    # Of those who are away until a day; why is for others.
    sent_away: list[Seat] = field(default_factory=list)

    @property
    def meeting(self) -> Meeting:
        """The meeting itself, its group and card fetched along."""
        return self.shift.meeting

    @property
    def card(self) -> EveningCard:
        """The sealed card."""
        return self.meeting.card

    @property
    def record(self) -> EveningRecord | None:
        """What was recorded, if it was."""
        return getattr(self.meeting, "record", None)

    @property
    def was_called_off(self) -> bool:
        """Whether it was taken off the schedule beforehand, so that there is nothing to run or record."""
        return self.meeting.was_called_off

    @property
    def title(self) -> str:
        """The topic, in the best language its guide has."""
        return guides.title_of(self.shift, self.card.language)

    @cached_property
    def expected(self) -> list[Expected]:
        """Who is expected, in the order of their seat numbers."""
        words = self._known
        place = {person_id: number for number, person_id in enumerate(words)}
        ordered = sorted(self.seats, key=lambda seat: place.get(seat.person_id, len(place)))
        return [self._expected(number, seat, words.get(seat.person_id)) for number, seat in enumerate(ordered, start=1)]

    @cached_property
    def pausing(self) -> list[str]:
        """The names of those who take a break, in alphabetical order."""
        known = self._known
        names = [known[seat.person_id]["name"] for seat in self.on_break if seat.person_id in known]
        return sorted(names, key=str.casefold)

    @cached_property
    def away(self) -> list[tuple[str, date | None]]:
        """The names of those who are away, and until which day."""
        known = self._known
        here = [seat for seat in self.sent_away if seat.person_id in known and hasattr(seat.person, "away")]
        return sorted((known[seat.person_id]["name"], seat.person.away.until_on) for seat in here)

    @property
    def _known(self) -> dict[UUID, dict[str, Any]]:
        return {UUID(entry["person"]): entry for entry in (*self.card.expected, *self.card.pausing)}

    @cached_property
    def hosts(self) -> list[Host]:
        """Who serves, the reserve last."""
        return [
            Host(
                name=entry["name"],
                role=label_of_role(entry["role"]),
                reserve=entry["reserve"],
                is_me=entry["person"] == str(self.shift.person_id),
            )
            for entry in self.card.serving
        ]

    @property
    def newcomers(self) -> list[Expected]:
        """Who comes for one of the first times."""
        return [who for who in self.expected if who.newcomer]

    @property
    def arrangements(self) -> list[tuple[str, list[Expected]]]:
        """What has to be arranged, as codes, and for whom."""
        wanted = ((need, [who for who in self.expected if need in who.needs]) for need in NEEDS.codes)
        return [(need, people) for need, people in wanted if people]

    @property
    def said_yes(self) -> int:
        """How many said that they will come."""
        return sum(who.coming is True for who in self.expected)

    @property
    def said_no(self) -> int:
        """How many said that they will not come this time."""
        return sum(who.coming is False for who in self.expected)

    def sealed(self) -> Iterator[SealedModel]:
        """What has to be opened; a page that shows more opens all of it together."""
        yield self.card
        if self.shift.sits:  # type: ignore[attr-defined]  # an annotation of `_shifts`
            # All of them, not only those the card lacks: asking the card now would open it apart from the rest.
            yield from self.seats

    def _expected(self, number: int, seat: Seat, words: dict[str, Any] | None) -> Expected:
        return Expected(
            seat=number,
            person=seat.person,
            name=words["name"] if words else self._unlisted_name(seat),
            needs=words["needs"] if words else [],
            newcomer=words["newcomer"] if words else True,
            coming=seat.coming,  # type: ignore[attr-defined]  # annotations of `_seats`, here and below
            arranged=not seat.needs_wait if seat.needs else None,  # type: ignore[attr-defined]
        )

    def _unlisted_name(self, seat: Seat) -> str:
        # A seat taken after the card was written; the group knows the name, a mentor does not.
        return seat.name if self.shift.sits else _("Somebody new")  # type: ignore[attr-defined]


def tonight_of(person: Person) -> Tonight | None:
    """The evening that somebody serves at next, or one they still have to record; for the first screen.

    Two queries; `Tonight.sealed` says what to open, which takes two more, together with all else on the page.
    """
    now = timezone.now()
    found = _next_shift(person=person.pk, now=now, recordable_from=now - RECORD_WITHIN)
    return _tonight(found[0]) if found else None


def evening_of(person: Person, meeting_id: UUID) -> Tonight | None:
    """One evening that somebody serves at or stands by for, opened; None for everybody else. Four queries."""
    shifts = _shift_at(person=person.pk, meeting=meeting_id)
    if not shifts:
        return None
    found = _tonight(shifts[0])
    open_all(found.sealed())
    trim_cards([found.card], actor=person)
    return found


@prepared
def _next_shift(person: UUID, now: datetime, recordable_from: datetime) -> QuerySet[Shift]:
    due = Q(
        meeting__ends_at__gt=recordable_from,
        meeting__record=None,
        role=Role.Kind.FACILITATOR,
        reserve=False,
    )
    planned = Q(meeting__state=Meeting.State.PLANNED)
    return _shifts(person).filter(planned, Q(meeting__ends_at__gt=now) | due).order_by("meeting__starts_at")[:1]


@prepared
def _shift_at(person: UUID, meeting: UUID) -> QuerySet[Shift]:
    return _shifts(person).filter(meeting=meeting)


def _shifts(person: UUID) -> QuerySet[Shift]:
    seated = Seat.objects.current().filter(group=OuterRef("meeting__group"), person=person)
    return (
        Shift.objects.in_force()
        .filter(person=person, meeting__card__isnull=False)
        .select_related("meeting__group", "meeting__card__item", "meeting__record")
        .annotate(sits=Exists(seated), **guides.titles("meeting__"))
    )


def _tonight(shift: Shift) -> Tonight:
    meeting = shift.meeting
    day = day_of(meeting)
    here = _seats(meeting=meeting.pk, group=meeting.group_id, day=day)
    pausing = [seat for seat in here if seat.person.status == Person.Status.PAUSED and not takes_part(seat.person, day)]
    away = [seat for seat in here if seat.person.status == Person.Status.AWAY and not takes_part(seat.person, day)]
    return Tonight(shift, [seat for seat in here if takes_part(seat.person, day)], pausing, away)


@prepared
def _seats(meeting: UUID, group: UUID, day: date) -> QuerySet[Seat]:
    answers = Answer.objects.filter(meeting=meeting, person=OuterRef("person"))
    tasks = AccessTask.objects.filter(meeting=meeting, person=OuterRef("person"))
    wanted = tasks.exclude(state=AccessTask.State.WITHDRAWN)
    seats = seats_here(group, day).annotate(
        coming=Subquery(answers.values("coming")[:1]),
        needs=Exists(wanted),
        needs_wait=Exists(wanted.exclude(state=AccessTask.State.ARRANGED)),
    )
    return seats.select_related("item", "person__away").order_by("since_on", "pk")

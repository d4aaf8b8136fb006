"""The evenings somebody goes to next, each list with the words its reader may open: coordinators, staff, members."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from wayhouse.core.prepared import prepared
from wayhouse.core.together import together
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Group, Seat
from wayhouse.meetings import guides
from wayhouse.meetings.gaps import GAPS, URGENT, Staffed, rows_with_shifts, with_shifts
from wayhouse.meetings.models import Change, Guide, Meeting, Shift, Swap
from wayhouse.people.models import Person

# Cycle, key, language and title of a guide.
_Title = tuple[UUID, str, str, str]
# A page shows this much of the evenings of a programme, and this many of one's own.
SHOWN, OWN_SHOWN = timedelta(weeks=2), 4
# Near the ends of the calendar there is no earlier or later page, nor any evening.
_YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Coordinated:
    """One evening as coordinators see it: what it still lacks comes first."""

    evening: Staffed
    group: Group
    title: str

    @property
    def gaps(self) -> list[tuple[str, bool]]:
        """What is missing, each with whether the evening cannot be without."""
        return [(str(GAPS[gap]), gap in URGENT) for gap in self.evening.gaps]


@dataclass(frozen=True, slots=True)
class Served:
    """One shift of the reader."""

    shift: Shift
    title: str
    asked: Swap | None
    changes: list[Change]

    @property
    def meeting(self) -> Meeting:
        """The evening, its card opened."""
        return self.shift.meeting


@dataclass(frozen=True, slots=True)
class Attended:
    """One evening of a group in which the reader sits."""

    meeting: Meeting
    title: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class ServedPage:
    """Some shifts of the reader, and how many come before those of this page, of the page before and after it."""

    shifts: list[Served]
    earlier: int | None
    later: int | None


def coordinated(person: Person, since: datetime | None = None) -> tuple[list[Coordinated], int]:
    """Two weeks of evenings in the programme of a coordinator, from now or from another day on; two queries.

    And how many swaps wait for an answer there.
    """
    if not person.is_coordinator:
        return [], 0
    now, programme = timezone.now(), person.programme_id
    start = since or now
    here: dict[str, Any] = {"programme": programme, "since": start, "until": start + SHOWN}
    found, guides_here, swaps = _around(**here, now=now)
    groups, titles = {group.pk: group for group in found}, _titles(guides_here)
    evenings = with_shifts(_evenings(**here))
    open_all(groups.values())
    shown = [
        Coordinated(evening, group, titles.get((evening.cycle_id, evening.guide_key), ""))
        for evening in evenings
        for group in [groups[evening.group_id]]
    ]
    return shown, len(swaps)


def served(person: Person, after: int = 0) -> ServedPage:
    """The next shifts somebody has after so many others, their cards opened; three queries and the keys."""
    found = _shifts.window(after, after + OWN_SHOWN + 1, person=person.pk, now=timezone.now())
    shifts, more = found[:OWN_SHOWN], found[OWN_SHOWN:]
    open_all(shift.meeting.card for shift in shifts)
    asked = {swap.meeting_id: swap for swap in _asked(asker=person.pk, now=timezone.now())}
    changes = _changes([shift.meeting_id for shift in shifts])
    served = [
        Served(
            shift,
            guides.title_of(shift, shift.meeting.card.language),
            asked.get(shift.meeting_id),
            changes.get(shift.meeting_id, []),
        )
        for shift in shifts
    ]
    earlier = max(0, after - OWN_SHOWN) if after else None
    return ServedPage(served, earlier, after + OWN_SHOWN if more else None)


def attended(person: Person) -> list[Attended]:
    """The evenings to come of the groups in which somebody sits, the next one first; two queries and the keys."""
    meetings = _meetings(person=person.pk, now=timezone.now())
    open_all({meeting.group_id: meeting.group for meeting in meetings}.values())
    changes = _changes([meeting.pk for meeting in meetings])
    return [
        Attended(meeting, guides.title_of(meeting, meeting.group.language), changes.get(meeting.pk, []))
        for meeting in meetings
    ]


def day_of(text: str) -> datetime | None:
    """The beginning of a day such as "2030-01-31"; None for anything else, also for years without any evening."""
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        return None
    if day.year not in _YEARS:
        return None
    return timezone.make_aware(day) if timezone.is_naive(day) else day


def turn(since: datetime | None, span: timedelta) -> str:
    """The day so far on from where a list begins, as `day_of` reads it."""
    start = timezone.localtime(since or timezone.now())
    return (start + span).date().isoformat()


@prepared
def _groups(programme: UUID) -> QuerySet[Group]:
    return Group.objects.filter(programme=programme).select_related("item")


@prepared
def _evenings(programme: UUID, since: datetime, until: datetime) -> "QuerySet[Meeting, tuple[Any, ...]]":
    here = Meeting.objects.filter(group__programme=programme)
    return rows_with_shifts(here.filter(ends_at__gt=since, starts_at__lt=until))


@prepared
def _guides(programme: UUID, since: datetime, until: datetime) -> "QuerySet[Guide, _Title]":
    here = Meeting.objects.filter(group__programme=programme, ends_at__gt=since, starts_at__lt=until)
    wanted = Guide.objects.filter(cycle__in=here.values("cycle"), key__in=here.values("guide_key"))
    return wanted.values_list("cycle_id", "key", "language", "title")


@prepared
def _shifts(person: UUID, now: datetime) -> QuerySet[Shift]:
    coming = Shift.objects.in_force().filter(meeting__ends_at__gt=now, meeting__card__isnull=False)
    return (
        coming.filter(person=person)
        .select_related("meeting__group", "meeting__card__item")
        .annotate(**guides.titles("meeting__"))
        .order_by("meeting__starts_at")
    )


@prepared
def _meetings(person: UUID, now: datetime) -> QuerySet[Meeting]:
    seats = Seat.objects.current().filter(person=person)
    coming = Meeting.objects.upcoming(now).filter(group__in=seats.values("group"), group__closed_on=None)
    return coming.select_related("group__item").annotate(**guides.titles())


@prepared
def _waiting(programme: UUID, now: datetime) -> "QuerySet[Swap, tuple[UUID]]":
    # Asked of each swap: joined, SQLite would begin with the groups and look at every evening of theirs.
    here = Group.objects.filter(pk=OuterRef("meeting__group"), programme=programme)
    return Swap.objects.open(now).filter(Exists(here)).values_list("pk")


_around = together(_groups, _guides, _waiting)


@prepared
def _asked(asker: UUID, now: datetime) -> QuerySet[Swap]:
    return Swap.objects.open(now).filter(asker=asker)


@prepared
def _changes_of(meetings: tuple[UUID, ...]) -> QuerySet[Change]:
    return Change.objects.filter(meeting__in=meetings).order_by("-made_at")


def _titles(wanted: Iterable[_Title]) -> dict[tuple[UUID, str], str]:
    best = guides.reading_order("")
    found: dict[tuple[UUID, str], tuple[int, str]] = {}
    for cycle, key, language, title in wanted:
        place = best.index(language) if language in best else len(best)
        if (cycle, key) not in found or place < found[cycle, key][0]:
            found[cycle, key] = (place, title)
    return {key: title for key, (_place, title) in found.items()}


def _changes(meetings: Sequence[UUID]) -> dict[UUID, list[Change]]:
    found: dict[UUID, list[Change]] = {}
    for change in _changes_of(meetings=tuple(meetings)) if meetings else []:
        found.setdefault(change.meeting_id, []).append(change)
    return found

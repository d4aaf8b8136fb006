"""What a coordinator sees first: what needs a decision, gaps of the next four weeks, and the board of groups."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from wayhouse.arrivals.models import AvoidList, Contact
from wayhouse.conversations.models import Appeal, Circle
from wayhouse.conversations.reading import appeals_of
from wayhouse.core.prepared import prepared
from wayhouse.core.together import together
from wayhouse.crypto.sealed import SealedModel
from wayhouse.groups.models import Group, Proposal, Seat
from wayhouse.meetings.access_tasks import DUE_BEFORE
from wayhouse.meetings.gaps import AHEAD, GAPS, URGENT, lacking, rows_with_numbers
from wayhouse.meetings.models import RECORD_WITHIN, AccessTask, EveningCard, EveningRecord, Meeting, Swap
from wayhouse.people import holds
from wayhouse.people.models import Person, Programme, Role
from wayhouse.safeguarding.models import PlanOpening

# A missed record is asked for until two weeks after the evening.
_RECORD_UNTIL = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Evening:
    """One evening of a group."""

    pk: UUID
    group: Group
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """An evening that lacks somebody: what is missing in words, each with whether the evening cannot be without."""

    meeting: Evening
    lacks: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Numbers and lists for one programme."""

    proposals: int
    swaps: int
    # Hidden words at which somebody else is to look.
    appeals: int
    waiting: int
    gaps: list[Gap]
    unrecorded: list[Evening]
    groups: list[Group]
    # Cards of evenings that name somebody who left.
    outdated: int
    # Notes of people without a name that wait for an answer, and how many of them for too long.
    notes: int
    overdue: int
    # Lists of people who must not meet that were not compared with the roster yet.
    lists: int
    # Safety plans that somebody who answers asks to open; a second person is needed at once.
    openings: int
    # What somebody needs to come, not arranged three days before.
    needs: int

    @property
    def decisions(self) -> int:
        """How many things wait for a decision."""
        return self.proposals + self.swaps + self.appeals + self.notes + self.needs + self.openings

    def sealed(self) -> Iterator[SealedModel]:
        """What has to be opened; a page that shows more opens all of it together."""
        yield from self.groups
        yield from (gap.meeting.group for gap in self.gaps)
        yield from (meeting.group for meeting in self.unrecorded)


def desk_of(person: Person) -> Desk:
    """The desk of a coordinator, in two queries; names in it open with two more."""
    now, programme = timezone.now(), person.programme
    of_now: dict[str, Any] = {"person": person.pk, "now": now, "due": now + DUE_BEFORE}
    ((any_hold, *numbers),), groups = _around(programme=programme.pk, **of_now)
    groups.sort(key=lambda group: (group.opened_on, group.pk))
    spans = {"ahead": now + AHEAD, "missed_until": now - RECORD_WITHIN, "missed_from": now - _RECORD_UNTIL}
    of_id = {group.pk: group for group in groups}
    gaps, unrecorded = [], []
    for pk, group_id, starts_at, *served in _meetings(programme=programme.pk, now=now, **spans):
        if group_id not in of_id:
            continue
        evening = Evening(pk, of_id[group_id], starts_at)
        if starts_at <= now:
            unrecorded.append(evening)
        elif lacks := lacking(*served):
            gaps.append(Gap(evening, [(str(GAPS[gap]), gap in URGENT) for gap in lacks]))
    names = ("proposals", "swaps", "appeals", "waiting", "outdated", "notes", "overdue", "lists", "openings", "needs")
    waits = dict(zip(names, numbers, strict=True))
    if waits["appeals"] and any_hold:
        # Some may be of somebody whose words are closed: whose, the database does not know.
        waits["appeals"] = appeals_of(person).count()
    return Desk(**waits, gaps=gaps, unrecorded=unrecorded, groups=groups)


@prepared
def _groups(programme: UUID) -> QuerySet[Group]:
    groups = Group.objects.open().filter(programme=programme).select_related("item")
    seats = Seat.objects.members().filter(group=OuterRef("pk"), until_on=None)
    return groups.annotate(taken=_count(seats))


@prepared
def _numbers(programme: UUID, person: UUID, now: datetime, due: datetime) -> "QuerySet[Programme, tuple[Any, ...]]":
    """Whether there is a hold, and what waits, such as proposals, swaps, notes and needs: one row, one round trip."""
    # Of each swap, card or appeal is asked whose group it is, of each list or opening whose person. Joined, SQLite
    # would begin with the groups or people, and look at every evening there ever was, every post and every person.
    here = Group.objects.filter(programme=programme)
    at_a_meeting = Exists(here.filter(pk=OuterRef("meeting__group")))
    of_somebody = Exists(Person.objects.filter(programme=programme, pk=OuterRef("person")))
    seated = Seat.objects.current().filter(person=OuterRef("pk"))
    members = Person.objects.with_role(Role.Kind.MEMBER).active().filter(programme=programme)
    proposals = Proposal.objects.filter(cycle__programme=programme, state=Proposal.State.OPEN)
    swaps = Swap.objects.open(now).filter(at_a_meeting)
    cards = EveningCard.objects.filter(at_a_meeting, outdated=True)
    notes = Contact.objects.sent().filter(programme=programme, due_at__isnull=False)
    in_a_circle = Circle.objects.filter(scope=OuterRef("post__thread__scope"), group__programme=programme)
    # As `appeals_of` lists them: not their own, nor what they hid themselves.
    appeals = Appeal.objects.filter(Exists(in_a_circle)).exclude(post__person=person).exclude(post__hidden_by=person)
    waiting, overdue = members.filter(~Exists(seated)), notes.filter(due_at__lte=now)
    lists = AvoidList.objects.due().filter(of_somebody)
    asked = AccessTask.objects.standing(now).filter(state=AccessTask.State.ASKED, meeting__starts_at__lte=due)
    needs = asked.filter(at_a_meeting)
    openings = PlanOpening.objects.waiting(now).filter(of_somebody)
    counted = (proposals, swaps, appeals, waiting, cards, notes, overdue, lists, openings, needs)
    return Programme.objects.filter(pk=programme).values_list(holds.any_hold(), *(_count(rows) for rows in counted))


_around = together(_numbers, _groups)


def _count(rows: "QuerySet[Any]") -> Coalesce:
    number = rows.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number), 0)


@prepared
def _meetings(
    programme: UUID, now: datetime, ahead: datetime, missed_until: datetime, missed_from: datetime
) -> "QuerySet[Meeting, tuple[Any, ...]]":
    coming = Q(starts_at__gt=now, starts_at__lte=ahead, state=Meeting.State.PLANNED)
    record = EveningRecord.objects.filter(meeting=OuterRef("pk"))
    missed = Q(ends_at__lte=missed_until, ends_at__gt=missed_from, state=Meeting.State.PLANNED)
    here = Meeting.objects.filter(group__programme=programme, group__closed_on=None)
    return rows_with_numbers(here.filter(coming | (missed & ~Exists(record))), "pk", "group_id", "starts_at")

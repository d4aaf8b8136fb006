"""What a coordinator sees first: what needs a decision, gaps of the next four weeks, and the board of groups."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from wayhouse.crypto.sealed import SealedModel
from wayhouse.groups.models import Group, Proposal, Seat
from wayhouse.meetings.models import EveningRecord, Meeting, Swap
from wayhouse.people.models import Person, Programme, Role

AHEAD = timedelta(weeks=4)
# A record is missed two days after the evening, and asked for until two weeks after it.
_RECORD_AFTER, _RECORD_UNTIL = timedelta(days=2), timedelta(days=14)
LEADERS = 2


@dataclass(frozen=True, slots=True)
class Gap:
    """An evening that lacks somebody."""

    meeting: Meeting
    lacks_facilitator: bool
    lacks_second: bool
    lacks_reserve: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """Numbers and lists for one programme."""

    proposals: int
    swaps: int
    waiting: int
    gaps: list[Gap]
    unrecorded: list[Meeting]
    groups: list[Group]

    @property
    def decisions(self) -> int:
        """How many things wait for a decision."""
        return self.proposals + self.swaps

    def sealed(self) -> Iterator[SealedModel]:
        """What has to be opened; a page that shows more opens all of it together."""
        yield from self.groups
        yield from (gap.meeting.group for gap in self.gaps)
        yield from (meeting.group for meeting in self.unrecorded)


def desk_of(programme: Programme) -> Desk:
    """The desk, in three queries; names in it open with two more."""
    now = timezone.now()
    numbers = _numbers(programme)
    meetings = list(_meetings(programme, now))
    groups = Group.objects.open().filter(programme=programme).select_related("item", "cycle")
    taken = Count("seats", filter=Q(seats__until_on=None, seats__role=Seat.Role.MEMBER))
    return Desk(
        **numbers,
        gaps=[gap for meeting in meetings if meeting.starts_at > now and (gap := _gap(meeting))],
        unrecorded=[meeting for meeting in meetings if meeting.starts_at <= now],
        groups=list(groups.annotate(taken=taken).order_by("opened_on", "pk")),
    )


def _numbers(programme: Programme) -> dict[str, int]:
    seated = Seat.objects.current().filter(person=OuterRef("pk"))
    members = Person.objects.with_role(Role.Kind.MEMBER).active().filter(programme=programme)
    counted = {
        "proposals": Proposal.objects.filter(cycle__programme=programme, state=Proposal.State.OPEN),
        "swaps": Swap.objects.filter(meeting__group__programme=programme, state=Swap.State.ASKED),
        "waiting": members.filter(~Exists(seated)),
    }
    # One round trip for three counts.
    found = Programme.objects.filter(pk=programme.pk).values_list(*(_count(rows) for rows in counted.values()))
    return dict(zip(counted, found[0], strict=True))


def _count(rows: "QuerySet[Any]") -> Coalesce:
    number = rows.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number), 0)


def _meetings(programme: Programme, now: datetime) -> QuerySet[Meeting]:
    serving = Q(shifts__reserve=False)
    ahead = Q(starts_at__gt=now, starts_at__lte=now + AHEAD, state=Meeting.State.PLANNED)
    record = EveningRecord.objects.filter(meeting=OuterRef("pk"))
    missed = Q(ends_at__lte=now - _RECORD_AFTER, ends_at__gt=now - _RECORD_UNTIL, state=Meeting.State.PLANNED)
    return (
        Meeting.objects.filter(ahead | (missed & ~Exists(record)), group__programme=programme, group__closed_on=None)
        .select_related("group__item")
        .annotate(
            facilitators=Count("shifts", filter=serving & Q(shifts__role=Role.Kind.FACILITATOR)),
            serving=Count("shifts", filter=serving),
            reserves=Count("shifts", filter=Q(shifts__reserve=True)),
        )
        .order_by("starts_at", "pk")
    )


def _gap(meeting: Meeting) -> Gap | None:
    facilitators, serving, reserves = (getattr(meeting, name) for name in ("facilitators", "serving", "reserves"))
    gap = Gap(meeting, facilitators == 0, serving < LEADERS, reserves == 0)
    return gap if gap.lacks_facilitator or gap.lacks_second or gap.lacks_reserve else None

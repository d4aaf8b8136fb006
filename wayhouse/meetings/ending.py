"""A cycle that is over ends by itself some days after its last evening, or before that by a coordinator's hand.

Whoever leads loses their seats and whoever served the keys of its evenings; members keep their seats, their group and
what they wrote. Nobody holds a key longer than it is of use.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.ending import end_seats_of_leads, set_ended
from wayhouse.groups.models import Cycle, CycleQuerySet, Group, GroupQuerySet, Seat
from wayhouse.meetings import rules
from wayhouse.meetings.models import RECORD_WITHIN, Meeting
from wayhouse.people import reach
from wayhouse.people.models import Belonging, Person

# Evenings are recorded for two days; the third day is over for everybody, wherever they are.
OPEN_AFTER = RECORD_WITHIN + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Parting:
    """One group at the end of its cycle: whose seats end, by chosen name, and how many members stay."""

    group: Group
    leads: list[str]
    members: int


def end_cycle(cycle: Cycle, *, actor: Person) -> None:
    """End a cycle by hand, once no evening is to come and none waits for its record."""
    require(rules.may_end_cycle(actor, cycle))
    _end(cycle.pk, actor=actor)


def end_cycles() -> int:
    """End every cycle whose days are over, and what was left where that was broken off; needs nobody's key."""
    today = timezone.localdate(clock.now())
    ended = sum(_end(cycle.pk, by=today) for cycle in _dated(Cycle.objects.all()) if ends_on(cycle) <= today)
    return ended + _end_left_keys(Group.objects.all())


def dated(cycle_id: UUID, person: Person) -> Cycle | None:
    """A cycle that exists for a coordinator, with what `ends_on` looks at; one query."""
    if not person.is_coordinator:
        return None
    return next(iter(_dated_here(cycle=cycle_id, programme=person.programme_id)), None)


def ends_on(cycle: Cycle) -> date:
    """The day on which a cycle ends by itself: some days after its last week, and after its last evening."""
    last: datetime | None = cycle.last_evening  # type: ignore[attr-defined]  # annotated by _dated
    return max(cycle.ends_on, timezone.localdate(last) if last else cycle.ends_on) + OPEN_AFTER


def partings(cycle: Cycle) -> list[Parting]:
    """What the end of a cycle means for each of its groups, opened. For coordinators."""
    groups, leading = _groups(cycle=cycle.pk), _leading(cycle=cycle.pk)
    open_all(groups, leading)
    names: dict[UUID, list[str]] = defaultdict(list)
    for seat in leading:
        names[seat.group_id].append(seat.name)
    members: Callable[[Group], int] = attrgetter("members")  # annotated by _groups
    found = [Parting(group, sorted(names[group.pk]), members(group)) for group in groups]
    return sorted(found, key=lambda parting: parting.group.name.casefold())


@prepared
def _dated_here(cycle: UUID, programme: UUID) -> QuerySet[Cycle]:
    return _dated(Cycle.objects.filter(pk=cycle, programme=programme).select_related("programme"))


@prepared
def _groups(cycle: UUID) -> QuerySet[Group]:
    """Those that still meet, each with how many members sit in it."""
    members = Count("seats", filter=Q(seats__role=Seat.Role.MEMBER, seats__until_on=None))
    return Group.objects.open().filter(cycle=cycle).select_related("item").annotate(members=members)


@prepared
def _leading(cycle: UUID) -> QuerySet[Seat]:
    here = {"group__cycle": cycle, "group__closed_on": None, "role": Seat.Role.FACILITATOR}
    return Seat.objects.filter(until_on=None, **here).select_related("item")


def _dated(cycles: CycleQuerySet) -> CycleQuerySet:
    held = ~Q(meetings__state=Meeting.State.SKIPPED)
    last = Max("meetings__ends_at", filter=held)
    return cycles.exclude(state=Cycle.State.ENDED).annotate(last_evening=last).order_by("pk")


def _end(cycle_id: UUID, *, by: date | None = None, actor: Person | None = None) -> bool:
    """Say that a cycle has ended, so that nobody is let in any more; the keys go after that."""
    with transaction.atomic():
        locked = Cycle.objects.select_for_update().filter(pk=cycle_id).first()
        still = _dated(Cycle.objects.all()).filter(pk=cycle_id).first()
        # Somebody else may have ended it, or given it another evening, meanwhile.
        if locked is None or still is None or (by is not None and ends_on(still) > by):
            return False
        require(actor is None or rules.may_end_cycle(actor, locked))
        set_ended(locked, actor=actor)
    _end_left_keys(Group.objects.filter(cycle=cycle_id))
    return True


def _end_left_keys(groups: GroupQuerySet) -> int:
    """End what is left of seats and keys in groups whose cycle has ended, group by group; how many groups."""
    leading = Seat.objects.filter(group=OuterRef("pk"), role=Seat.Role.FACILITATOR, until_on=None)
    # A group that went on in another cycle is led there; the keys of its earlier evenings end all the same.
    led = Q(Exists(leading), cycle__state=Cycle.State.ENDED)
    left = groups.filter(led | Exists(_keys_of_ended(OuterRef("pk"))))
    found = list(left.select_related("scope").order_by("pk"))
    for group in found:
        with transaction.atomic():
            if Group.objects.select_for_update().filter(pk=group.pk, cycle__state=Cycle.State.ENDED).exists():
                end_seats_of_leads(group)
            _end_keys(group)
    return len(found)


def _keys_of_ended(group: "UUID | OuterRef") -> QuerySet[Belonging]:
    """Keys to evenings of a group, of cycles that have ended."""
    over = {"scope__meeting__cycle__state": Cycle.State.ENDED}
    return Belonging.objects.filter(scope__meeting__group=group, **over)


def _end_keys(group: Group) -> None:
    """Whoever served at an evening of this group opens nothing of it any more."""
    inside: dict[UUID, list[Person]] = defaultdict(list)
    for belonging in _keys_of_ended(group.pk).select_related("person").order_by("pk"):
        inside[belonging.scope_id].append(belonging.person)
    for meeting in Meeting.objects.filter(group=group, scope__in=inside).select_related("scope").order_by("pk"):
        reach.show_out(meeting.scope, *inside[meeting.scope_id])

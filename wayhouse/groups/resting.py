"""When the words of a group rest, because nobody leads it any more who could hide what hurts somebody.

Said from what is there, so that no clock has to be run and nobody has to lift it: whoever leads again opens it again.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery

from wayhouse.core import clock
from wayhouse.core.prepared import prepared
from wayhouse.groups.models import Group, Seat
from wayhouse.people.models import Person, Role

# Time to say goodbye, and to seat somebody else.
REST_AFTER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Rest:
    """Nobody leads; from `day` on what was written is read, and nothing is written."""

    day: date

    @property
    def has_begun(self) -> bool:
        """Whether nothing is written any more."""
        return clock.today() >= self.day


def rest_of(group: Group) -> Rest | None:
    """When a group rests, or None while somebody leads it who is there; one query."""
    leading = _leading(group=group.pk)
    since = [_led_until(seat) for seat in leading]
    if None in since:
        return None
    return Rest(max([group.opened_on, *(day for day in since if day)]) + REST_AFTER)


def rests(group: Group) -> bool:
    """Whether nothing is written in this group now."""
    rest = rest_of(group)
    return rest is not None and rest.has_begun


def _led_until(seat: Any) -> date | None:
    """When somebody led for the last day; None for whoever does so now. On a break nobody hides words."""
    is_there = seat.person.status == Person.Status.ACTIVE
    if seat.leads_now and is_there:
        return None
    days: list[date | None] = [seat.until_on, seat.role_until, None if is_there else seat.person.status_on]
    known = [day for day in days if day]
    since: date = seat.since_on
    return min(known, default=since)


@prepared
def _leading(group: UUID) -> QuerySet[Seat]:
    roles = Role.objects.filter(person=OuterRef("person"), kind=Role.Kind.FACILITATOR)
    ended = roles.order_by().values("person").annotate(day=Max("until_on")).values("day")
    leads = Seat.objects.filter(group=group, role=Seat.Role.FACILITATOR).select_related("person")
    now = Seat.objects.current().filter(pk=OuterRef("pk"))
    return leads.annotate(leads_now=Exists(now), role_until=Subquery(ended))

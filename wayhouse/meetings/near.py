"""Mentors who accompany somebody's evenings, for whoever wants to show them something of their own."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from wayhouse.core.prepared import prepared
from wayhouse.groups.models import Group
from wayhouse.meetings.models import HostName, Shift
from wayhouse.people.models import Person, Role

# Whoever was there in the last four weeks, or will be.
_LATELY = timedelta(weeks=4)


def mentors_near(person: Person) -> list[HostName]:
    """Their names, as the groups of this person know them."""
    return _near(person=person.pk, since=timezone.now() - _LATELY)


@prepared
def _near(person: UUID, since: datetime) -> "QuerySet[HostName]":
    groups = Group.objects.open().with_current_seat(person)
    serving = Shift.objects.in_force().serving().filter(role=Role.Kind.MENTOR, person=OuterRef("person"))
    lately = serving.filter(meeting__group=OuterRef("group"), meeting__starts_at__gte=since)
    named = HostName.objects.filter(Exists(lately), group__in=groups).exclude(person=person)
    return named.select_related("item", "person").order_by("-pk")

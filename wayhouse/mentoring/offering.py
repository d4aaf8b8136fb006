"""A mentor's office hours, and which mentors a member may begin to write with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.core.prepared import prepared
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.courier import salts_of
from wayhouse.crypto.models import Shred
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Group
from wayhouse.meetings.models import HostName, Shift
from wayhouse.mentoring import rules
from wayhouse.mentoring.models import Offer, OfficeHours, Pair
from wayhouse.notices.hours import Hours
from wayhouse.people.models import Person, Role


@dataclass(frozen=True, slots=True)
class Mentor:
    """A mentor with whom a member may begin: somebody who comes to the evenings of their own group."""

    person: Person
    name: str
    offer: Offer
    # By which they are chosen: no page shows a member the number of anybody.
    hours_id: UUID


def keep_hours(hours: Hours, *, takes: int, answers: bool, actor: Person) -> None:
    """Say when one reads, with how many people one writes at most (0 to 3), and whether one answers questions.

    Errors: `ValueError` without a weekday; `CannotOpen` where the actor was erased.
    """
    require(rules.may_keep_hours(actor))
    if not hours.days:
        raise ValueError("office hours need a day")
    with transaction.atomic():
        row = OfficeHours.objects.select_for_update().filter(person=actor).first() or OfficeHours(person=actor)
        row.keep(hours, takes=takes, answers=answers)
        row.save()
        record("office_hours.kept", actor, actor=actor)


def offer_of(person: Person) -> Offer | None:
    """What somebody offers; None where they never said."""
    found = _hours(person=person.pk)
    return found[0].offer() if found else None


def mentors_for(person: Person) -> list[Mentor]:
    """Mentors who come to the evenings of this person's own groups, offer to write, and have room. No directory.

    Whom somebody must not meet is on no rota of their group. Opens with the keys of whoever is acting.
    """
    if not rules.may_look_for_mentor(person):
        return []
    names = {host.person_id: host for host in _hosts(person=person.pk, now=clock.now())}
    open_all(names.values())
    salts = salts_of(names) if names else {}
    offers = ((host, _room_of(host, salts)) for host in names.values())
    found = [Mentor(host.person, host.name, offer, host.person.office_hours.pk) for host, offer in offers if offer]
    return sorted(found, key=lambda mentor: mentor.name)


def waits_for(pair: Pair, author: Person, moment: datetime) -> datetime | None:
    """Until when words of this author wait: the next office hour, if a member writes outside of one."""
    if pair.mentor is None or pair.mentor_id == author.pk:
        return None
    try:
        offer = offer_of(pair.mentor)
    except CannotOpen:
        return None
    return offer.opens_at(moment) if offer else None


@prepared
def _hours(person: UUID) -> QuerySet[OfficeHours]:
    return OfficeHours.objects.filter(person=person)


@prepared
def _hosts(person: UUID, now: datetime) -> QuerySet[HostName]:
    """One for each mentor at the evenings of somebody's groups with whom they do not write yet; who offers hours."""
    mine = Group.objects.open().with_current_seat(person)
    # Who comes, and is still to come: not the reserve, nor who was there once.
    ahead = Shift.objects.in_force().serving().filter(meeting__group__in=mine, meeting__ends_at__gt=now)
    serving = ahead.filter(role=Role.Kind.MENTOR)
    with_them = Pair.objects.going().filter(member=person).values("mentor")
    hosts = HostName.objects.filter(group__in=mine, person__in=serving.values("person"))
    others = hosts.exclude(person=person).exclude(person__in=with_them).filter(person__status=Person.Status.ACTIVE)
    theirs = Pair.objects.going().filter(mentor=OuterRef("person")).order_by().values("mentor")
    number = Coalesce(Subquery(theirs.annotate(number=Count("pk")).values("number")), 0)
    offering = others.filter(person__office_hours__isnull=False).annotate(writes_with=number)
    return offering.select_related("item", "person__office_hours").order_by("group__opened_on", "pk")


def _room_of(host: Any, salts: Mapping[UUID, Shred]) -> Offer | None:
    """What a mentor offers, if they can write with one more person."""
    offer: Offer = host.person.office_hours.offer(salts)
    return offer if host.writes_with < offer.takes else None

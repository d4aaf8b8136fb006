"""A mentor's office hours, and which mentors a member may begin to write with."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.crypto.box import CannotOpen
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
    found = OfficeHours.objects.filter(person=person).first()
    return found.offer() if found else None


def mentors_for(person: Person) -> list[Mentor]:
    """Mentors who come to the evenings of this person's own groups, offer to write, and have room. No directory.

    Whom somebody must not meet is on no rota of their group. Opens with the keys of whoever is acting.
    """
    if not rules.may_look_for_mentor(person):
        return []
    names = {host.person_id: host for host in _hosts(person)}
    open_all(names.values())
    offers = ((host, _room_of(host.person)) for host in names.values())
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


def _hosts(person: Person) -> QuerySet[HostName]:
    """One for each mentor at the evenings of somebody's groups with whom they do not write yet."""
    mine = Group.objects.open().with_current_seat(person)
    # Who comes, and is still to come: not the reserve, nor who was there once.
    ahead = Shift.objects.in_force().serving().filter(meeting__group__in=mine, meeting__ends_at__gt=clock.now())
    serving = ahead.filter(role=Role.Kind.MENTOR)
    with_them = Pair.objects.going().filter(member=person).values("mentor")
    hosts = HostName.objects.filter(group__in=mine, person__in=serving.values("person"))
    others = hosts.exclude(person=person).exclude(person__in=with_them).filter(person__status=Person.Status.ACTIVE)
    return others.select_related("item", "person__office_hours").order_by("group__opened_on", "pk")


def _room_of(mentor: Person) -> Offer | None:
    """What a mentor offers, if they can write with one more person."""
    hours: OfficeHours | None = getattr(mentor, "office_hours", None)
    if hours is None:
        return None
    offer, going = hours.offer(), Pair.objects.going().filter(mentor=mentor).count()
    return offer if going < offer.takes else None

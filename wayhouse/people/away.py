"""Time away: somebody does not come until a day, and their seat is theirs. Written by the room `safeguarding`.

Why is not known here. Without a day it has ended: then nobody comes back by themselves.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.people import reach
from wayhouse.people.models import Away, Person


def send_away(person: Person, until_on: date | None) -> None:
    """From now on they take no part, until a day or (None) for good. Call it in a transaction, with the log written."""
    # Held so that whoever writes at this moment, with a key of their group, can still name the person.
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    paused = locked.status == Person.Status.PAUSED
    away, _new = Away.objects.update_or_create(
        person=locked,
        defaults={"until_on": until_on},
        create_defaults={"until_on": until_on, "was_paused": paused},
    )
    # Being kept out by the rules alone, they could go on reading with a key that they copied.
    away.had = {**reach.set_aside(locked), **away.had}
    away.save(update_fields=["had"])
    if locked.status != Person.Status.LEFT:
        _be(locked, Person.Status.AWAY)


def welcome_back(person: Person) -> None:
    """The time away is over, or was taken back; whoever left meanwhile may come back. In a transaction, logged."""
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    away = Away.objects.filter(person=locked).first()
    if away is not None:
        away.delete()
        reach.let_back(locked, away.had)
    if locked.status == Person.Status.AWAY:
        # Whoever was on a break is on it still: nobody else ends it.
        _be(locked, Person.Status.PAUSED if away is not None and away.was_paused else Person.Status.ACTIVE)


def over(now: datetime) -> "QuerySet[Away]":
    """Times away whose day has come, at a moment."""
    return Away.objects.filter(until_on__lte=timezone.localdate(now))


def end_times_away() -> int:
    """Whoever was away until today is back, with nobody doing anything; how many there were."""
    return sum(_end(pk) for pk in over(timezone.now()).values_list("person", flat=True))


def _end(person_id: UUID) -> bool:
    with transaction.atomic():
        locked = Person.objects.select_for_update(no_key=True).filter(pk=person_id).first()
        # Somebody may be given more time at this moment.
        if locked is None or not over(timezone.now()).filter(person=locked).exists():
            return False
        welcome_back(locked)
        record("away.ended", locked)
    return True


def _be(person: Person, status: Person.Status) -> None:
    person.status, person.status_on = status, timezone.localdate()
    person.save(update_fields=["status", "status_on"])

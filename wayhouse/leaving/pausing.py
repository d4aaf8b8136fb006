"""A break that lasts: the seat is held for eight weeks, then free for others; the person stays and is welcome back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhouse.groups.actions import let_go_seat
from wayhouse.groups.models import Seat
from wayhouse.groups.rules import may_let_go
from wayhouse.meetings.parting import mark_cards
from wayhouse.people.models import Person
from wayhouse.people.rules import SEAT_HELD


def seats_to_let_go(now: datetime) -> QuerySet[Seat]:
    """Seats of members whose break lasts as long as a seat is held, at a moment."""
    long_ago = timezone.localdate(now) - SEAT_HELD
    pausing = Seat.objects.current().members().filter(person__status=Person.Status.PAUSED)
    return pausing.filter(person__status_on__lte=long_ago)


def let_go_seats() -> int:
    """Free every seat that was held long enough; needs nobody's key. How many there were."""
    return sum(_let_go(pk) for pk in seats_to_let_go(timezone.now()).values_list("pk", flat=True))


def _let_go(seat_id: UUID) -> bool:
    with transaction.atomic():
        # Somebody may come back at this moment: whoever changes a status holds the row of the person.
        found = Seat.objects.select_related("group__scope", "person").filter(pk=seat_id).first()
        if found is None:
            return False
        found.person = Person.objects.select_for_update().get(pk=found.person_id)
        if not may_let_go(found):
            return False
        mark_cards(found.person)
        let_go_seat(found)
    return True

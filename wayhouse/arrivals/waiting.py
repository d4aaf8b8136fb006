"""Who was welcomed and has not come in: the roster waits as long as their note is kept, then they go.

No row leads from the note to the person, so the day stands beside the person. It is a Monday, that many share.
"""

from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from wayhouse.arrivals.models import KEPT_FOR, Contact, Welcome
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.models import Seat
from wayhouse.people.invitations import withdraw
from wayhouse.people.models import Invitation, Person


def newcomer(welcome: Welcome) -> Person | None:
    """Whom an invitation is for, as long as they have no account: afterwards nothing leads from here to them."""
    return Person.objects.filter(pk=UUID(welcome.person), user=None).first()


def wait_for(person: Person) -> None:
    """Keep somebody who has no account yet on the roster as long as a note of today is kept."""
    Person.objects.filter(pk=person.pk, user=None).update(unused_until=_monday_after(timezone.localdate() + KEPT_FOR))


def go_on_waiting(contact: Contact) -> None:
    """One side wrote: whoever was welcomed there has as long again. Needs the keys of either side."""
    found = Welcome.objects.select_related("item").filter(contact=contact).first()
    # What does not open keeps nobody from writing.
    with suppress(CannotOpen):
        if found and (person := newcomer(found)):
            wait_for(person)


def unused(now: datetime) -> QuerySet[Person]:
    """Who was welcomed and did not come in in time, at a moment; nobody with a seat or an open invitation."""
    waiting = Person.objects.filter(unused_until__lte=timezone.localdate(now), user=None)
    here = Seat.objects.current().filter(person=OuterRef("pk"))
    invited = Invitation.objects.filter(person=OuterRef("pk"), accepted_on=None, expires_at__gt=now)
    return waiting.exclude(status=Person.Status.LEFT).exclude(Exists(here) | Exists(invited))


def withdraw_unused() -> int:
    """Nothing invites them any more, and the clock after this one erases them. How many there were."""
    return sum(_withdraw(pk) for pk in list(unused(timezone.now()).values_list("pk", flat=True)))


def _withdraw(person_id: UUID) -> bool:
    with transaction.atomic():
        locked = Person.objects.select_for_update().filter(pk=person_id).first()
        # Somebody may come in while the list is worked through.
        if locked is None or not unused(timezone.now()).filter(pk=person_id).exists():
            return False
        withdraw(locked)
    return True


def _monday_after(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)

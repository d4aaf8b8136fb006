"""The end of a contact: everything goes, and nothing of it can be read again. Needs nobody's key."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wayhouse.arrivals.models import Contact, ContactQuerySet, Note, Voice, Welcome
from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.crypto import scopes, shred


def remove(contact: Contact) -> None:
    """Delete a contact with its notes, its keys and its writer. Call it in a transaction, with the log written."""
    scope, holder = contact.scope, contact.holder
    forget_voices(Voice.objects.filter(contact=contact))
    for sealed in (Note, Welcome):
        sealed.objects.filter(contact=contact).delete()
    contact.delete()
    scopes.drop(scope)
    holder.delete()


def forget_voices(voices: "QuerySet[Voice]") -> None:
    """What was thought goes, with its keys. Needs nobody's key; call it in a transaction."""
    for voice in voices.select_related("item__scope"):
        voice.delete()
        scopes.drop(voice.item.scope)


def remove_old_contacts() -> int:
    """Delete what was silent for thirty days, what was never sent, and what a restore brought back. How many."""
    return sum(_remove_alone(pk) for pk in list(old_contacts(clock.now()).values_list("pk", flat=True)))


def old_contacts(now: datetime) -> ContactQuerySet:
    """Contacts whose time is over at a moment, and those that a restore brought back."""
    every = Contact.objects.all()
    return every.over(timezone.localdate(now), now) | every.filter(~Q(scope__in=shred.salted()))


def _remove_alone(contact_id: UUID) -> bool:
    """One of them, as long as it is: somebody may write while the list is worked through."""
    with transaction.atomic():
        locked = Contact.objects.select_for_update().filter(pk=contact_id).first()
        if locked is None or not old_contacts(clock.now()).filter(pk=contact_id).exists():
            return False
        if locked.unsent_until is None:
            record("contact.removed", locked)
        remove(locked)
    return True

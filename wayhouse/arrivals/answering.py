"""What the coordinators do with first contacts: answer, take on, hand on, close. The log holds no word of it."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wayhouse.arrivals import rules
from wayhouse.arrivals.models import Contact, Note
from wayhouse.arrivals.waiting import go_on_waiting
from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import items
from wayhouse.people.models import Person


class ContactGone(Exception):  # noqa: N818  an answer to a person, not a fault
    """The writer erased it a moment ago."""


def answer_contact(contact: Contact, words: str, *, actor: Person) -> None:
    """Answer, sealed to the writer's code; whoever answers has taken it on. Error: `ContactGone`."""
    with transaction.atomic():
        locked = locked_contact(contact.pk)
        require(rules.may_answer(actor, locked))
        item = items.seal(locked.scope, "note", {"words": words}, standing=False)
        Note.objects.create(contact=locked, item=item, from_staff=True)
        in_time = locked.due_at is not None and not locked.is_overdue
        locked.due_at, locked.last_on, locked.taken_by = None, timezone.localdate(), actor
        locked.save(update_fields=["due_at", "last_on", "taken_by"])
        go_on_waiting(locked)
        record("contact.answered", locked, actor=actor, in_time=in_time)


def take_contact(contact: Contact, *, actor: Person) -> None:
    """Say that one answers this, also in the place of somebody else. Error: `ContactGone`."""
    with transaction.atomic():
        locked = locked_contact(contact.pk)
        require(rules.may_answer(actor, locked))
        locked.taken_by = actor
        locked.save(update_fields=["taken_by"])
        record("contact.taken", locked, actor=actor)


def hand_on_contact(contact: Contact, *, actor: Person) -> None:
    """Give it back to all; the clock goes on. Error: `ContactGone`."""
    with transaction.atomic():
        locked = locked_contact(contact.pk)
        require(rules.may_hand_on(actor, locked))
        locked.taken_by = None
        locked.save(update_fields=["taken_by"])
        record("contact.handed_on", locked, actor=actor)


def close_contact(contact: Contact, *, actor: Person) -> None:
    """Nothing more to answer; the writer reads on, and opens it again by writing. Error: `ContactGone`."""
    with transaction.atomic():
        locked = locked_contact(contact.pk)
        require(rules.may_answer(actor, locked))
        locked.due_at, locked.closed_on = None, timezone.localdate()
        locked.save(update_fields=["due_at", "closed_on"])
        record("contact.closed", locked, actor=actor)


def locked_contact(contact_id: UUID) -> Contact:
    """The contact as it stands now, locked until the transaction ends. Error: `ContactGone`."""
    rows = Contact.objects.select_related("programme", "scope").select_for_update(of=("self",))
    locked = rows.filter(pk=contact_id).first()
    if locked is None:
        raise ContactGone
    return locked

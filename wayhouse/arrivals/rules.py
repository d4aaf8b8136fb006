"""Who may do what with first contacts."""

from wayhouse.arrivals.models import Contact
from wayhouse.people.models import Person

# More than this in a row waits for an answer first.
MOST_UNANSWERED = 10


def may_write(contact: Contact) -> bool:
    """The writer, as often as they like, and ten times before somebody answers."""
    newest = contact.notes.order_by("-pk").values_list("from_staff", flat=True)[:MOST_UNANSWERED]
    return len(newest) < MOST_UNANSWERED or any(newest)


def may_answer(actor: Person, contact: Contact) -> bool:
    """Coordinators of the programme."""
    return actor.is_coordinator and actor.programme_id == contact.programme_id and contact.unsent_until is None


def may_hand_on(actor: Person, contact: Contact) -> bool:
    """Whoever took it on gives it back to all."""
    return may_answer(actor, contact) and contact.taken_by_id == actor.pk

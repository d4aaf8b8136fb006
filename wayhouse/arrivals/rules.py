"""Who may do what with first contacts."""

from collections.abc import Sequence
from contextlib import suppress

from django.db.models import Prefetch
from django.utils import timezone

from wayhouse.arrivals.models import Contact, Voice, Welcome
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Person, Programme, Role
from wayhouse.people.rules import KNOWN_FOR

VOICES = (Role.Kind.COORDINATOR, Role.Kind.FACILITATOR, Role.Kind.SAFEGUARDING_LEAD)
VOICES_NEEDED = 2

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


def may_give_voice(actor: Person, contact: Contact) -> bool:
    """Whoever coordinates, facilitates or answers for safety since a week, about somebody who wrote for themselves.

    A second whom the first has just made up is no second.
    """
    here = actor.programme_id == contact.programme_id and contact.unsent_until is None
    return here and contact.kind == Contact.Kind.FIRST and counts(actor)


def counts(actor: Person) -> bool:
    """Whether somebody's word about a newcomer counts."""
    since = timezone.localdate() - KNOWN_FOR
    return actor.status != Person.Status.LEFT and any(actor.holds_since(kind, since) for kind in VOICES)


def is_agreed(contact: Contact) -> bool:
    """Two people who still have their roles said yes, and nobody who has said not now. For coordinators, who open it.

    A voice that does not open says no yes: whoever gave it says it again.
    """
    return agree(voices_for(contact))


def agree(given: Sequence[Voice]) -> bool:
    """The same, of voices that were fetched already."""
    voices = [voice for voice in given if counts(voice.person)]
    people = {voice.person.user_id for voice in voices} - {None}
    return len(people) >= VOICES_NEEDED and all(voice.opens and voice.is_yes for voice in voices)


def voices_for(contact: Contact, reader: Person | None = None) -> list[Voice]:
    """What was said, the first first, each opened that opens: of others than a coordinator (None) their own only."""
    roles = Prefetch("person__roles", Role.objects.filter(until_on=None))
    given = contact.voices.select_related("person", "item").prefetch_related(roles)
    voices = list(given.order_by("said_on", "pk"))
    for voice in voices:
        voice.person.role_days = {role.kind: role.since_on for role in voice.person.roles.all()}
    _open([voice for voice in voices if reader is None or voice.person_id == reader.pk])
    return voices


def _open(voices: Sequence[Voice]) -> None:
    for some in (voices, *([voice] for voice in voices)):
        # One that does not open must not keep the others closed.
        with suppress(CannotOpen):
            open_all(some)


def may_welcome(actor: Person, contact: Contact) -> bool:
    """A coordinator, once two have agreed, and once only."""
    return may_lay_ready(actor, contact) and is_agreed(contact)


def may_lay_ready(actor: Person, contact: Contact) -> bool:
    """A coordinator, once only; whether two have agreed is asked apart."""
    first = contact.kind == Contact.Kind.FIRST and may_answer(actor, contact)
    return first and not Welcome.objects.filter(contact=contact).exists()


def may_renew(actor: Person, contact: Contact) -> bool:
    """A coordinator, while the two agree; of a welcome from before voices were sealed none is kept, and it stands."""
    return may_answer(actor, contact) and (is_agreed(contact) or not contact.voices.exists())


def may_orient(actor: Person, person: Person) -> bool:
    """Coordinators, with people of their programme who have not left."""
    here = person.programme_id == actor.programme_id and person.status != Person.Status.LEFT
    return actor.is_coordinator and here


def may_keep_list(actor: Person, person: Person) -> bool:
    """Only the person themselves."""
    return actor.pk == person.pk and person.user_id is not None and person.status != Person.Status.LEFT


def may_compare_lists(actor: Person, programme: Programme) -> bool:
    """Coordinators, without seeing anything of it."""
    return actor.is_coordinator and actor.programme_id == programme.pk

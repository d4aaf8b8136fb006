"""The welcome: two of the staff agree after a talk; then an invitation waits behind the six words."""

from typing import Any, NamedTuple

from django.db import transaction

from wayhouse.arrivals import rules
from wayhouse.arrivals.answering import locked_contact
from wayhouse.arrivals.models import Contact, Voice, Welcome
from wayhouse.arrivals.removing import forget_voices
from wayhouse.arrivals.waiting import newcomer, wait_for
from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import items
from wayhouse.people import invitations, reach
from wayhouse.people.entries import enter_person
from wayhouse.people.invitations import invite
from wayhouse.people.models import Belonging, Person, Role, RosterEntry

VOICE = "voice"


def give_voice(contact: Contact, reason: Voice.Reason, *, actor: Person) -> None:
    """Say what one thinks; saying it again replaces what one said. Error: `ContactGone`."""
    with transaction.atomic():
        locked = locked_contact(contact.pk)
        require(rules.may_give_voice(actor, locked))
        _say(locked, reason, actor)
        # Not which reason: the log outlives the contact by years.
        record("welcome.voiced", locked, actor=actor)


def welcome_contact(contact: Contact, name: str, languages: list[str], *, actor: Person) -> Person:
    """Put somebody on the roster under the name they chose, and lay an invitation behind their six words.

    Errors: `ContactGone`, `NameTaken`.
    """
    with transaction.atomic():
        locked = locked_contact(contact.pk)
        require(rules.may_welcome(actor, locked))
        words = {"name": name, "role": str(Role.Kind.MEMBER), "languages": languages}
        person = enter_person(locked.programme, words, actor=actor)
        token = invite(person, name, actor=actor)
        wait_for(person)
        item = items.seal(locked.scope, "welcome", _behind(token, person), standing=False)
        Welcome.objects.create(contact=locked, item=item)
        # Without the contact: the entry before this one is about the person whom nothing may lead to from there.
        record("welcome.given", actor=actor)
    return person


def renew_welcome(contact: Contact, *, actor: Person) -> None:
    """Another invitation in the place of one that ran out. Error: `ContactGone`."""
    with transaction.atomic():
        locked = locked_contact(contact.pk)
        found = Welcome.objects.select_related("item").filter(contact=locked).first()
        person = newcomer(found) if found else None
        entry = RosterEntry.objects.select_related("item").filter(person=person).first() if person else None
        require(entry is not None and rules.may_renew(actor, locked))
        found.rewrite(**_behind(invite(person, entry.name, actor=actor), person))  # type: ignore[union-attr, arg-type]
        wait_for(person)  # type: ignore[arg-type]
        record("welcome.renewed", actor=actor)


def _say(contact: Contact, reason: Voice.Reason, actor: Person) -> None:
    """Seal a reason to its giver and the desk. What was said before need not open: it is replaced."""
    found = Voice.objects.select_related("item").filter(contact=contact, person=actor).first()
    if found is not None and Belonging.objects.filter(person=actor, scope=found.item.scope_id).exists():
        items.reseal(found.item, {"reason": str(reason)})
        return
    forget_voices(Voice.objects.filter(contact=contact, person=actor))
    scope = reach.share(VOICE, contact.programme.desk, [actor])
    Voice.objects.create(contact=contact, person=actor, item=items.seal(scope, VOICE, {"reason": str(reason)}))


def _behind(token: str, person: Person) -> dict[str, Any]:
    return {"token": token, "person": str(person.pk)}


class State(NamedTuple):
    """How far a welcome is: whether the invitation can be used now, and whether another can be made."""

    is_open: bool
    may_renew: bool


def state_of(contact: Contact) -> State | None:
    """The state of somebody's welcome, or None where there is none; opens with the keys of either side."""
    found = Welcome.objects.select_related("item").filter(contact=contact).first()
    if found is None:
        return None
    is_open = invitations.is_open(found.token)
    return State(is_open, not is_open and newcomer(found) is not None)

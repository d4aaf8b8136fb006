"""What somebody without a name does: write, show that they have the code, come back, write again, erase."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wayhouse.arrivals import rules
from wayhouse.arrivals.models import KEPT_FOR, UNSENT_FOR, Contact, Note, Welcome
from wayhouse.arrivals.removing import remove
from wayhouse.arrivals.waiting import go_on_waiting, newcomer
from wayhouse.arrivals.working_days import due_after
from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.crypto import items, return_codes, scopes, shred, slots
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.people.invitations import withdraw
from wayhouse.people.models import Person, Programme
from wayhouse.safeguarding.times import closed_days

SCOPE = HOLDER = "contact"


@dataclass(frozen=True, slots=True)
class Opened:
    """A contact and the secret key that the code gave."""

    contact: Contact
    secret: bytes

    @property
    def keyring(self) -> Keyring:
        """Opens what either side wrote here, and nothing else."""
        return Keyring(self.contact.holder_id, self.secret)


class NoSuchCode(Exception):  # noqa: N818  an answer to a person, not a fault
    """Mistyped, erased, run out, never sent: it is not said which."""


def write_first(programme: Programme, kind: Contact.Kind, words: str, *, language: str) -> tuple[Opened, str]:
    """Seal the first words of somebody; returns what the code opens, and the code, which nobody else ever sees.

    It counts once the code was typed back (`send`). Error: `Busy`.
    """
    code = return_codes.fresh(language)
    keys = return_codes.keys_of(code)
    with transaction.atomic():
        holder, _secret = slots.new_holder(HOLDER, keys.secret)
        contact = Contact.objects.create(
            programme=programme,
            kind=kind,
            scope=scopes.create_scope(SCOPE, [programme.desk, holder]),
            holder=holder,
            tag=keys.tag,
            unsent_until=timezone.now() + UNSENT_FOR,
        )
        opened = Opened(contact, keys.secret)
        _add(opened, words, language)
    return opened, code


def send(contact: Contact) -> None:
    """The writer has the code on paper: from now on somebody has to answer. Error: `NoSuchCode`."""
    with transaction.atomic():
        locked = _locked(contact.pk)
        if locked.unsent_until is not None:
            locked.unsent_until = None
            _ask_for_answer(locked)
            record("contact.sent", locked, about=locked.kind)


def come_back(code: str) -> Opened:
    """Open what a code belongs to; whoever types it has it, so that it is sent with that.

    Costs the same for every code. Errors: `NoSuchCode`, `Busy`.
    """
    try:
        keys = return_codes.keys_of(code)
    except ValueError:
        # Some letters become eighteen when they are spelled out: far longer than any code.
        raise NoSuchCode from None
    # What was erased before a restore has no salt, and stays erased.
    found = Contact.objects.filter(tag=keys.tag, scope__in=shred.salted()).exclude(unsent_until__lte=timezone.now())
    contact = found.exclude(last_on__lte=clock.today() - KEPT_FOR).select_related("programme", "scope").first()
    if contact is None:
        raise NoSuchCode
    if contact.unsent_until is not None:
        send(contact)
    return Opened(contact, keys.secret)


def write_again(opened: Opened, words: str, *, language: str) -> None:
    """Another note of the writer; a closed contact is open again. Error: `NoSuchCode`."""
    with transaction.atomic():
        locked = _locked(opened.contact.pk)
        require(locked.unsent_until is None and rules.may_write(locked))
        _add(Opened(locked, opened.secret), words, language)
        locked.closed_on = None
        _ask_for_answer(locked)
        with use(opened.keyring):
            go_on_waiting(locked)
        record("contact.written", locked)


def erase(opened: Opened) -> None:
    """The writer wants everything gone, at once and for good, in backups too. Error: `NoSuchCode`.

    Where they were welcomed and never opened an account, the clock erases what the roster says about them.
    """
    with transaction.atomic():
        locked = _locked(opened.contact.pk)
        invited = _invited(opened)
        record("contact.erased", locked)
        if invited is not None:
            withdraw(invited)
        # As an entry of the ledger it is carried out again after a restore.
        shred.shred(locked.scope_id)
        remove(locked)
        transaction.on_commit(shred.scrub)


def _add(opened: Opened, words: str, language: str) -> None:
    with use(opened.keyring):
        item = items.seal(opened.contact.scope, "note", {"words": words, "language": language}, standing=False)
    Note.objects.create(contact=opened.contact, item=item)


def _invited(opened: Opened) -> Person | None:
    """Whom an invitation behind these words waits for. What does not open keeps nobody from erasing."""
    found = Welcome.objects.select_related("item").filter(contact=opened.contact).first()
    with use(opened.keyring), suppress(CannotOpen):
        return newcomer(found) if found else None
    return None


def _ask_for_answer(locked: Contact) -> None:
    due = due_after(timezone.now(), locked.programme.time_zone, closed_days(locked.programme))
    # Whoever writes twice does not wait longer for it.
    locked.due_at = min(locked.due_at, due) if locked.due_at else due
    locked.last_on = timezone.localdate()
    locked.save(update_fields=["unsent_until", "due_at", "last_on", "closed_on"])


def _locked(contact_id: UUID) -> Contact:
    rows = Contact.objects.select_related("programme", "scope").select_for_update(of=("self",))
    locked = rows.filter(pk=contact_id).first()
    if locked is None:
        raise NoSuchCode
    return locked

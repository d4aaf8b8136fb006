from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from conftest import Acting
from wayhouse.arrivals import answering, writing
from wayhouse.arrivals.models import KEPT_FOR, Contact, Note
from wayhouse.arrivals.removing import remove_old_contacts
from wayhouse.arrivals.tests.conftest import WORDS, Stranger, writes
from wayhouse.arrivals.writing import NoSuchCode
from wayhouse.audit.models import AuditDetail, AuditLeaf
from wayhouse.crypto import shred
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.items import words_of
from wayhouse.crypto.keyring import Keyring, Locked, use
from wayhouse.crypto.models import Item, Keyholder, Scope
from wayhouse.people.models import Person, Programme
from wayhouse.safeguarding.models import ClosedDay


def read(stranger: Stranger) -> list[str]:
    opened = writing.come_back(stranger.code)
    with use(opened.keyring):
        return [note.words for note in opened.contact.notes.order_by("pk")]


def test_night_to_answer(stranger: Stranger, acting: Acting, ana: Person) -> None:
    with acting(ana):
        assert [note.words for note in stranger.contact.notes.all()] == [WORDS]
        answering.answer_contact(stranger.contact, "Yes. Come on Tuesday.", actor=ana)
    assert read(stranger) == [WORDS, "Yes. Come on Tuesday."]
    assert stranger.contact.due_at is None


def test_nobody_reads_it_but_the_coordinators_and_whoever_has_the_code(
    stranger: Stranger, acting: Acting, ana: Person, bo: Person, cass: Person, sol: Person
) -> None:
    note = Note.objects.get()
    with pytest.raises(Locked):
        _ = note.words
    for person in (bo, cass, sol):
        with acting(person), pytest.raises(CannotOpen):
            words_of(Item.objects.get(pk=note.item_id))
    other = writes(ana.programme).opened
    with use(other.keyring), pytest.raises(CannotOpen):
        words_of(Item.objects.get(pk=note.item_id))


@pytest.mark.abuse(26)
def test_the_database_holds_neither_the_code_nor_the_key(stranger: Stranger) -> None:
    contact = stranger.contact
    kept = {contact.tag, bytes(contact.holder.public_key).hex(), bytes(contact.holder.public_key_mac).hex()}
    secret = stranger.opened.secret.hex()
    assert (secret in kept, contact.holder.slots.count()) == (False, 0)
    with pytest.raises(CannotOpen):
        Keyring(contact.holder_id, bytes.fromhex(contact.tag)).epoch_key(contact.scope_id, 1)


def test_it_counts_once_the_code_was_typed_back(programme: Programme, acting: Acting, ana: Person) -> None:
    opened, code = writing.write_first(programme, Contact.Kind.FIRST, WORDS, language="en")
    assert (opened.contact.due_at, Contact.objects.visible_to(ana).count()) == (None, 0)
    with acting(ana), pytest.raises(PermissionDenied):
        answering.answer_contact(opened.contact, "Too early", actor=ana)
    ClosedDay.objects.bulk_create(
        ClosedDay(programme=programme, day=timezone.localdate() + timedelta(days=number)) for number in range(9)
    )
    writing.come_back(code)
    due = Contact.objects.visible_to(ana).get().due_at
    assert due is not None
    assert due - timezone.now() > timedelta(days=8)


def test_what_was_never_sent_goes_after_an_hour(programme: Programme) -> None:
    _opened, code = writing.write_first(programme, Contact.Kind.FIRST, WORDS, language="en")
    assert remove_old_contacts() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        with pytest.raises(NoSuchCode):
            writing.come_back(code)
        assert remove_old_contacts() == 1
    assert (Note.objects.count(), Keyholder.objects.filter(kind="contact").count()) == (0, 0)


def test_another_note_does_not_put_the_answer_off(stranger: Stranger) -> None:
    due = stranger.contact.due_at
    assert due is not None
    with time_machine.travel(due - timedelta(hours=1), tick=False):
        writing.write_again(stranger.opened, "Are you there?", language="de")
    assert stranger.contact.due_at == due
    assert read(stranger) == [WORDS, "Are you there?"]


def test_ten_notes_wait_for_an_answer_first(stranger: Stranger, acting: Acting, ana: Person) -> None:
    for number in range(9):
        writing.write_again(stranger.opened, str(number), language="en")
    with pytest.raises(PermissionDenied):
        writing.write_again(stranger.opened, "one too many", language="en")
    with acting(ana):
        answering.answer_contact(stranger.contact, "I read all of it.", actor=ana)
    writing.write_again(stranger.opened, "Thank you", language="en")
    assert len(read(stranger)) == 12


def test_writing_again_opens_what_was_closed(stranger: Stranger, acting: Acting, ana: Person) -> None:
    with acting(ana):
        answering.close_contact(stranger.contact, actor=ana)
    assert (stranger.contact.closed_on, stranger.contact.due_at) == (timezone.localdate(), None)
    writing.write_again(stranger.opened, "One more thing", language="en")
    assert (stranger.contact.closed_on, stranger.contact.due_at is None) == (None, False)


def test_erasing_takes_everything_and_the_code_opens_nothing(stranger: Stranger, programme: Programme) -> None:
    scope, box = stranger.contact.scope_id, Item.objects.get(pk=Note.objects.get().item_id)
    writing.erase(stranger.opened)
    with pytest.raises(NoSuchCode):
        writing.come_back(stranger.code)
    assert (Contact.objects.count(), Scope.objects.filter(pk=scope).count()) == (0, 0)
    with use(stranger.opened.keyring), pytest.raises(CannotOpen):
        words_of(box)
    assert [line.split()[1] for line in shred.ledger_text().splitlines()] == [shred._tag(scope)]


def test_what_a_restore_brings_back_of_it_stays_erased(stranger: Stranger) -> None:
    """As after a restore: the rows are there again, and the ledger was replayed."""
    shred.shred(stranger.contact.scope_id)
    with pytest.raises(NoSuchCode):
        writing.come_back(stranger.code)
    assert (remove_old_contacts(), Contact.objects.count()) == (1, 0)


def test_thirty_days_after_the_last_word_of_either_side_it_goes(
    stranger: Stranger, acting: Acting, ana: Person
) -> None:
    later = timezone.now() + timedelta(days=20)
    with time_machine.travel(later, tick=False), acting(ana):
        answering.answer_contact(stranger.contact, "Still here.", actor=ana)
    with time_machine.travel(later + KEPT_FOR - timedelta(days=1), tick=False):
        assert remove_old_contacts() == 0
    with time_machine.travel(later + KEPT_FOR, tick=False):
        with pytest.raises(NoSuchCode):
            writing.come_back(stranger.code)
        call_command("tidy", stdout=StringIO())
    assert (Contact.objects.count(), Item.objects.filter(kind="note").count()) == (0, 0)


def test_the_log_says_what_happened_and_no_word(stranger: Stranger, acting: Acting, ana: Person) -> None:
    with acting(ana):
        answering.take_contact(stranger.contact, actor=ana)
        answering.answer_contact(stranger.contact, "Come.", actor=ana)
        answering.hand_on_contact(stranger.contact, actor=ana)
        answering.close_contact(stranger.contact, actor=ana)
    writing.write_again(stranger.opened, "Thank you", language="en")
    writing.erase(stranger.opened)
    leaves = AuditLeaf.objects.filter(kind__startswith="contact.").order_by("index")
    assert [leaf.kind.partition(".")[2] for leaf in leaves] == [
        "sent", "taken", "answered", "handed_on", "closed", "written", "erased",
    ]  # fmt: skip
    assert [leaf.actor_tag is None for leaf in leaves] == [True, False, False, False, False, True, True]
    details = AuditDetail.objects.filter(leaf__in=leaves).values_list("detail", flat=True)
    assert sorted(set(details)) == ['{"about":"first"}', '{"in_time":true}', "{}"]


def test_only_coordinators_of_the_programme_answer(stranger: Stranger, acting: Acting, dee: Person) -> None:
    assert list(Contact.objects.visible_to(dee)) == []
    with acting(dee), pytest.raises(PermissionDenied):
        answering.answer_contact(stranger.contact, "Hello", actor=dee)
    assert stranger.contact.notes.count() == 1

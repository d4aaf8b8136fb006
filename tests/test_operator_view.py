"""A host that is forced to hand over everything: disk, database, every key of the server, and nobody who signs in."""

from uuid import uuid4

import pytest

from wayhouse.crypto import items, server
from wayhouse.crypto.box import CannotOpen, bind, open_box
from wayhouse.crypto.keyring import Keyring, Locked, unseal_epoch_key
from wayhouse.crypto.models import Envelope, Item, Slot
from wayhouse.meetings.models import Meeting
from wayhouse.people.models import Person

# There must be something to try them on.
TRIED = 10


def server_keys() -> list[bytes]:
    """All that follows from the root key, and the key of this start."""
    keys = [
        server.pepper(),
        server.shred_key(),
        server.library_key(),
        server.tally_key(),
        server.boot_key(),
        server.audit_key(2026),
    ]
    return [*keys, *(server._key(purpose) for purpose in ("index", "public-keys", "audit-signing", "django"))]


@pytest.mark.abuse(40)
def test_no_key_of_the_server_opens_a_word(meeting: Meeting, dee: Person) -> None:
    """Neither as the key of a record nor as the secret key of whoever it was sealed to."""
    sealed, envelopes = list(Item.objects.all()), list(Envelope.objects.all())
    assert min(len(sealed), len(envelopes)) > TRIED
    opened = []
    for key in server_keys():
        for item in sealed:
            try:
                opened.append(open_box(key, bytes(item.box), items._context(item)))
            except CannotOpen:
                continue
        for envelope in envelopes:
            place = (envelope.holder_id, envelope.scope_id, envelope.epoch)
            try:
                opened.append(unseal_epoch_key(key, *place, bytes(envelope.sealed)))
            except CannotOpen:
                continue
    assert opened == []


@pytest.mark.abuse(40)
def test_no_key_of_the_server_opens_a_slot(meeting: Meeting) -> None:
    slots = list(Slot.objects.select_related("holder"))
    opened = []
    for key in server_keys():
        for slot in slots:
            place = bind("slot", slot.holder_id.bytes, slot.kind, slot.pk.bytes, bytes(slot.holder.public_key))
            try:
                opened.append(open_box(key, bytes(slot.box), place))
            except CannotOpen:
                continue
    assert (opened, len(slots) > 0) == ([], True)


@pytest.mark.abuse(40)
def test_without_somebody_signed_in_no_record_opens(meeting: Meeting) -> None:
    item = Item.objects.order_by("pk")[0]
    with pytest.raises(Locked):
        items.words_of(item)
    with pytest.raises(CannotOpen):
        Keyring(uuid4(), server.pepper()).epoch_key(item.scope_id, item.epoch)

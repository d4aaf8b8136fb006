"""A host that is forced to hand over everything: disk, database, every key of the server, and nobody who signs in."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from matrix import inhabited

from conftest import Cast
from wayhouse.crypto import items, server
from wayhouse.crypto.box import CannotOpen, bind, hkdf, open_box
from wayhouse.crypto.keyring import Keyring, Locked, unseal_epoch_key
from wayhouse.crypto.models import Envelope, Item, Shred, Slot
from wayhouse.meetings.models import Meeting

# Kinds of records that there must be to try the keys on: what members write, of every sort.
TRIED = {"profile", "roster", "post", "letter", "question", "concern", "conduct", "demand", "plan", "access"}


def server_keys() -> list[bytes]:
    """All that follows from the root key, whatever for, and the key of this start."""
    code = Path(server.__file__).read_text(encoding="utf-8")
    purposes = {one.replace("{year}", "2026") for one in re.findall(r'\b_key\(f?"([^"]+)"\)', code)}
    assert {"pepper", "shred", "courier", "holds", "days", "tally", "letters", "audit-2026"} <= purposes
    return [server.boot_key(), *(server._key(purpose) for purpose in (*purposes, "django"))]


@pytest.mark.abuse(40)
def test_no_key_of_the_server_opens_a_word(cast: Cast) -> None:
    """Neither as the key of a record, nor of an epoch with the salts that the server has, nor as that of a reader."""
    inhabited(cast, "Lantern Trust (invented)", "quill")
    sealed, envelopes = list(Item.objects.all()), list(Envelope.objects.all())
    assert TRIED - {item.kind for item in sealed} == set()
    boxes = Shred.objects.values_list("pk", "box")
    salts = {pk: open_box(server.shred_key(), bytes(box), bind("shred", pk.bytes)) for pk, box in boxes}
    assert {item.subject_id for item in sealed} - salts.keys() == set()
    opened = []
    for key in server_keys():
        for item in sealed:
            derived = hkdf(key, b"item|" + item.pk.bytes, salt=salts[item.subject_id])
            for tried in (key, derived, salts[item.subject_id]):
                try:
                    opened.append(open_box(tried, bytes(item.box), items._context(item)))
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

"""Slots of passkeys: each opens with what its own passkey gives, and with nothing else."""

import os

import pytest

from wayhouse.crypto import slots
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Keyholder, Slot

ID, PRF = b"a passkey", bytes(range(32))


@pytest.fixture
def holder(db: None) -> Keyholder:
    made, secret = slots.new_holder(Keyholder.Kind.ACCOUNT)
    slots.set_passkey(made, secret, ID, PRF)
    return made


def test_it_opens_the_secret_key_with_what_its_passkey_gives(db: None) -> None:
    holder, secret = slots.new_holder(Keyholder.Kind.ACCOUNT)
    slots.set_passkey(holder, secret, ID, PRF)
    slots.set_passkey(holder, secret, b"another", PRF[::-1])
    assert slots.open_with_passkey(holder, ID, PRF) == secret
    assert slots.open_with_passkey(holder, b"another", PRF[::-1]) == secret


def test_nothing_else_opens_it(holder: Keyholder) -> None:
    other, _secret = slots.new_holder(Keyholder.Kind.ACCOUNT)
    for whose, credential_id, prf in [
        (holder, ID, bytes(32)),
        (holder, ID, b""),
        (holder, b"another", PRF),
        (other, ID, PRF),
    ]:
        with pytest.raises(CannotOpen):
            slots.open_with_passkey(whose, credential_id, prf)


@pytest.mark.abuse(27)
def test_a_slot_put_under_another_passkey_or_account_opens_nothing(holder: Keyholder) -> None:
    slot, (other, _secret) = holder.slots.get(), slots.new_holder(Keyholder.Kind.ACCOUNT)
    Slot.objects.filter(pk=slot.pk).update(credential=slots.credential_tag(b"another"))
    with pytest.raises(CannotOpen):
        slots.open_with_passkey(holder, b"another", PRF)
    Slot.objects.filter(pk=slot.pk).update(credential=slot.credential, holder=other)
    with pytest.raises(CannotOpen):
        slots.open_with_passkey(other, ID, PRF)
    Slot.objects.filter(pk=slot.pk).update(holder=holder, kind=Slot.Kind.RECOVERY)
    with pytest.raises(CannotOpen):
        slots.open_with_passkey(holder, ID, PRF)


def test_it_needs_all_32_bytes(holder: Keyholder) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        slots.set_passkey(holder, os.urandom(32), b"third", PRF[:31])
    assert holder.slots.count() == 1


def test_dropping_one_leaves_the_others(db: None) -> None:
    holder, secret = slots.new_holder(Keyholder.Kind.ACCOUNT)
    slots.set_recovery_code(holder, secret)
    for name in (b"one", b"two", b"three"):
        slots.set_passkey(holder, secret, name, PRF)
    slots.drop_passkeys(holder, b"one")
    left = {slots.credential_tag(b"two"), slots.credential_tag(b"three")}
    assert set(slots.passkeys_of(holder.pk, secret)) == left
    slots.drop_passkeys(holder)
    assert [slot.kind for slot in holder.slots.all()] == [Slot.Kind.RECOVERY]

"""Key pairs and the slots that open them: the way LUKS opens a disk with several passphrases."""

import hmac
import os
from uuid import UUID, uuid4

from django.db import transaction
from nacl.public import PrivateKey

from wayhouse.crypto import passphrase, server
from wayhouse.crypto.box import CannotOpen, bind, close, open_box
from wayhouse.crypto.models import Keyholder, Slot


def new_holder(kind: str, secret: bytes | None = None) -> tuple[Keyholder, bytes]:
    """A key pair and its holder's row; returns (holder, 32-byte secret key), the secret is stored nowhere."""
    secret = secret or os.urandom(32)
    holder_id, public_key = uuid4(), bytes(PrivateKey(secret).public_key)
    holder = Keyholder.objects.create(
        pk=holder_id,
        kind=kind,
        public_key=public_key,
        public_key_mac=server.public_key_mac(holder_id.bytes, public_key),
    )
    return holder, secret


def set_passphrase(holder: Keyholder, secret: bytes, words: str) -> None:
    """Make or replace the passphrase slot. Errors: `Busy`, `ValueError` (too long)."""
    salt = passphrase.fresh_salt()
    key, verifier = passphrase.stretch(words, salt, holder.pk)
    _put(holder, Slot.Kind.PASSPHRASE, key, secret, salt=salt, verifier=verifier)


def set_recovery_code(holder: Keyholder, secret: bytes) -> str:
    """Make or replace the recovery slot and return the new code, to be shown once."""
    code = passphrase.fresh_code()
    _put(holder, Slot.Kind.RECOVERY, passphrase.code_key(code, holder.pk), secret)
    return code


def open_with_passphrase(holder: Keyholder | None, words: str, tag: str) -> bytes:
    """The holder's secret key. Costs the same for a holder who does not exist.

    `tag` is the blind tag of the handle that was typed. Errors: `CannotOpen`, `Busy`.
    """
    slot = holder and holder.slots.filter(kind=Slot.Kind.PASSPHRASE).first()
    salt = bytes(slot.salt) if slot else passphrase.salt_for_nobody(tag)
    holder_id = holder.pk if holder else UUID(tag)
    key, verifier = passphrase.stretch(words[: passphrase.LONGEST], salt, holder_id)
    if not slot or not hmac.compare_digest(bytes(slot.verifier), verifier):
        raise CannotOpen
    return _take(slot, key)


def open_with_code(holder: Keyholder, code: str) -> bytes:
    """The holder's secret key by recovery code. Error: `CannotOpen`."""
    slot = holder.slots.filter(kind=Slot.Kind.RECOVERY).first()
    if slot is None:
        raise CannotOpen
    return _take(slot, passphrase.code_key(code, holder.pk))


def _put(
    holder: Keyholder, kind: Slot.Kind, key: bytes, secret: bytes, *, salt: bytes = b"", verifier: bytes = b""
) -> None:
    slot = Slot(holder=holder, kind=kind, salt=salt, verifier=verifier)
    slot.box = close(key, secret, _context(slot))
    with transaction.atomic():
        holder.slots.filter(kind=kind).delete()
        slot.save(force_insert=True)


def _take(slot: Slot, key: bytes) -> bytes:
    secret = open_box(key, bytes(slot.box), _context(slot))
    if bytes(PrivateKey(secret).public_key) != slot.holder.checked_public_key():
        raise CannotOpen
    return secret


def _context(slot: Slot) -> bytes:
    return bind("slot", slot.holder_id.bytes, slot.kind, slot.pk.bytes, bytes(slot.holder.public_key))

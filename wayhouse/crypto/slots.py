"""Key pairs and the slots that open them: the way LUKS opens a disk with several passphrases."""

import hashlib
import hmac
import os
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from nacl.public import PrivateKey

from wayhouse.core import clock
from wayhouse.crypto import passphrase, server
from wayhouse.crypto.box import CannotOpen, bind, close, hkdf, open_box
from wayhouse.crypto.models import Keyholder, Slot

PRF_BYTES = 32


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


def set_passkey(holder: Keyholder, secret: bytes, credential_id: bytes, prf: bytes) -> None:
    """Make or replace the slot of one passkey.

    `prf` is the 32-byte result of the passkey's WebAuthn extension "prf"; it is kept nowhere. Error: `ValueError`.
    """
    if len(prf) != PRF_BYTES:
        raise ValueError("the result of the extension has 32 bytes")
    tag = credential_tag(credential_id)
    _put(holder, Slot.Kind.PASSKEY, _passkey_key(prf, holder.pk, tag), secret, credential=tag)


def open_with_passkey(holder: Keyholder, credential_id: bytes, prf: bytes) -> bytes:
    """The holder's secret key by the "prf" result of a passkey that was verified before. Error: `CannotOpen`."""
    slot = holder.slots.filter(kind=Slot.Kind.PASSKEY, credential=credential_tag(credential_id)).first()
    if slot is None:
        raise CannotOpen
    secret = _take(slot, _passkey_key(prf, holder.pk, slot.credential))
    _note_use(slot, secret)
    return secret


def drop_passkeys(holder: Keyholder, credential_id: bytes | None = None) -> None:
    """One passkey, or none of them any more, opens the holder's key."""
    going = holder.slots.filter(kind=Slot.Kind.PASSKEY)
    (going if credential_id is None else going.filter(credential=credential_tag(credential_id))).delete()


def passkeys_of(holder_id: UUID, secret: bytes) -> dict[str, date | None]:
    """By tag of the credential, which passkeys open a holder's key, and the day on which each last did; one query."""
    found = Slot.objects.filter(holder_id=holder_id, kind=Slot.Kind.PASSKEY).select_related("holder")
    return {slot.credential: _last_use(slot, secret) for slot in found}


def credential_tag(credential_id: bytes) -> str:
    """Under which the slot of a passkey is found."""
    return hashlib.sha256(credential_id).hexdigest()


def _put(holder: Keyholder, kind: Slot.Kind, key: bytes, secret: bytes, **of_kind: Any) -> None:
    slot = Slot(holder=holder, kind=kind, **of_kind)
    slot.box = close(key, secret, _context(slot))
    with transaction.atomic():
        holder.slots.filter(kind=kind, credential=slot.credential).delete()
        slot.save(force_insert=True)


def _passkey_key(prf: bytes, holder_id: UUID, tag: str) -> bytes:
    return hkdf(prf, bind("prf", holder_id.bytes, bytes.fromhex(tag)), salt=server.pepper())


def _note_use(slot: Slot, secret: bytes) -> None:
    """For the holder alone: nobody else learns from the row when they were here."""
    if _last_use(slot, secret) != clock.today():
        slot.seen = close(_seen_key(slot, secret), clock.today().isoformat().encode(), _context(slot))
        slot.save(update_fields=["seen"])


def _last_use(slot: Slot, secret: bytes) -> date | None:
    if not slot.seen:
        return None
    return date.fromisoformat(open_box(_seen_key(slot, secret), bytes(slot.seen), _context(slot)).decode())


def _seen_key(slot: Slot, secret: bytes) -> bytes:
    return hkdf(secret, bind("seen", slot.pk.bytes))


def _take(slot: Slot, key: bytes) -> bytes:
    secret = open_box(key, bytes(slot.box), _context(slot))
    if bytes(PrivateKey(secret).public_key) != slot.holder.checked_public_key():
        raise CannotOpen
    return secret


def _context(slot: Slot) -> bytes:
    return bind("slot", slot.holder_id.bytes, slot.kind, slot.pk.bytes, bytes(slot.holder.public_key))

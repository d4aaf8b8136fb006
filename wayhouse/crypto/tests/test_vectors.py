"""The published test vectors: reproduced by the code, and by hand with nothing of it."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from nacl import bindings

from wayhouse.crypto import rootkey, slots
from wayhouse.crypto.box import bind, hkdf, open_box
from wayhouse.crypto.keyring import envelope_context, unseal_epoch_key

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[3] / "docs" / "reference" / "vectors.json").read_text(encoding="utf-8")
)


def raw(name: str) -> bytes:
    """The bytes of a vector, also of an id."""
    value: str = VECTORS[name]
    return UUID(value).bytes if "-" in value else bytes.fromhex(value)


def by_hand(secret: bytes, info: bytes, salt: bytes = bytes(32), length: int = 32) -> bytes:
    """HKDF of one block: RFC 5869 with T(1) alone."""
    extracted = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()[:length]


def bound(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def opened(key: bytes, box: bytes, context: bytes) -> bytes:
    """A box, opened step by step as the page of formats says."""
    version, commitment, nonce, sealed = box[:1], box[1:17], box[17:41], box[41:]
    assert (version, commitment) == (b"\x01", by_hand(key, b"commit", length=16))
    padded = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, context, nonce, key)
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")]


@pytest.mark.parametrize("purpose", VECTORS["purposes"])
def test_keys_of_the_root(purpose: str) -> None:
    expected = bytes.fromhex(VECTORS["purposes"][purpose])
    assert rootkey.derive(raw("root"), purpose) == expected
    assert by_hand(raw("root"), b"wayhouse|" + purpose.encode()) == expected


def test_an_item_opens() -> None:
    parts = (b"item", raw("scope"), raw("item"), b"venue", raw("author"), b"3", b"7")
    assert bind(
        "item", raw("scope"), raw("item"), VECTORS["kind"], raw("author"), VECTORS["epoch"], VECTORS["seq"]
    ) == (bound(*parts))
    assert bound(*parts) == raw("item_context")
    assert by_hand(raw("epoch_key"), b"item|" + raw("item"), salt=raw("subject_salt")) == raw("content_key")
    assert hkdf(raw("epoch_key"), b"item|" + raw("item"), salt=raw("subject_salt")) == raw("content_key")
    for way in (open_box, opened):
        assert json.loads(way(raw("content_key"), raw("item_box"), raw("item_context"))) == VECTORS["words"]
    assert len(raw("item_box")) == 1 + 16 + 24 + 64 + 16


def test_an_envelope_opens() -> None:
    context = hashlib.sha256(bound(b"ep", raw("scope"), b"3", raw("holder"))).digest()[:16]
    ids = UUID(VECTORS["scope"]), VECTORS["epoch"], UUID(VECTORS["holder"])
    assert (context, envelope_context(*ids)) == (raw("envelope_context"), raw("envelope_context"))
    scope, epoch, holder = ids
    assert unseal_epoch_key(raw("secret_key"), holder, scope, epoch, raw("envelope")) == raw("epoch_key")
    assert bindings.crypto_scalarmult_base(raw("secret_key")) == raw("public_key")
    plain = bindings.crypto_box_seal_open(raw("envelope"), raw("public_key"), raw("secret_key"))
    assert plain == raw("epoch_key") + context


def test_the_key_of_a_passkey(monkeypatch: pytest.MonkeyPatch) -> None:
    pepper, tag = bytes.fromhex(VECTORS["purposes"]["pepper"]), hashlib.sha256(raw("credential")).digest()
    monkeypatch.setattr("wayhouse.crypto.server.pepper", lambda: pepper)
    assert by_hand(raw("prf"), bound(b"prf", raw("holder"), tag), salt=pepper) == raw("passkey_key")
    assert slots._passkey_key(raw("prf"), UUID(VECTORS["holder"]), tag.hex()) == raw("passkey_key")


def test_a_salt_opens() -> None:
    key = rootkey.derive(raw("root"), "shred")
    assert bound(b"shred", raw("subject")) == raw("salt_context")
    for way in (open_box, opened):
        assert way(key, raw("salt_box"), raw("salt_context")) == raw("subject_salt")


def test_a_box_of_the_courier_opens() -> None:
    context = bound(b"courier", b"contactplan", raw("courier_person"), raw("courier_row"))
    key = by_hand(bytes.fromhex(VECTORS["purposes"]["courier"]), b"courier|contactplan", salt=raw("subject_salt"))
    assert (context, key) == (raw("courier_context"), raw("courier_key"))
    for way in (opened, open_box):
        assert way(key, raw("courier_box"), context) == b'{"language":"en"}'

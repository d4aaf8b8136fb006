"""The published test vectors: reproduced by the code, and by hand with nothing of it."""

import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from nacl import bindings
from pytest_django.fixtures import Settings

from wayhouse.crypto import passphrase, rootkey, server, slots
from wayhouse.crypto.box import bind, hkdf, open_box
from wayhouse.crypto.keyring import Keyring, envelope_context, unseal_epoch_key
from wayhouse.crypto.models import PendingGrant

ROOT = Path(__file__).resolve().parents[3]
VECTORS: dict[str, Any] = json.loads((ROOT / "docs" / "reference" / "vectors.json").read_text(encoding="utf-8"))


def raw(name: str) -> bytes:
    """The bytes of a vector, also of an id."""
    value: str = VECTORS[name]
    return UUID(value).bytes if "-" in value else bytes.fromhex(value)


def purpose(name: str) -> bytes:
    """A key of the root."""
    return bytes.fromhex(VECTORS["purposes"][name])


def tagged(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


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


@pytest.mark.parametrize("name", VECTORS["purposes"])
def test_keys_of_the_root(name: str) -> None:
    assert rootkey.derive(raw("root"), name) == purpose(name)
    assert by_hand(raw("root"), b"wayhouse|" + name.encode()) == purpose(name)


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


def test_every_key_of_the_root_is_published() -> None:
    code = Path(server.__file__).read_text(encoding="utf-8")
    named = {purpose.replace("{year}", "2030") for purpose in re.findall(r'\b_key\(f?"([^"]+)"\)', code)}
    settings = (ROOT / "wayhouse" / "config" / "settings.py").read_text(encoding="utf-8")
    named |= set(re.findall(r'\brootkey\.derive\(.+, "(\w+)"\)', settings))
    assert set(VECTORS["purposes"]) == named
    formats = (ROOT / "docs" / "explanation" / "confidentiality-formats.md").read_text(encoding="utf-8")
    schedule = {purpose.replace("<year>", "2030") for purpose in re.findall(r'─ HKDF "wayhouse\|([^"]+)" ─', formats)}
    assert schedule == named


def test_a_slot_opens_with_passphrase_and_code(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    pepper, holder, words = purpose("pepper"), UUID(VECTORS["holder"]), VECTORS["passphrase"]
    monkeypatch.setattr(server, "pepper", lambda: pepper)
    settings.WAYHOUSE_QUICK_KDF = False
    stretched = bindings.crypto_pwhash_alg(
        64, words.encode(), raw("passphrase_salt"), 3, 64 * 1024 * 1024, bindings.crypto_pwhash_ALG_ARGON2ID13
    )
    key = by_hand(stretched, bound(b"kek", holder.bytes), salt=pepper)
    proof = hashlib.sha256(by_hand(stretched, bound(b"auth", holder.bytes), salt=pepper)).digest()
    assert (key, proof) == (raw("passphrase_key"), raw("verifier"))
    assert passphrase.stretch(words, raw("passphrase_salt"), holder) == (key, proof)
    context = bound(b"slot", holder.bytes, b"passphrase", raw("slot"), raw("public_key"))
    for way in (opened, open_box):
        assert way(key, raw("slot_box"), context) == raw("secret_key")
    code: str = VECTORS["recovery_code"]
    own = by_hand(code.replace("-", "").encode(), bound(b"rec", holder.bytes), salt=pepper)
    assert (own, passphrase.code_key(code.lower(), holder)) == (raw("recovery_key"), raw("recovery_key"))


def test_tags_masks_and_grants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_key", purpose)
    secret, question = raw("secret_key"), raw("question")
    tag = tagged(by_hand(secret, b"blind-tags"), bound(b"mask", b"asked", question))[:16]
    mask = by_hand(by_hand(secret, b"masks"), bound(b"asked", question))
    assert (tag, mask) == (raw("mask_tag"), raw("mask_secret"))
    assert Keyring(UUID(VECTORS["holder"]), secret).mask("asked", question) == (tag.hex(), mask)
    assert tagged(purpose("index"), bound(b"handle", b"quiet fox"))[:16] == raw("handle_tag")
    assert server.blind_tag("handle", "quiet fox") == VECTORS["handle_tag"]
    parts = (raw("scope"), raw("holder"), *(str(epoch).encode() for epoch in VECTORS["grant"]))
    assert tagged(purpose("grants"), bound(*parts)) == raw("grant_mac")
    grant = PendingGrant(scope_id=UUID(VECTORS["scope"]), holder_id=UUID(VECTORS["holder"]))
    grant.from_epoch, grant.before_epoch = VECTORS["grant"]
    grant.bind()
    assert grant.mac == raw("grant_mac")
    assert tagged(purpose("audit-2030"), VECTORS["author"].encode())[:16] == raw("log_tag")

"""What the server itself can compute: pepper, blind tags, wrapping of shred salts, log signatures.

None of this opens a member's words (design page "Confidentiality", section "Server keys"), with one exception that
people agree to: where and when they may be reached (`crypto.courier`).
"""

import hmac
import os
from functools import cache

from django.conf import settings
from nacl.signing import SigningKey

from wayhouse.crypto import rootkey
from wayhouse.crypto.box import bind

_TAG_BYTES = 16


@cache
def _key(purpose: str) -> bytes:
    return rootkey.derive(rootkey.load(settings.WAYHOUSE_KEYS), purpose)


@cache
def _boot_key() -> bytes:
    """Lives as long as the process; several workers get the same one from the command that starts them."""
    handed_over = str(settings.WAYHOUSE_BOOT_KEY)
    return bytes.fromhex(handed_over) if handed_over else os.urandom(32)


def pepper() -> bytes:
    """Without it no candidate passphrase can be checked against a stolen database."""
    return _key("pepper")


def shred_key() -> bytes:
    """Wraps the shred salts at rest."""
    return _key("shred")


def library_key() -> bytes:
    """Wraps what libraries keep themselves, such as TOTP seeds."""
    return _key("library")


def courier_key() -> bytes:
    """Opens how to reach people, where they agreed to that (`crypto.courier`)."""
    return _key("courier")


def push_key() -> bytes:
    """Gives the key by which browsers know this house (`crypto.webpush`)."""
    return _key("push")


def tally_key() -> bytes:
    """Wraps sums of anonymous answers, so that two copies of the database do not tell what was added between them."""
    return _key("tally")


def hold_key() -> bytes:
    """Closes whose records are held because a law asks for it: erasing has to know, a stolen database must not."""
    return _key("holds")


def days_key() -> bytes:
    """Closes days that the worker has to know and a stolen database must not tell: to look again, to come back."""
    return _key("days")


def boot_key() -> bytes:
    """Wraps sessions; gone at restart."""
    return _boot_key()


def blind_tag(kind: str, value: str) -> str:
    """A 16-byte tag in hex by which a unique, high-value word (a handle) is found again without being stored."""
    return hmac.digest(_key("index"), bind(kind, value), "sha256")[:_TAG_BYTES].hex()


def public_key_mac(holder_id: bytes, public_key: bytes) -> bytes:
    """Binds a public key to its holder, so that a writer of the database cannot exchange it."""
    return hmac.digest(_key("public-keys"), bind(holder_id, public_key), "sha256")


def grant_mac(*parts: bytes | int) -> bytes:
    """Binds a grant that waits to what it asks for, so that a writer of the database cannot ask for anything."""
    return hmac.digest(_key("grants"), bind(*parts), "sha256")


def letter_mac(*parts: bytes) -> bytes:
    """Binds a letter to this house: its holder's public key is no secret, and anybody could close one with it."""
    return hmac.digest(_key("letters"), bind(*parts), "sha256")


def audit_key(year: int) -> bytes:
    """The key of the actor tags in the log of one year."""
    return _key(f"audit-{year}")


def sign(message: bytes) -> bytes:
    """Ed25519 signature (64 bytes) of the log's key over `message`."""
    return bytes(_signing_key().sign(message).signature)


def verify_key() -> bytes:
    """The public half of the log's signing key (32 bytes)."""
    return bytes(_signing_key().verify_key)


@cache
def _signing_key() -> SigningKey:
    return SigningKey(_key("audit-signing"))

"""Boxes: authenticated encryption with a key commitment, length padding and bound context.

Form of a box: version (1 byte) || commitment (16) || nonce (24) || XChaCha20-Poly1305 ciphertext.
The commitment closes partitioning-oracle attacks: AEADs do not commit to their key (Len, Grubbs and
Ristenpart, USENIX Security 2021). Design page "Confidentiality", section "User key and slots".
"""

import hashlib
import hmac
import os
from collections.abc import Iterable

from nacl.exceptions import CryptoError
from nacl.secret import Aead

KEY_BYTES = 32
_VERSION = b"\x01"
_COMMITMENT_BYTES = 16
_SMALLEST = 64
_STEP = 4096


class CannotOpen(Exception):  # noqa: N818  a fact that the person is told, not a fault of the program
    """This box does not open: wrong key, wrong context, damaged or exchanged."""


def hkdf(secret: bytes, info: bytes, *, salt: bytes = b"", length: int = KEY_BYTES) -> bytes:
    """HKDF with SHA-256 (RFC 5869): `length` bytes derived from `secret` for the purpose `info`."""
    pseudo_random_key = hmac.digest(salt or bytes(32), secret, "sha256")
    output, block, counter = b"", b"", 1
    while len(output) < length:
        block = hmac.digest(pseudo_random_key, block + info + bytes([counter]), "sha256")
        output += block
        counter += 1
    return output[:length]


def bind(*parts: bytes | str | int) -> bytes:
    """Length-prefixed concatenation, so that two different contexts never give the same bytes."""
    encoded = [part if isinstance(part, bytes) else str(part).encode() for part in parts]
    return b"".join([len(part).to_bytes(4, "big") + part for part in encoded])


def close(key: bytes, plain: bytes, context: bytes) -> bytes:
    """Encrypt `plain` under a 32-byte `key`; it opens only with the same `context`."""
    return _VERSION + _commitment(key) + bytes(Aead(key).encrypt(_pad(plain), context))


def open_box(key: bytes, box: bytes, context: bytes) -> bytes:
    """The plain bytes of a box. Error: `CannotOpen`, without saying why."""
    (plain,) = open_boxes(key, [(box, context)])
    return plain


def open_boxes(key: bytes, boxes: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
    """The plain bytes of boxes under the same key, each given as (box, context). Error: `CannotOpen`."""
    expected, aead = _VERSION + _commitment(key), Aead(key)
    return [_plain(aead, expected, bytes(box), context) for box, context in boxes]


def _plain(aead: Aead, expected: bytes, box: bytes, context: bytes) -> bytes:
    if not hmac.compare_digest(box[: len(expected)], expected):
        raise CannotOpen
    try:
        return _unpad(aead.decrypt(box[len(expected) :], context))
    except (CryptoError, ValueError) as error:
        raise CannotOpen from error


def fingerprint(*parts: bytes | str | int) -> bytes:
    """SHA-256 over bound parts."""
    return hashlib.sha256(bind(*parts)).digest()


def fresh_key() -> bytes:
    """32 random bytes."""
    return os.urandom(KEY_BYTES)


def _commitment(key: bytes) -> bytes:
    return hkdf(key, b"commit", length=_COMMITMENT_BYTES)


def _pad(plain: bytes) -> bytes:
    """Powers of two from 64 bytes up to 4 KiB, then steps of 4 KiB: sizes say little."""
    needed = len(plain) + 4
    powers = max(_SMALLEST, 1 << (needed - 1).bit_length())
    size = powers if needed <= _STEP else -(-needed // _STEP) * _STEP
    return len(plain).to_bytes(4, "big") + plain + bytes(size - needed)


def _unpad(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:4], "big")
    if length > len(padded) - 4:
        raise ValueError
    return padded[4 : 4 + length]

"""Two halves of a key: each alone is 32 random bytes and opens nothing; both together open one box.

The key is derived from both halves, so that no half says anything about it; two salts go in as well, that of whom it is
about and that of the copy itself. Whichever of the two is shredded, the box opens for nobody, in no backup either.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from wayhouse.crypto.box import bind, close, fresh_key, hkdf, open_box
from wayhouse.crypto.keyring import present


class Halves(NamedTuple):
    """The two halves, each as text that can be sealed for one side."""

    first: str
    second: str


def fresh_halves() -> Halves:
    """Two new halves."""
    return Halves(*(b64encode(fresh_key()).decode() for _each in range(2)))


def close_in_halves(halves: Halves, subject_id: UUID, copy_id: UUID, words: Mapping[str, Any]) -> bytes:
    """A box around a JSON object about a subject. Error: `CannotOpen` where the subject or the copy has no salt."""
    plain = json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()
    return close(_key(halves, subject_id, copy_id), plain, _context(subject_id, copy_id))


def open_with_halves(halves: Halves, subject_id: UUID, copy_id: UUID, box: bytes) -> dict[str, Any]:
    """What lies in such a box. Error: `CannotOpen` where a half is wrong, a salt is gone, or the box was moved."""
    plain = open_box(_key(halves, subject_id, copy_id), bytes(box), _context(subject_id, copy_id))
    words: dict[str, Any] = json.loads(plain)
    return words


def _key(halves: Halves, subject_id: UUID, copy_id: UUID) -> bytes:
    keyring = present()
    keyring.load([], [subject_id, copy_id])
    secret = b"".join(b64decode(half) for half in halves)
    salt = keyring.salt(subject_id) + keyring.salt(copy_id)
    return hkdf(secret, bind("halves", subject_id.bytes, copy_id.bytes), salt=salt)


def _context(subject_id: UUID, copy_id: UUID) -> bytes:
    return bind("halves", subject_id.bytes, copy_id.bytes)

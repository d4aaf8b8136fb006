"""Boxes that the server itself opens while nobody is signed in: how to reach people, where they agreed to that.

The only words of the house that its root key opens (decision 25). A thief of the database has neither that key nor the
subject's salt in clear; erasing a subject shreds the salt, and no box of theirs opens again.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from wayhouse.crypto import server
from wayhouse.crypto.box import CannotOpen, bind, close, hkdf, open_box
from wayhouse.crypto.models import Shred


def close_for_server(subject_id: UUID, kind: str, row_id: UUID, words: Mapping[str, Any]) -> bytes:
    """A box around a JSON object about a subject, bound to the row that it lies in. Error: `CannotOpen` if erased."""
    plain = json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()
    return close(_key(subject_id, kind), plain, _context(subject_id, kind, row_id))


def open_for_server(subject_id: UUID, kind: str, row_id: UUID, box: bytes) -> dict[str, Any]:
    """What lies in such a box. Error: `CannotOpen` where it was moved or changed, or its subject erased."""
    plain = open_box(_key(subject_id, kind), bytes(box), _context(subject_id, kind, row_id))
    words: dict[str, Any] = json.loads(plain)
    return words


def _key(subject_id: UUID, kind: str) -> bytes:
    row = Shred.objects.filter(pk=subject_id).first()
    if row is None:
        raise CannotOpen
    salt = open_box(server.shred_key(), bytes(row.box), bind("shred", subject_id.bytes))
    return hkdf(server.courier_key(), b"courier|" + kind.encode(), salt=salt)


def _context(subject_id: UUID, kind: str, row_id: UUID) -> bytes:
    return bind("courier", kind, subject_id.bytes, row_id.bytes)

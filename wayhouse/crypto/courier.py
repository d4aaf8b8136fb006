"""Boxes that the server itself opens while nobody is signed in: how to reach people, where they agreed to that.

The only words of the house that its root key opens (decision 25). A thief of the database has neither that key nor the
subject's salt in clear; erasing a subject shreds the salt, and no box of theirs opens again.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from wayhouse.core.prepared import prepared
from wayhouse.crypto import server
from wayhouse.crypto.box import CannotOpen, bind, close, hkdf, open_box
from wayhouse.crypto.models import Shred

# SQLite takes a bounded number of variables in one statement.
_AT_ONCE = 512


def close_for_server(subject_id: UUID, kind: str, row_id: UUID, words: Mapping[str, Any]) -> bytes:
    """A box around a JSON object about a subject, bound to the row that it lies in. Error: `CannotOpen` if erased."""
    plain = json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()
    return close(_key(subject_id, kind), plain, _context(subject_id, kind, row_id))


def salts_of(subject_ids: Iterable[UUID]) -> dict[UUID, Shred]:
    """The locked salts of many subjects, hundreds in a query, to open a box of each; whoever was erased is missing."""
    wanted = tuple(dict.fromkeys(subject_ids))
    parts = (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))
    return {row.pk: row for part in parts for row in _shreds(subjects=part)}


def open_for_server(
    subject_id: UUID, kind: str, row_id: UUID, box: bytes, *, salts: Mapping[UUID, Shred] | None = None
) -> dict[str, Any]:
    """What lies in such a box; `salts` as from `salts_of`. Error: `CannotOpen` if moved, changed, or erased."""
    key = _key(subject_id, kind) if salts is None else _key_under(salts.get(subject_id), kind)
    plain = open_box(key, bytes(box), _context(subject_id, kind, row_id))
    words: dict[str, Any] = json.loads(plain)
    return words


def _key(subject_id: UUID, kind: str) -> bytes:
    return _key_under(next(iter(_shred(subject=subject_id)), None), kind)


@prepared
def _shreds(subjects: tuple[UUID, ...]) -> QuerySet[Shred]:
    return Shred.objects.filter(pk__in=subjects)


@prepared
def _shred(subject: UUID) -> QuerySet[Shred]:
    return Shred.objects.filter(pk=subject)


def _key_under(row: Shred | None, kind: str) -> bytes:
    if row is None:
        raise CannotOpen
    salt = open_box(server.shred_key(), bytes(row.box), bind("shred", row.pk.bytes))
    return hkdf(server.courier_key(), b"courier|" + kind.encode(), salt=salt)


def _context(subject_id: UUID, kind: str, row_id: UUID) -> bytes:
    return bind("courier", kind, subject_id.bytes, row_id.bytes)

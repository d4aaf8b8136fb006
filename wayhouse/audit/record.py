"""Writing to the log, in the transaction of the action that is logged."""

import hmac
import json
import os
import re
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Protocol

from django.db import connection, models, transaction

from wayhouse.audit import tree
from wayhouse.audit.models import TAG_BYTES, AuditDetail, AuditLeaf, AuditState
from wayhouse.core import clock
from wayhouse.crypto import server

KIND = re.compile(r"[a-z][a-z0-9_]{0,30}\.[a-z][a-z0-9_]{0,30}")
DETAIL_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
# No capital, no space, no letter beyond ASCII: a code or an id fits, a sentence does not.
CODE = re.compile(r"[a-z0-9_.:-]{1,64}")
LARGEST_NUMBER = 2**53 - 1
MOST_DETAILS = 12
SALT_BYTES = 16


class Identified(Protocol):
    """Anything with a primary key."""

    @property
    def pk(self) -> object: ...  # noqa: D102


def record(
    kind: str, thing: Identified | None = None, *, actor: Identified | None = None, **detail: int | str | bool
) -> AuditLeaf:
    """Append one entry to the log; it stands or falls with the transaction around it.

    `kind` is the action in the past tense, such as `attendance.recorded`. `thing` is what was acted on and
    `actor` who acted, both kept as tags that only this server can compute; an anonymous action has no actor.
    `detail` holds numbers, codes and ids (lower-case, at most 64 characters), never words of people.

    Call it last in the transaction: from here to the commit nobody else can append. An error here is an error
    of the action: `RuntimeError` outside of a transaction, `ValueError` or `TypeError` for what may not be
    logged.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind}: the log is written inside the transaction of the action")
    _check(kind, detail)
    today = clock.today()
    state = AuditState.objects.locked()
    salt, text = os.urandom(SALT_BYTES), json.dumps(detail, sort_keys=True, separators=(",", ":"))
    leaf = AuditLeaf(
        index=state.size,
        day=today,
        kind=kind,
        actor_tag=None if actor is None else actor_tag(actor, today),
        object_tag=None if thing is None else object_tag(thing, today),
        # Salted even without details, so that nobody can guess an entry from its hash in a public proof.
        detail_commit=sha256(salt + text.encode("ascii")).digest(),
    )
    leaf.hash = tree.leaf_hash(leaf.canonical())
    leaf.subtrees = b"".join(state.grow(leaf.hash))
    leaf.save(force_insert=True)
    AuditDetail.objects.create(leaf=leaf, salt=salt, detail=text)
    state.save()
    return leaf


def record_failure(
    kind: str, thing: Identified | None = None, *, actor: Identified | None = None, **detail: int | str | bool
) -> AuditLeaf:
    """Log that something was refused, in a transaction of its own, right after the action's was rolled back.

    Same arguments and errors as `record`. Inside of a transaction it is a `RuntimeError`: what is written
    there would be rolled back with it, and on SQLite a second connection would find the database locked.
    """
    with transaction.atomic(durable=True):
        return record(kind, thing, actor=actor, **detail)


def actor_tag(actor: Identified, day: date) -> bytes:
    """The 16-byte tag of a person in the log of that day's year. Without the year's key it names nobody."""
    return _tag(_key_of(actor), day)


def object_tag(thing: Identified, day: date) -> bytes:
    """The 16-byte tag of a thing in the log of that day's year, told apart by what kind of thing it is."""
    return _tag(f"{_label(thing)}:{_key_of(thing)}", day)


def _tag(text: str, day: date) -> bytes:
    return hmac.digest(server.audit_key(day.year), text.encode(), "sha256")[:TAG_BYTES]


def _label(thing: Identified) -> str:
    if isinstance(thing, models.Model):
        return str(thing._meta.label_lower)  # noqa: SLF001 - Django's documented interface
    return type(thing).__qualname__.lower()


def _key_of(thing: Identified) -> str:
    if thing.pk is None:
        raise ValueError(f"a {_label(thing)} without a primary key cannot be logged")
    return str(thing.pk)


def _check(kind: str, detail: Mapping[str, object]) -> None:
    """Refuse whatever could carry a person's words into the log."""
    if not KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is not a kind such as 'attendance.recorded'")
    if len(detail) > MOST_DETAILS:
        raise ValueError(f"{kind}: more than {MOST_DETAILS} details")
    for name, value in detail.items():
        _check_detail(f"{kind}, {name}", name, value)


def _check_detail(where: str, name: str, value: object) -> None:
    if not isinstance(value, int | str):
        raise TypeError(f"{where}: a detail is a number, a code or yes/no, not {type(value).__name__}")
    fits = CODE.fullmatch(value) if isinstance(value, str) else abs(value) <= LARGEST_NUMBER
    if not fits or not DETAIL_NAME.fullmatch(name):
        # The value stays out of the message: it could be the very words that must not be written down.
        raise ValueError(f"{where}: not a short code or number")

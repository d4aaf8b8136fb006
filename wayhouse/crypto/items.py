"""Sealing and opening of items: JSON objects under (epoch key of the scope) and (shred salt of the subject)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from wayhouse.crypto.box import bind, close, hkdf, open_box
from wayhouse.crypto.keyring import Keyring, present
from wayhouse.crypto.models import Item, Scope

Words = Mapping[str, Any]
_BATCH = 500


def seal(
    scope: Scope,
    kind: str,
    words: Words,
    *,
    subject_id: UUID | None = None,
    standing: bool = True,
    signed: bool = True,
    expires_on: date | None = None,
) -> Item:
    """Seal one JSON object into a scope that the acting holder is in.

    `subject_id` is the person it is about; things about nobody use the salt of the scope. `signed`: whether the row
    says which holder sealed it.
    Errors: `CannotOpen` where the acting holder is not in the scope or the subject was erased.
    """
    made = seal_all(scope, kind, [(subject_id, words)], standing=standing, signed=signed, expires_on=expires_on)
    return made[0]


def seal_all(
    scope: Scope,
    kind: str,
    records: Sequence[tuple[UUID | None, Words]],
    *,
    standing: bool = True,
    signed: bool = True,
    expires_on: date | None = None,
) -> list[Item]:
    """Seal many objects at once, in the order given; each record is (subject or None, words)."""
    keyring = present()
    with transaction.atomic():
        locked = Scope.objects.select_for_update().get(pk=scope.pk)
        first = locked.seq
        made = [
            Item(
                scope=locked,
                kind=kind,
                subject_id=subject_id or locked.pk,
                author_id=keyring.holder_id if signed else None,
                standing=standing,
                expires_on=expires_on,
            )
            for subject_id, _words in records
        ]
        keyring.load([locked.pk], {item.subject_id for item in made})
        for offset, (item, (_subject, words)) in enumerate(zip(made, records, strict=True)):
            _fill(item, locked.epoch, first + offset, words, keyring)
        Item.objects.bulk_create(made, batch_size=_BATCH)
        _advance(locked, len(made))
    return made


def reseal(item: Item, words: Words) -> None:
    """Replace the words of an item: same item, present epoch, next number."""
    item.opened = dict(words)
    with transaction.atomic():
        locked = Scope.objects.select_for_update().get(pk=item.scope_id)
        reseal_all(locked, [item])


def reseal_all(locked: Scope, opened: Sequence[Item]) -> None:
    """Seal opened items anew into the present epoch. The scope row must be locked."""
    if not opened:
        return
    keyring = present()
    keyring.forget(locked.pk)
    for offset, item in enumerate(opened):
        words = item.opened
        if words is None:
            message = "only opened items can be sealed anew"
            raise ValueError(message)
        item.author_id = keyring.holder_id
        _fill(item, locked.epoch, locked.seq + offset, words, keyring)
    # The rows exist: an upsert writes thousands of them in a fifth of the time that bulk_update takes.
    Item.objects.bulk_create(
        opened,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["epoch", "seq", "author_id", "box"],
    )
    _advance(locked, len(opened))


def open_items(items: Iterable[Item]) -> None:
    """Open items that are not open yet, in one query. Error: `CannotOpen` for the first that does not."""
    # A page may name the same record in several of its lists.
    closed = list({id(item): item for item in items if item.opened is None}.values())
    if not closed:
        return
    keyring = present()
    keyring.load({item.scope_id for item in closed}, {item.subject_id for item in closed})
    for item in closed:
        item.opened = _opened(item, keyring)


def words_of(item: Item) -> dict[str, Any]:
    """The words of one item, opened on first use by whoever is acting. Error: `CannotOpen`."""
    if item.opened is None:
        open_items([item])
    assert item.opened is not None  # noqa: S101  open_items either filled it or raised
    return item.opened


def _fill(item: Item, epoch: int, seq: int, words: Words, keyring: Keyring) -> None:
    item.epoch, item.seq = epoch, seq
    plain = json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()
    item.box = close(_key(item, keyring), plain, _context(item))
    item.opened = dict(words)


def _opened(item: Item, keyring: Keyring) -> dict[str, Any]:
    plain = open_box(_key(item, keyring), bytes(item.box), _context(item))
    words: dict[str, Any] = json.loads(plain)
    return words


def _key(item: Item, keyring: Keyring) -> bytes:
    epoch_key = keyring.epoch_key(item.scope_id, item.epoch)
    return hkdf(epoch_key, b"item|" + item.pk.bytes, salt=keyring.salt(item.subject_id))


def _context(item: Item) -> bytes:
    author = item.author_id.bytes if item.author_id else b""
    return bind("item", item.scope_id.bytes, item.pk.bytes, item.kind, author, item.epoch, item.seq)


def _advance(locked: Scope, count: int) -> None:
    locked.seq += count
    locked.save(update_fields=["seq"])

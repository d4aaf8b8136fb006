"""A copy of somebody's row of the roster, closed for themselves: they read what planning knows of them.

The row lies sealed to the coordinators. Whoever of them is next on the first screen closes a copy with the public key
of each person it is about, where the row or the key is a new one. Nobody's keys reach further by it.
"""

import json
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.letters import close_letter, open_letter
from wayhouse.crypto.models import Keyholder
from wayhouse.crypto.sealed import open_all
from wayhouse.people import rules
from wayhouse.people.entries import lock_roster
from wayhouse.people.models import OwnRow, Person, Programme, RosterEntry


def hand_over_rows(programme: Programme, *, actor: Person) -> None:
    """Close the rows of everybody with an account for themselves, where that is due. For coordinators. `CannotOpen`."""
    require(rules.may_import_roster(actor, programme))
    with transaction.atomic():
        locked = lock_roster(programme)
        entries = RosterEntry.objects.filter(person__programme=locked, person__user__isnull=False)
        found = entries.select_related("item", "person__user__holder", "person__own_row").order_by("pk")
        due = [entry for entry in found if _is_due(entry)]
        open_all(due)
        rows = [row for entry in due if (row := _closed(entry)) is not None]
        OwnRow.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["person"],
            update_fields=["letter", "number", "for_key", "written_on"],
        )
        locked.rows_unsealed = False
        locked.save(update_fields=["rows_unsealed"])
        record("rows.handed_over", locked, actor=actor, rows=len(rows))
    programme.rows_unsealed = False


def own_row_of(person: Person) -> dict[str, Any] | None:
    """The words of somebody's row, with their own keys; None where no copy lies there yet, or only for older keys."""
    row: OwnRow | None = getattr(person, "own_row", None)
    if row is None or person.user is None:
        return None
    with suppress(CannotOpen):
        words: dict[str, Any] = json.loads(open_letter(person.user.holder_id, bytes(row.letter), _context(person.pk)))
        return words
    return None


def _is_due(entry: RosterEntry) -> bool:
    row: OwnRow | None = getattr(entry.person, "own_row", None)
    key = bytes(_holder(entry).public_key)
    return row is None or (row.number, bytes(row.for_key)) != (entry.item.seq, key)


def _closed(entry: RosterEntry) -> OwnRow | None:
    holder = _holder(entry)
    plain = json.dumps(entry.as_words(), ensure_ascii=False).encode()
    # An exchanged key gets nothing, and keeps nobody else from theirs.
    with suppress(CannotOpen):
        letter = close_letter(holder, plain, _context(entry.person_id))
        key = bytes(holder.public_key)
        return OwnRow(person_id=entry.person_id, letter=letter, number=entry.item.seq, for_key=key)
    return None


def _holder(entry: RosterEntry) -> Keyholder:
    user = entry.person.user
    assert user is not None  # noqa: S101  only people with an account are asked about
    return user.holder


def _context(person_id: UUID) -> bytes:
    return b"own-row|" + person_id.bytes

"""Subjects and their shred salts. Deleting one 32-byte row makes everything about a subject unreadable for all."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import QuerySet

from wayhouse.core import clock
from wayhouse.crypto import server
from wayhouse.crypto.box import CannotOpen, bind, close, fresh_key, open_boxes
from wayhouse.crypto.models import Erasure, Shred

_KIND = "erased"


def add_subject(subject_id: UUID) -> None:
    """Give a subject its salt."""
    add_subjects([subject_id])


def add_subjects(subject_ids: Iterable[UUID]) -> None:
    """Give each of these subjects a salt of its own."""
    Shred.objects.bulk_create(
        Shred(subject_id=subject_id, box=close(server.shred_key(), fresh_key(), bind("shred", subject_id.bytes)))
        for subject_id in subject_ids
    )


def shred(subject_id: UUID) -> Erasure | None:
    """Erase a subject: nothing sealed about them opens again, for anybody. The ledger keeps it so after a restore.

    Returns the entry of the ledger, or None where the subject was erased before.
    """
    with transaction.atomic():
        gone, _of_kinds = Shred.objects.filter(pk=subject_id).delete()
        if not gone:
            return None
        return Erasure.objects.create(subject_tag=_tag(subject_id), erased_on=clock.today())


def reserve() -> int:
    """A number of the ledger for an erasure that waits; its entry names nobody."""
    return Erasure.objects.create(subject_tag=_tag(uuid4()), erased_on=clock.today()).pk


def salted() -> "QuerySet[Shred, UUID]":
    """The subjects that are not erased, for use in queries of other rooms."""
    return Shred.objects.values_list("subject_id", flat=True)


def scrub() -> None:
    """Write over what SQLite keeps of erased rows beside the database file; call it after the commit.

    `secure_delete` does not reach the write-ahead log before its checkpoint. PostgreSQL is left to its vacuum.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def ledger_text() -> str:
    """All erasures as lines of number, tag and day: names nobody, and belongs where the backups are not."""
    rows = Erasure.objects.order_by("pk")
    return "".join(f"{row.pk} {row.subject_tag} {row.erased_on.isoformat()}\n" for row in rows)


def replay(ledger: str) -> int:
    """Erase again what a ledger names, after a restore. How many were there. Error: `ValueError` for no ledger."""
    tags = {tag for _number, tag, _day in (line.split() for line in ledger.splitlines() if line.strip())}
    again = [pk for pk in Shred.objects.values_list("pk", flat=True) if _tag(pk) in tags]
    for pk in again:
        shred(pk)
    return len(again)


def opens_all() -> bool:
    """Whether the root key of this machine opens every salt."""
    rows = Shred.objects.values_list("pk", "box").iterator()
    try:
        open_boxes(server.shred_key(), ((bytes(box), bind("shred", pk.bytes)) for pk, box in rows))
    except CannotOpen:
        return False
    return True


def _tag(subject_id: UUID) -> str:
    return server.blind_tag(_KIND, str(subject_id))

"""Subjects and their shred salts. Deleting one 32-byte row makes everything about a subject unreadable for all."""

from collections.abc import Iterable
from uuid import UUID

from wayhouse.crypto import server
from wayhouse.crypto.box import bind, close, fresh_key
from wayhouse.crypto.models import Shred


def add_subject(subject_id: UUID) -> None:
    """Give a subject its salt."""
    add_subjects([subject_id])


def add_subjects(subject_ids: Iterable[UUID]) -> None:
    """Give each of these subjects a salt of its own."""
    Shred.objects.bulk_create(
        Shred(subject_id=subject_id, box=close(server.shred_key(), fresh_key(), bind("shred", subject_id.bytes)))
        for subject_id in subject_ids
    )


def shred(subject_id: UUID) -> None:
    """Erase a subject: nothing sealed about them opens again, for anybody."""
    Shred.objects.filter(pk=subject_id).delete()

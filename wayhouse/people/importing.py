"""The import of a roster: a draft for an hour, then all of its rows or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import items
from wayhouse.crypto.models import Item
from wayhouse.people import entries, rules
from wayhouse.people.models import Person, Programme, RosterDraft
from wayhouse.people.roster.comparing import CHANGED, NEW, REFUSED, UNCHANGED, Fate, compare
from wayhouse.people.roster.reading import Reading

DRAFT_LASTS = timedelta(hours=1)


class DraftGone(Exception):  # noqa: N818  an answer to a person, not a fault
    """The draft was imported, replaced, or its hour is over."""


class RosterMoved(Exception):  # noqa: N818  an answer to a person, not a fault
    """Somebody else changed the roster after the file was compared with it; nothing was imported."""


class RowsRefused(Exception):  # noqa: N818  an answer to a person, not a fault
    """Some rows have to be corrected first; nothing was imported."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many people are new on the roster, changed, and as before."""

    new: int
    changed: int
    unchanged: int


def draft_roster(programme: Programme, reading: Reading, *, actor: Person) -> RosterDraft:
    """Compare a file with the roster and keep what came of it, sealed, for an hour. An earlier draft goes.

    The words of the file stand nowhere but in the sealed draft.
    """
    require(rules.may_import_roster(actor, programme))
    # The revision is read first: whoever changes the roster from here on makes this draft an old one.
    revision = Programme.objects.values_list("roster_revision", flat=True).get(pk=programme.pk)
    fates = compare(reading, entries.known_people(programme))
    words = {"rows": [fate.as_json() for fate in fates], "examples": reading.examples}
    now = timezone.now()
    with transaction.atomic():
        _drop(RosterDraft.objects.filter(author=actor))
        _drop(RosterDraft.objects.expired())
        ends = now + DRAFT_LASTS
        item = items.seal(programme.placement, "roster_draft", words, standing=False, expires_on=ends.date())
        draft = RosterDraft.objects.create(
            item=item, programme=programme, author=actor, revision=revision, expires_at=ends
        )
        record("roster.drafted", programme, actor=actor, rows=len(fates))
    return draft


def drop_draft(programme: Programme, *, actor: Person) -> None:
    """Do not import; the draft is gone at once."""
    require(rules.may_import_roster(actor, programme))
    with transaction.atomic():
        _drop(RosterDraft.objects.filter(author=actor))
        record("roster.discarded", programme, actor=actor)


def drop_drafts(programme: Programme) -> int:
    """Drop every draft of a programme: somebody was erased, and a draft may name them. How many there were."""
    return _drop(RosterDraft.objects.filter(programme=programme))


def drop_expired_drafts() -> int:
    """Remove drafts whose hour is over; needs nobody's key. How many there were."""
    with transaction.atomic():
        return _drop(RosterDraft.objects.expired())


def import_roster(programme: Programme, draft: RosterDraft | None, *, actor: Person) -> ImportResult:
    """Take all rows of the actor's draft into the roster, or none. None stands for a draft that is gone.

    Errors: `DraftGone`, `RosterMoved`, `RowsRefused`; nothing was written then.
    """
    require(rules.may_import_roster(actor, programme))
    with transaction.atomic():
        locked = entries.lock_roster(programme)
        fates = _importable(draft, locked, actor)
        people = _enter(locked, fates, actor)
        _keep_apart(locked, fates, people)
        _drop(RosterDraft.objects.filter(author=actor))
        entries.count_change(locked)
        result = ImportResult(*(sum(fate.fate == kind for fate in fates) for kind in (NEW, CHANGED, UNCHANGED)))
        record(
            "roster.imported",
            programme,
            actor=actor,
            new=result.new,
            changed=result.changed,
            unchanged=result.unchanged,
        )
    return result


def fates_of(draft: RosterDraft) -> list[Fate]:
    """The rows of a draft. Error: `CannotOpen`."""
    return [Fate(**row) for row in draft.rows]


def _importable(draft: RosterDraft | None, locked: Programme, actor: Person) -> list[Fate]:
    current = RosterDraft.objects.open_for(actor).filter(programme=locked).select_related("item").first()
    if draft is None or current is None or current.pk != draft.pk:
        raise DraftGone
    if current.revision != locked.roster_revision:
        raise RosterMoved
    fates = fates_of(current)
    if any(fate.fate == REFUSED for fate in fates):
        raise RowsRefused
    return fates


def _enter(programme: Programme, fates: Sequence[Fate], actor: Person) -> dict[int, str]:
    """New and changed rows; returns the id of each row's person."""
    new = [fate for fate in fates if fate.fate == NEW]
    entered = entries.enter_all(programme, [fate.words for fate in new])
    changed = {UUID(fate.person): fate for fate in fates if fate.fate == CHANGED}
    entries.rewrite_all(programme, {pk: fate.words for pk, fate in changed.items()})
    entries.change_roles({pk: _roles(fate.changes) for pk, fate in changed.items()}, actor=actor)
    known = {fate.number: fate.person for fate in fates if fate.person}
    return known | {fate.number: str(pk) for fate, pk in zip(new, entered, strict=True)}


def _roles(changes: list[list[Any]]) -> tuple[str, str]:
    return next(((before, after) for word, before, after in changes if word == "role"), ("", ""))


def _keep_apart(programme: Programme, fates: Sequence[Fate], people: dict[int, str]) -> None:
    pairs = {
        frozenset({people[fate.number], people[other] if kind == "row" else other})
        for fate in fates
        for kind, other in fate.apart
    }
    entries.keep_apart(programme, (pair for pair in pairs if len(pair) > 1))


def _drop(drafts: "models.QuerySet[RosterDraft]") -> int:
    """Drafts and what was sealed in them."""
    ids = list(drafts.values_list("item_id", flat=True))
    drafts.delete()
    Item.objects.filter(pk__in=ids).delete()
    return len(ids)

"""Holds: whose records must be kept for now because a law asks for it. Written by the room `safeguarding`.

Erasing and the clocks of what is kept ask here and need nobody's key. Which demand it is about, and what it says, is
not known here; and whom it is about lies closed under the server's key, so that a stolen database does not tell it.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models, transaction

from wayhouse.core.prepared import prepared
from wayhouse.crypto import server
from wayhouse.crypto.box import bind, close, open_box


class Hold(models.Model):
    """One hold. It stands until two lift it, whatever day it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    box = models.BinaryField()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a hold says. `told`: whether the person may know of it; `again`: the day on which two look at it again.

    `erasing`: the person asked for everything to be erased meanwhile, and it waits for the end of the hold. `ended`:
    two have lifted it, and the erasing is still to come. `demand`: what it belongs to; `kept_from`: ids of those who
    must not know of it; `first`: who first said that it ends, where nobody can read the demand any more.
    """

    person: UUID
    again: date
    told: bool = False
    erasing: bool = False
    ended: bool = False
    demand: str = ""
    kept_from: tuple[str, ...] = ()
    first: str = ""


def place(terms: Terms) -> UUID:
    """Hold what there is about a person. Call it with the row of the person locked, in a transaction."""
    # Somebody asked for everything to be erased under an earlier hold: that waits for this one, too.
    erasing = terms.erasing or terms.person in closed_ids()
    hold = Hold()
    hold.box = _closed(hold, replace(terms, erasing=erasing))
    hold.save(force_insert=True)
    return hold.pk


def lift(hold_id: UUID) -> Terms | None:
    """End one hold; others of the same person stand. What it said, or None where it was lifted before.

    Where everything is to be erased it stays as a mark that this is still to be done: nothing opens again meanwhile.
    """
    hold = Hold.objects.select_for_update().filter(pk=hold_id).first()
    terms = _terms(hold) if hold is not None else None
    if hold is None or terms is None or terms.ended:
        return None
    if terms.erasing:
        _change(hold.pk, ended=True)
    else:
        hold.delete()
    return terms


def forget(person_id: UUID) -> None:
    """Everything about somebody is erased: there is nothing to hold. Call it in a transaction."""
    gone = [hold.pk for hold, terms in _every() if terms.person == person_id]
    Hold.objects.filter(pk__in=gone).delete()


def let_know(hold_id: UUID) -> None:
    """The person was told: from now on their own page says so."""
    _change(hold_id, told=True)


def look_again_on(hold_id: UUID, day: date) -> None:
    """The hold stays, and two look at it again on another day."""
    _change(hold_id, again=day)


def wait_with_erasing(person_id: UUID) -> None:
    """The person asked for everything to be erased."""
    with transaction.atomic():
        for hold, terms in list(_every()):
            if terms.person == person_id:
                _change(hold.pk, erasing=True)


def holds_of(person_id: UUID) -> list[Terms]:
    """Every hold of a person; one query."""
    return [terms for _hold, terms in _every() if terms.person == person_id and not terms.ended]


def held_ids() -> frozenset[UUID]:
    """Of whom nothing is erased for now; one query."""
    return frozenset(terms.person for _hold, terms in _every() if not terms.ended)


def closed_ids() -> tuple[UUID, ...]:
    """Whose words are closed to everybody until they are erased; one query.

    It stands in the holds alone: a mark in clear beside what is closed would tell a thief of the database about whom
    there is a hold.
    """
    return tuple(sorted({terms.person for _hold, terms in _every() if terms.erasing}))


def any_hold() -> "models.Exists":
    """For a query that is made anyway: whether there is a hold of anybody, mostly not. Then `closed_ids` is empty."""
    return models.Exists(Hold.objects.all())


def known_to(person_id: UUID) -> list[Terms]:
    """The holds that the person was told of; one query."""
    return [terms for terms in holds_of(person_id) if terms.told]


def every() -> list[tuple[UUID, Terms]]:
    """Every hold that stands, by its id; one query."""
    return [(hold.pk, terms) for hold, terms in _every() if not terms.ended]


def sign_first(hold_id: UUID, person_id: UUID | None) -> None:
    """The first of two says that it ends, or (None) takes that back."""
    _change(hold_id, first=str(person_id or ""))


def _every() -> Iterator[tuple[Hold, Terms]]:
    for hold in _holds():
        yield hold, _terms(hold)


@prepared
def _holds() -> models.QuerySet[Hold]:
    return Hold.objects.order_by("pk")


def _change(hold_id: UUID, **words: Any) -> None:
    with transaction.atomic():
        hold = Hold.objects.select_for_update().filter(pk=hold_id).first()
        if hold is None:
            return
        hold.box = _closed(hold, replace(_terms(hold), **words))
        hold.save(update_fields=["box"])


def _closed(hold: Hold, terms: Terms) -> bytes:
    plain = json.dumps({**asdict(terms), "person": str(terms.person), "again": terms.again.isoformat()})
    return close(server.hold_key(), plain.encode(), bind("hold", hold.pk.bytes))


def _terms(hold: Hold) -> Terms:
    words = json.loads(open_box(server.hold_key(), bytes(hold.box), bind("hold", hold.pk.bytes)))
    words |= {"person": UUID(words["person"]), "again": date.fromisoformat(words["again"])}
    return Terms(**{**words, "kept_from": tuple(words.get("kept_from", ()))})

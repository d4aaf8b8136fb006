"""The roster as a list shows it: plain rows and not models, since each page makes fifty of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from wayhouse.core.prepared import prepared
from wayhouse.crypto.items import words_of
from wayhouse.crypto.models import Item
from wayhouse.people.models import Invitation, Person, Programme, Role, RosterEntry

# What opening an item needs.
_ITEM = ("id", "scope_id", "epoch", "seq", "kind", "subject_id", "author_id", "box")


@dataclass(frozen=True, slots=True)
class Listed:
    """One row: the person by id, the sealed entry, the roles held now, and how far they are with an account."""

    person_id: UUID
    has_account: bool
    is_invited: bool
    was_invited: bool
    item: Item
    roles: list[str]

    @property
    def name(self) -> str:
        """The chosen name. Error: `CannotOpen`."""
        return str(words_of(self.item)["name"])

    @property
    def entry(self) -> RosterEntry:
        """The sealed entry with all its words."""
        return RosterEntry(person_id=self.person_id, item=self.item)

    @property
    def languages(self) -> list[str]:
        """Codes of the languages they speak. Error: `CannotOpen`."""
        found: list[str] = words_of(self.item).get("languages", [])
        return found


class Roster(Sequence[Listed]):
    """Everybody on the roster of one programme in a fixed order, without those who left. A slice costs two queries."""

    def __init__(self, programme: Programme) -> None:
        """Nothing is fetched yet."""
        self._programme = programme.pk

    def __len__(self) -> int:
        """How many people are on it; one query."""
        return next(iter(_counted(programme=self._programme)), 0)  # without anybody there is no row

    def __getitem__(self, wanted: Any) -> Any:
        """The rows of a slice with both ends, or the one at a place."""
        span = wanted if isinstance(wanted, slice) else slice(wanted, wanted + 1)
        rows = _entries.window(span.start, span.stop, programme=self._programme, now=timezone.now())
        found = _with_roles(rows)
        return found if isinstance(wanted, slice) else found[0]

    def everybody(self) -> list[Listed]:
        """All rows at once."""
        return _with_roles(_entries(programme=self._programme, now=timezone.now()))


def listed(person: Person) -> Listed | None:
    """The row of one person, if the roster has one."""
    found = _with_roles(_entry(person=person.pk, now=timezone.now()))
    return found[0] if found else None


def _with_roles(rows: list[tuple[Any, ...]]) -> list[Listed]:
    roles: dict[UUID, list[str]] = {}
    if rows:
        for person_id, kind in _roles(people=tuple(row[0] for row in rows)):
            roles.setdefault(person_id, []).append(kind)
    return [
        Listed(person, account is not None, invited, was, Item.from_db(None, _ITEM, item), roles.get(person, []))
        for person, account, invited, was, *item in rows
    ]


@prepared
def _entries(programme: UUID, now: datetime) -> "QuerySet[RosterEntry, tuple[Any, ...]]":
    return _rows(now).filter(person__programme=programme).exclude(person__status=Person.Status.LEFT)


@prepared
def _entry(person: UUID, now: datetime) -> "QuerySet[RosterEntry, tuple[Any, ...]]":
    return _rows(now).filter(person=person)


@prepared
def _counted(programme: UUID) -> "QuerySet[Any, int]":
    here = RosterEntry.objects.filter(person__programme=programme).exclude(person__status=Person.Status.LEFT)
    counted = here.order_by().values("person__programme").annotate(number=Count("pk"))
    return counted.values_list("number", flat=True)


@prepared
def _roles(people: tuple[UUID, ...]) -> "QuerySet[Role, tuple[UUID, str]]":
    return Role.objects.filter(person__in=people, until_on=None).order_by("pk").values_list("person_id", "kind")


def _rows(now: datetime) -> "QuerySet[RosterEntry, tuple[Any, ...]]":
    made = Invitation.objects.filter(person=OuterRef("person"), accepted_on=None)
    invited, was = Exists(made.filter(expires_at__gt=now)), Exists(made)
    entries = RosterEntry.objects.annotate(is_invited=invited, was_invited=was).order_by("pk")
    item = (f"item__{field}" for field in _ITEM)
    return entries.values_list("person_id", "person__user_id", "is_invited", "was_invited", *item)

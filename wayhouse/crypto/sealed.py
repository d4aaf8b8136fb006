"""Sealed fields: how a model of another room carries words that only some may open.

class Venue(SealedModel):
    name: Sealed[str] = Sealed()

venue = Venue(item=seal(scope, "venue", {"name": "Library"}))
venue.name   # opens with the keyring of whoever is acting; CannotOpen for everybody else
"""

from collections.abc import Iterable
from typing import Any, Generic, Protocol, TypeVar, overload
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from wayhouse.crypto import items
from wayhouse.crypto.models import Item

T = TypeVar("T")


class Sealed(Generic[T]):
    """One word of a sealed record. Reading opens the record; writing goes through `SealedModel.rewrite`."""

    _name: str

    def __init__(self, default: Any = "") -> None:
        """`default` is what a record that was sealed without this word reads as."""
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the word's own name."""
        self._name = name

    @overload
    def __get__(self, row: None, owner: type) -> "Sealed[T]": ...
    @overload
    def __get__(self, row: "SealedModel", owner: type) -> T: ...
    def __get__(self, row: "SealedModel | None", owner: type) -> "Sealed[T] | T":
        """The word itself. Error: `CannotOpen`."""
        if row is None:
            return self
        word: T = items.words_of(row.item).get(self._name, self._default)
        return word

    def __set__(self, row: "SealedModel", value: T) -> None:
        """Refuse silent writes: a blank form must never overwrite what did not open."""
        message = f"write {self._name} with rewrite()"
        raise AttributeError(message)


class SealedModel(models.Model):
    """A row whose words lie in one sealed item. Its queries fetch the item along."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True

    def rewrite(self, **words: Any) -> None:
        """Change some words and seal the whole record anew. The words that were there must open first."""
        items.reseal(self.item, {**items.words_of(self.item), **words})


class HasItem(Protocol):
    """A sealed row, or what a list shows of one."""

    @property
    def item(self) -> Item:
        """The sealed record."""


def open_all(*rows: Iterable[HasItem]) -> None:
    """Open all rows of all these lists in one query. Error: `CannotOpen` for the first that does not."""
    items.open_items(row.item for some in rows for row in some)


def delete_about(subject_id: UUID) -> int:
    """Delete every sealed row about a subject, whatever room it is in; how many records went."""
    with transaction.atomic():
        for model in sealed_models():
            model._default_manager.filter(item__subject_id=subject_id).delete()  # noqa: SLF001  Django's public name for it
        gone, _of_kinds = Item.objects.filter(subject_id=subject_id).delete()
    return gone


def sealed_models() -> list[type[SealedModel]]:
    """Every model of the house that has sealed words."""
    return [model for model in apps.get_models() if issubclass(model, SealedModel)]


def sealed_words(model: type[SealedModel]) -> list[str]:
    """The names of a model's sealed words, for pages that tell what is sealed and for tests."""
    return sorted(name for base in model.__mro__ for name, value in vars(base).items() if isinstance(value, Sealed))

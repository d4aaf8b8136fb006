"""To whom somebody can show their plan: those who lead their groups, and whom rooms above know to accompany them."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet

from wayhouse.core.prepared import prepared
from wayhouse.crypto.models import Item
from wayhouse.groups.models import Group, Seat
from wayhouse.people.models import Person


class Near(Protocol):
    """A row that names somebody, sealed to the one who asks among others."""

    pk: Any
    person_id: UUID
    person: Person

    @property
    def item(self) -> Item:
        """The sealed record."""

    @property
    def name(self) -> str:
        """What they are called."""


_ALSO: list[Callable[[Person], Iterable[Any]]] = []


def register(find: Callable[[Person], Iterable[Any]]) -> None:
    """A room above knows more people who are near somebody; it calls this when it is ready."""
    if find not in _ALSO:
        _ALSO.append(find)


@prepared
def _leading(person: UUID) -> QuerySet[Seat]:
    groups = Group.objects.open().with_current_seat(person)
    seats = Seat.objects.current().filter(group__in=groups, role=Seat.Role.FACILITATOR).exclude(person=person)
    return seats.select_related("item", "person").order_by("-since_on", "-pk")


def near(person: Person) -> list[Near]:
    """Rows that name them, not opened yet, each person once."""
    rows: list[Near] = list(_leading(person=person.pk))
    rows += [row for find in _ALSO for row in find(person)]
    return list({row.person_id: row for row in reversed(rows)}.values())

"""How much is new to somebody: plain numbers, counted without anybody's key, along with any other query."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wayhouse.conversations.models import Post, Seen
from wayhouse.groups.models import Group


def news(person: UUID, holder: UUID, closed: tuple[UUID, ...]) -> dict[str, Any]:
    """Annotations for a query: `space`, a group whose own space somebody has, `spaces`, how many, and what is `new`.

    `new` counts words of others, in all of them together, by the person's own counters. `closed`: whose do not count.
    """
    mine = Group.objects.open().with_current_seat(person)
    seen = Seen.objects.filter(person=person, scope=OuterRef("item__scope"), number__gte=OuterRef("number"))
    words = Post.objects.opens_for([holder]).without(closed).filter(~Exists(seen), state=Post.State.SHOWN)
    new = words.filter(item__scope__circle__group__in=mine).exclude(person=person)
    return {
        "space": Subquery(mine.order_by("opened_on", "pk").values("pk")[:1]),
        "spaces": count_of(mine),
        "new": count_of(new),
    }


def count_of(rows: QuerySet[Any]) -> Coalesce:
    """How many rows, as an expression in another query."""
    number = rows.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number), 0)

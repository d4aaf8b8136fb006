"""Several prepared queries in one statement: what stands around one thing lies in tables of its own.

    _around = together(_timers, _readers)

    timers, readers = _around(concern=concern.pk)   # two lists, each as its own query would give it, in no order

Each way to the database costs as much as a short list, and a page has eight. A part that needs an order is sorted by
whoever asked; one that takes the first few chooses them by its own order.
"""

import inspect
import threading
from typing import Any, Generic, TypeVar, cast, overload

from django.db.backends.base.base import BaseDatabaseWrapper

from wayhouse.core.prepared import Composed, Prepared, Value

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
Lists = TypeVar("Lists")


class Together(Generic[Lists]):
    """Some prepared queries that are asked at once."""

    def __init__(self, *parts: Prepared[Any]) -> None:
        """Each part takes those of the values that it names."""
        self._parts = parts
        self._names = [tuple(inspect.signature(part).parameters) for part in parts]
        # As with prepared queries: what is composed belongs to a connection, and so to a thread.
        self._local = threading.local()

    def __call__(self, **values: Value) -> Lists:
        """One list for each part. Error: `ValueError` for a frozen value."""
        asked = zip(self._parts, self._names, strict=True)
        ready = [part.ready({name: values[name] for name in names}) for part, names in asked]
        known: dict[tuple[int, ...], tuple[list[Composed], str]] = self._local.__dict__.setdefault("known", {})
        composed = [one for one, _values in ready]
        key = tuple(map(id, composed))
        if key not in known:
            # The composed are kept along, so that no other can have their ids.
            known[key] = (composed, _sql(composed))
        parameters = [one for part, given in ready for one in part.filled(given)]
        rows: list[list[Any]] = [[] for _part in composed]
        with composed[0].cursor() as cursor:
            cursor.execute(known[key][1], parameters)
            for row in cursor.fetchall():
                rows[row[0]].append(row)
        starts = _starts(composed)
        shaped = (
            part.shape([row[start : start + part.width] for row in found])
            for part, found, start in zip(composed, rows, starts, strict=True)
        )
        return cast("Lists", tuple(shaped))


@overload
def together(a: Prepared[A], b: Prepared[B], /) -> Together[tuple[list[A], list[B]]]: ...
@overload
def together(a: Prepared[A], b: Prepared[B], c: Prepared[C], /) -> Together[tuple[list[A], list[B], list[C]]]: ...
@overload
def together(
    a: Prepared[A], b: Prepared[B], c: Prepared[C], d: Prepared[D], /
) -> Together[tuple[list[A], list[B], list[C], list[D]]]: ...
@overload
def together(
    a: Prepared[A], b: Prepared[B], c: Prepared[C], d: Prepared[D], e: Prepared[E], /
) -> Together[tuple[list[A], list[B], list[C], list[D], list[E]]]: ...
def together(*parts: Prepared[Any]) -> Together[Any]:
    """Ask these at once."""
    return Together(*parts)


def _starts(parts: list[Composed]) -> list[int]:
    starts, at = [], 1
    for part in parts:
        starts.append(at)
        at += part.width
    return starts


def _sql(parts: list[Composed]) -> str:
    """Side by side: each part fills columns of its own, and which part a row is of stands first."""
    nothing = [", ".join(_nothing(part)) for part in parts]
    columns = (", ".join([*nothing[:place], "part.*", *nothing[place + 1 :]]) for place in range(len(parts)))
    return " UNION ALL ".join(
        f"SELECT {place}, {each} FROM ({part.sql}) part"  # noqa: S608  composed by Django
        for place, (part, each) in enumerate(zip(parts, columns, strict=True))
    )


def _nothing(part: Composed) -> list[str]:
    """A NULL for each column: PostgreSQL wants to know of which type."""
    return [_null(column, part.connection) for column in part.columns]


def _null(column: Any, connection: BaseDatabaseWrapper) -> str:
    if connection.vendor != "postgresql":
        return "NULL"
    return f"CAST(NULL AS {column.output_field.cast_db_type(connection)})"

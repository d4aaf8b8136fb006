"""Queries whose SQL is composed once and then run with other values: for the few pages that everybody opens first.

Django composes the SQL of a queryset anew at each request, which for rich queries costs several times what the
database needs. A prepared query is written as an ordinary function that returns a queryset; what changes from
request to request are its named values.

    @prepared
    def _upcoming(now: datetime, group: UUID) -> QuerySet[Meeting]:
        return Meeting.objects.filter(group=group, ends_at__gt=now)

    _upcoming(now=timezone.now(), group=group.pk)   # a list of meetings

Values are UUIDs, moments, days, words, whole numbers and tuples of UUIDs. What is reckoned from a moment or a day, such
as `now - KEPT_FOR`, is a value, too. One that the function takes from elsewhere, such as the present moment, would be
frozen: that is found out when the query is composed, and refused; the present day, taken so, is not found out.
"""

import re
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from typing import Any, Generic, TypeVar, cast

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet, prefetch_related_objects

from wayhouse.core.reckoned import Reckoned, at_other_hours, reckoned_from
from wayhouse.core.shaping import Converters, converted, quicker, shaping

Row = TypeVar("Row")
Value = uuid.UUID | date | str | int | tuple[uuid.UUID, ...]  # a moment is a date, too, to Python
_Place = tuple[str, int]
# What every whole-number column takes: of a number beyond its column Django makes other SQL on PostgreSQL.
_NUMBERS = range(10_000, 2**15)
_RANDOM = secrets.SystemRandom()
# Where a value goes in a statement; Django doubles every other sign of per cent.
_GIVEN = re.compile("(?<!%)%s")


class Prepared(Generic[Row]):
    """A query that is composed once in each thread, for each combination of kinds of values."""

    def __init__(self, compose: Callable[..., QuerySet[Any, Row]]) -> None:
        """`compose` takes the values by name; the shape of its SQL must not depend on them."""
        self._compose = compose
        # Compilers hold a connection, and connections belong to a thread.
        self._local = threading.local()
        update_wrapper(cast("Callable[..., Any]", self), compose)

    def __call__(self, **values: Value) -> list[Row]:
        """Run with these values; rows as the queryset would give them. Error: `ValueError` for a frozen value."""
        return self._run(values, "", ())

    def window(self, start: int, stop: int, **values: Value) -> list[Row]:
        """Only the rows from `start` up to `stop`, as a slice of the queryset would give them."""
        return self._run(values, " LIMIT %s OFFSET %s", (stop - start, start))

    def ready(self, values: Mapping[str, Value]) -> "tuple[Composed, dict[str, Value]]":
        """What is composed for values of these kinds, and the values as it takes them."""
        full = {name: _filled(value) for name, value in values.items()}
        kinds = tuple((name, type(value), _length(value)) for name, value in full.items())
        known: dict[object, Composed] = self._local.__dict__.setdefault("known", {})
        ready = known.get(kinds)
        if ready is None or not ready.is_current():
            ready = known[kinds] = _composed(self._compose, full)
        return ready, full

    def _run(self, values: Mapping[str, Value], more_sql: str, more: tuple[int, ...]) -> list[Row]:
        ready, full = self.ready(values)
        with ready.cursor() as cursor:
            cursor.execute(ready.sql + more_sql, (*ready.filled(full), *more))
            fetched: list[Any] = cursor.fetchall()
        return ready.shape(fetched)


def prepared(compose: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """The decorator."""
    return Prepared(compose)


class Composed:
    """One queryset with its SQL, which of its parameters are which values, and what becomes of its columns."""

    def __init__(self, rows: QuerySet[Any, Any], sql: str, parameters: Sequence[object]) -> None:
        """What follows is what Django finds out anew at each run of a queryset."""
        self.rows, self.sql, self.parameters = rows, sql, list[Any](parameters)
        self.places: dict[int, _Place] = {}
        self.reckoned: dict[int, Reckoned] = {}
        compiler: Any = rows.query.get_compiler(using=rows.db)
        compiler.as_sql()  # learns which columns make which objects
        self.connection: BaseDatabaseWrapper = compiler.connection
        self.columns = [column for column, *_words in compiler.select]
        converters = compiler.get_converters(self.columns[: compiler.col_count])
        self._converters: Converters = quicker(converters, self.connection)
        self._shaped = shaping(rows, compiler)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.columns)

    def is_current(self) -> bool:
        """Whether the connection it was composed for is still the one in use."""
        return self.connection is connections[self.rows.db]

    def filled(self, values: Mapping[str, Value]) -> list[Any]:
        """The parameters of the SQL for these values."""
        filled = list(self.parameters)
        parts = {name: _parts(value, self.connection) for name, value in values.items()}
        for index, (name, offset) in self.places.items():
            filled[index] = parts[name][offset]
        for index, one in self.reckoned.items():
            filled[index] = one.of(values, self.connection)
        return filled

    def cursor(self) -> Any:
        """A cursor for this statement: on PostgreSQL one whose statements are planned once."""
        ask = getattr(self.connection, "prepared_cursor", self.connection.cursor)
        return ask()

    def write_constants(self) -> None:
        """Write what is the same at each run into the statement, such as a state; of numbers only on PostgreSQL.

        There a statement with nothing but changing values beside it is planned once. SQLite looks at a value beside the
        condition of a partial index, and then reads the whole statement anew whenever that value is given again: a
        coordinator's numbers took twice as long for it (decision 50).
        """
        text, *rest = _GIVEN.split(self.sql)
        given: list[int] = []
        for index, (parameter, following) in enumerate(zip(self.parameters, rest, strict=True)):
            constant = index not in self.places and index not in self.reckoned and self._may_stand(parameter)
            if not constant:
                given.append(index)
            text += (_literal(parameter, self.connection) if constant else "%s") + following
        self.sql, self.parameters = text, [self.parameters[index] for index in given]
        self.places = {at: self.places[index] for at, index in enumerate(given) if index in self.places}
        self.reckoned = {at: self.reckoned[index] for at, index in enumerate(given) if index in self.reckoned}

    def _may_stand(self, parameter: object) -> bool:
        # A whole number in GROUP BY would be the place of a column to SQLite. Django gives PostgreSQL all of them so.
        return self.connection.vendor != "sqlite" or isinstance(parameter, str)

    def shape(self, fetched: Sequence[Any]) -> list[Any]:
        """Of rows as the database has them, what the queryset would give."""
        found = list(map(self._shaped, converted(fetched, self._converters, self.connection)))
        lookups = self.rows._prefetch_related_lookups  # type: ignore[attr-defined]  # noqa: SLF001
        if lookups:
            prefetch_related_objects(found, *lookups)
        return found


def _composed(compose: Callable[..., QuerySet[Any, Any]], values: Mapping[str, Value]) -> Composed:
    """Compose with two sets of made-up values: what differs must be a named value, and nothing else may."""
    numbers = iter(_RANDOM.sample(_NUMBERS, 2 * len(values)))
    first, second = ({name: _made_up(value, numbers) for name, value in values.items()} for _turn in range(2))
    rows = compose(**first)
    sql, parameters = rows.query.get_compiler(using=rows.db).as_sql()
    other_sql, others = compose(**second).query.get_compiler(using=rows.db).as_sql()
    ready = Composed(rows, sql, parameters)
    connection = connections[rows.db or router.db_for_read(rows.model)]
    known, known_others = _places(first, connection), _places(second, connection)
    ways: dict[int, set[Reckoned]] = {}
    for index, (one, other) in enumerate(zip(parameters, others, strict=True)):
        place = known.get((_kind(one), one))
        if place is not None and known_others.get((_kind(other), other)) == place:
            ready.places[index] = place
        elif one != other:
            ways[index] = reckoned_from(((one, first), (other, second)), connection)
    ready.reckoned = _reckoned(compose, ways, first, connection)
    used = {*ready.places.values(), *((one.name, 0) for one in ready.reckoned.values())}
    missing = set(known.values()) - used
    if sql != other_sql or missing:
        message = f"{compose.__qualname__}: the SQL depends on its values ({sorted(missing)})"
        raise ValueError(message)
    ready.write_constants()
    return ready


def _literal(constant: Any, connection: BaseDatabaseWrapper) -> str:
    """A constant as the database reads it in a statement, which the cursor then reads for values."""
    if connection.vendor == "sqlite":
        written = "'" + str(constant).replace("'", "''") + "'"
    else:
        with connection.cursor() as cursor:
            written = cursor.mogrify("%s", [constant])
    return written.replace("%", "%%")


def _reckoned(
    compose: Callable[..., QuerySet[Any, Any]],
    ways: dict[int, set[Reckoned]],
    values: Mapping[str, Value],
    connection: BaseDatabaseWrapper,
) -> dict[int, Reckoned]:
    """How each of some parameters is reckoned at every hour, wherever somebody is."""
    for elsewhere in at_other_hours(values) if ways else ():
        _sql, parameters = compose(**elsewhere).query.get_compiler(using=connection.alias).as_sql()
        ways = {
            index: {way for way in some if way.of(elsewhere, connection) == parameters[index]}
            for index, some in ways.items()
        }
    for index, some in ways.items():
        if not some:
            message = f"{compose.__qualname__}: parameter {index} changes by itself; give it as a named value"
            raise ValueError(message)
    return {index: min(some, key=lambda way: way.name) for index, some in ways.items()}


def _places(values: Mapping[str, Value], connection: BaseDatabaseWrapper) -> dict[tuple[type, object], _Place]:
    return {
        (_kind(part), part): (name, offset)
        for name, value in values.items()
        for offset, part in enumerate(_parts(value, connection))
    }


def _kind(part: object) -> type:
    # On PostgreSQL numbers come as Int4, Int8 and the like, by the column that they are compared with.
    return int if isinstance(part, int) and not isinstance(part, bool) else type(part)


def _parts(value: Value, connection: BaseDatabaseWrapper) -> list[object]:
    """A value as the parameters that the database takes."""
    if isinstance(value, tuple):
        return [part for one in value for part in _parts(one, connection)]
    if isinstance(value, uuid.UUID):
        return [value if connection.features.has_native_uuid_field else value.hex]
    if isinstance(value, datetime):
        return [connection.ops.adapt_datetimefield_value(value)]
    if isinstance(value, date):
        return [connection.ops.adapt_datefield_value(value)]
    return [value]


def _filled(value: Value) -> Value:
    """Tuples grow to the next power of two by repeating their last member, so that few shapes have to be composed."""
    if not isinstance(value, tuple) or not value:
        return value
    wanted = 1 << (len(value) - 1).bit_length()
    return value + value[-1:] * (wanted - len(value))


def _length(value: Value) -> int:
    return len(value) if isinstance(value, tuple) else 1


def _made_up(value: Value, numbers: Iterator[int]) -> Value:
    """Another value of the same kind that stands nowhere else; of `numbers`, each is taken once."""
    if isinstance(value, tuple):
        return tuple(uuid.uuid4() for _one in value)
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    if isinstance(value, datetime):
        return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=secrets.randbelow(10**15))
    if isinstance(value, date):
        return date.fromordinal(400_000 + secrets.randbelow(2_000_000))  # days before it are days, too
    return secrets.token_hex(16) if isinstance(value, str) else next(numbers)

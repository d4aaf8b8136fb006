"""Parameters of a prepared query that are reckoned from a moment or a day: so much before it, or the day it lies in.

Days are those of UTC, as `now.date()` gives them. What depends on the hour in another way is no such parameter.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

# A day reckoned in a zone differs from that of UTC at one of these.
HOURS = (time(0, 5), time(23, 55))


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The value of this name, moved by `by`; as a day or as a moment."""

    name: str
    by: timedelta
    as_day: bool

    def of(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> object:
        """The parameter that the database takes."""
        value = values[self.name]
        if self.as_day:
            return connection.ops.adapt_datefield_value(_day(value) + self.by)
        return connection.ops.adapt_datetimefield_value(value + self.by)


def reckoned_from(seen: Iterable[tuple[object, Mapping[str, Any]]], connection: BaseDatabaseWrapper) -> Reckoned | None:
    """From which value a parameter is reckoned, and how; `seen`: parameters, each with the values it came of."""
    found: set[Reckoned] | None = None
    for parameter, values in seen:
        here = {one for name, value in values.items() if (one := _reckoned(parameter, name, value, connection))}
        found = here if found is None else found & here
    return min(found, key=lambda one: one.name) if found else None


def at_hour(moment: datetime, hour: time) -> datetime:
    """The moment on its day of UTC at this hour."""
    return datetime.combine(moment.astimezone(UTC).date(), hour, UTC)


def _reckoned(parameter: object, name: str, value: object, connection: BaseDatabaseWrapper) -> Reckoned | None:
    known = _read(parameter, connection)
    if isinstance(known, datetime):
        return Reckoned(name, known - value, as_day=False) if isinstance(value, datetime) else None
    if known is None or not isinstance(value, date):
        return None
    return Reckoned(name, known - _day(value), as_day=True)


def _day(value: date) -> date:
    return value.astimezone(UTC).date() if isinstance(value, datetime) else value


def _read(parameter: object, connection: BaseDatabaseWrapper) -> date | None:
    """A moment or a day as the database takes it: SQLite takes text."""
    if isinstance(parameter, str):
        with suppress(ValueError):
            return date.fromisoformat(parameter)
        with suppress(ValueError):
            return datetime.fromisoformat(parameter).replace(tzinfo=connection.timezone)
    return parameter if isinstance(parameter, date) else None

"""Parameters of a prepared query that are reckoned from a moment or a day: so much before it, or the day it lies in.

What depends on the hour in another way, such as a day in the zone of somebody else, is no such parameter.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

# Where a day begins before it does anywhere else; just after midnight, when it has begun there alone, and just before
# midnight: at one of these hours the day of any other zone is neither that of UTC nor that of there.
_FAR_AWAY = ZoneInfo("Pacific/Kiritimati")
_HOURS = (time(0, 5), time(10, 30), time(23, 55))
Values = Mapping[str, Any]


class Kind(Enum):
    """What is reckoned with: the moment itself, its day in UTC, as `now.date()`, or here, as `localdate(now)`."""

    MOMENT = auto()
    DAY_OF_UTC = auto()
    DAY_HERE = auto()


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The value of this name, moved by `by`."""

    name: str
    by: timedelta
    kind: Kind

    def of(self, values: Values, connection: BaseDatabaseWrapper) -> object:
        """The parameter that the database takes."""
        value = values[self.name]
        if self.kind is Kind.MOMENT:
            return connection.ops.adapt_datetimefield_value(value + self.by)
        return connection.ops.adapt_datefield_value(_day(value, self.kind) + self.by)


def reckoned_from(seen: Iterable[tuple[object, Values]], connection: BaseDatabaseWrapper) -> set[Reckoned]:
    """How a parameter may be reckoned; `seen`: the parameter, each with the values it came of."""
    return set.intersection(*(set(_ways(parameter, values, connection)) for parameter, values in seen))


def at_other_hours(values: Values) -> Iterator[Values]:
    """The same values with their moments at the ends of a day, in a zone far from UTC."""
    for hour in _HOURS:
        with timezone.override(_FAR_AWAY):
            yield {name: _at(value, hour) if isinstance(value, datetime) else value for name, value in values.items()}


def _at(moment: datetime, hour: time) -> datetime:
    return datetime.combine(moment.astimezone(UTC).date(), hour, UTC)


def _ways(parameter: object, values: Values, connection: BaseDatabaseWrapper) -> Iterator[Reckoned]:
    known = _read(parameter, connection)
    for name, value in values.items():
        if isinstance(known, datetime) and isinstance(value, datetime):
            yield Reckoned(name, known - value, Kind.MOMENT)
        elif known is not None and not isinstance(known, datetime) and isinstance(value, date):
            yield from (Reckoned(name, known - _day(value, kind), kind) for kind in (Kind.DAY_OF_UTC, Kind.DAY_HERE))


def _day(value: date, kind: Kind) -> date:
    if not isinstance(value, datetime):
        return value
    return timezone.localdate(value) if kind is Kind.DAY_HERE else value.astimezone(UTC).date()


def _read(parameter: object, connection: BaseDatabaseWrapper) -> date | None:
    """A moment or a day as the database takes it: SQLite takes text."""
    if isinstance(parameter, str):
        with suppress(ValueError):
            return date.fromisoformat(parameter)
        with suppress(ValueError):
            return datetime.fromisoformat(parameter).replace(tzinfo=connection.timezone)
    return parameter if isinstance(parameter, date) else None

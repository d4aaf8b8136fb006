"""What the clocks of a programme say: how many records of each kind go, now, in a week, in a month. No names."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from wayhouse.core.prepared import prepared
from wayhouse.leaving.clocks import CLOCKS, Clock
from wayhouse.people.holds import held_ids
from wayhouse.people.models import Programme

_AHEAD = (timedelta(days=7), timedelta(days=30))


@dataclass(frozen=True, slots=True)
class Due:
    """One clock, and how many records it ends: now, within seven days, within thirty; each counts those before."""

    clock: Clock
    now: int
    week: int
    month: int

    @property
    def days(self) -> int:
        """The period in whole days; 0 where it is shorter."""
        return self.clock.period.days

    @property
    def hours(self) -> int:
        """The period in whole hours."""
        return int(self.clock.period.total_seconds() // 3600)


def due_in(programme: Programme) -> list[Due]:
    """Every clock of this programme, in two queries. What belongs to none, such as the log, counts as nothing."""
    now, held = timezone.now(), tuple(held_ids())
    here = programme.pk
    week, month = (now + ahead for ahead in _AHEAD)
    if held:
        (row,) = _counted_beside(programme=here, now=now, week=week, month=month, held=held)
    else:
        (row,) = _counted(programme=here, now=now, week=week, month=month)
    return [Due(clock, *row[3 * place : 3 * place + 3]) for place, clock in enumerate(CLOCKS)]


# Each moment by a name of its own: the day of a moment in a month is not always a month after the day of this one.
@prepared
def _counted(programme: UUID, now: datetime, week: datetime, month: datetime) -> "QuerySet[Programme, tuple[int, ...]]":
    return _counts(programme, (now, week, month), ())


@prepared
def _counted_beside(
    programme: UUID, now: datetime, week: datetime, month: datetime, held: tuple[UUID, ...]
) -> "QuerySet[Programme, tuple[int, ...]]":
    """Without what is held for a law."""
    return _counts(programme, (now, week, month), held)


def _counts(
    programme: UUID, moments: Iterable[datetime], held: Collection[UUID]
) -> "QuerySet[Programme, tuple[int, ...]]":
    counts = [_count(clock, programme, moment, held) for clock, moment in product(CLOCKS, moments)]
    return Programme.objects.filter(pk=programme).values_list(*counts)


def _count(clock: Clock, programme: UUID, moment: datetime, held: Collection[UUID]) -> Coalesce | Value:
    if not clock.programme:
        return Value(0)
    rows: QuerySet[Any] = clock.due(moment, held).filter(**{clock.programme: programme})
    number = rows.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number), 0)

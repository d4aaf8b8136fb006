"""Where a programme's clocks stand, which days count, and the limits as the organisation has them."""

from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings

from wayhouse.people.models import Programme
from wayhouse.safeguarding.day_tables import ClosedDay
from wayhouse.safeguarding.law import closed_by_sheet
from wayhouse.safeguarding.models import Limit
from wayhouse.safeguarding.protocol import Duty, Kind, Level, Span, ladder, limits
from wayhouse.safeguarding.protocol.closed import Closed


def zone_of(programme: Programme) -> ZoneInfo:
    """The time zone of the programme's own town."""
    return ZoneInfo(programme.time_zone)


def closed_days(programme: Programme) -> Closed:
    """The days that do not count as working days: of the country's sheet, and by hand; one query."""
    entered = dict(ClosedDay.objects.of(programme).values_list("day", "works"))
    opened = frozenset(day for day, works in entered.items() if works)
    return Closed(closed_by_sheet(settings.WAYHOUSE_COUNTRY).rules, frozenset(entered) - opened, opened)


class Calendar:
    """When something is due in a programme; a query as soon as working days are counted."""

    def __init__(self, programme: Programme) -> None:
        """`programme`: whose zone and days count."""
        self._programme, self.zone = programme, zone_of(programme)

    @cached_property
    def closed(self) -> Closed:
        """Its closed days."""
        return closed_days(self._programme)

    def due(self, span: Span, start: datetime) -> datetime:
        """When a time is over that began at `start` (aware)."""
        return span.due(start, self.zone, self.closed if span.working_days else ())


class Limits(Calendar):
    """All limits of a programme, and when they are over; one query besides."""

    def __init__(self, programme: Programme) -> None:
        """`programme`: whose changes count."""
        super().__init__(programme)
        found = Limit.objects.filter(programme=programme)
        self._changed = {(one.level, one.duty, one.rung): one.span for one in found}

    def ladder(self, level: Level) -> list[Span]:
        """How long each of the three has to acknowledge."""
        return [self._of(level, Duty.ACKNOWLEDGE, rung, span) for rung, span in enumerate(ladder(level))]

    def duties(self, level: Level, kind: Kind) -> dict[Duty, Span]:
        """What has to be done by when."""
        return {duty: self._of(level, duty, 0, span) for duty, span in limits(level, kind).items()}

    def _of(self, level: Level, duty: Duty, rung: int, default: Span) -> Span:
        return self._changed.get((level, duty, rung), default)

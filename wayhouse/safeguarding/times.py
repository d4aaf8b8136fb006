"""Where a programme's clocks stand, and the limits as the organisation has them."""

from zoneinfo import ZoneInfo

from wayhouse.people.models import Programme
from wayhouse.safeguarding.models import Limit
from wayhouse.safeguarding.protocol import Duty, Kind, Level, Span, ladder, limits


def zone_of(programme: Programme) -> ZoneInfo:
    """The time zone of the programme's own town."""
    return ZoneInfo(programme.time_zone)


class Limits:
    """All limits of a programme; one query."""

    def __init__(self, programme: Programme) -> None:
        """`programme`: whose changes count."""
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

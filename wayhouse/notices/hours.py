"""The hours in which somebody may be reached. Arithmetic without a database."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = tuple(range(7))
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """From `start` until `end` on some weekdays (Monday is 0), where the person lives.

    An end that is not after the start is on the day after; the same time twice means the whole day.
    """

    start: time = time(9)
    end: time = time(20)
    days: tuple[int, ...] = EVERY_DAY
    zone: str = "UTC"

    def next_moment(self, at: datetime) -> datetime | None:
        """The first moment from `at` on that lies in these hours; None where there are no days."""
        here = at.astimezone(ZoneInfo(self.zone))
        for ahead in range(-1, 8):
            day = here.date() + ahead * _DAY
            if day.weekday() not in self.days:
                continue
            last = day if self.end > self.start else day + _DAY
            begins, ends = (
                self._moment(datetime.combine(day, self.start)),
                self._moment(datetime.combine(last, self.end)),
            )
            if at < ends:
                return max(at, begins)
        return None

    def _moment(self, local: datetime) -> datetime:
        """In UTC, where moments of a day on which the clock is put on or back compare and subtract rightly."""
        return local.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

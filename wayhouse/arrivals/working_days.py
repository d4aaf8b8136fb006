"""The clock of answers. Working days are Monday to Friday, nine to five, where the programme is; no holidays.

Pure: no Django, no database.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEGINS, ENDS = time(9), time(17)
_SATURDAY = 5


def due_after(written_at: datetime, zone: str) -> datetime:
    """When an answer is due: the end of the first working day that begins after the writing (aware, in `zone`).

    Only a day follows from it, and nobody can tell from the row at which hour somebody wrote.
    """
    there = written_at.astimezone(ZoneInfo(zone))
    day = there.date() if there.time() < BEGINS else there.date() + timedelta(days=1)
    return datetime.combine(_working(day), ENDS, ZoneInfo(zone))


def _working(day: date) -> date:
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day

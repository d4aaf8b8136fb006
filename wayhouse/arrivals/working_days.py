"""The clock of answers. Working days are nine to five, where the programme is, without weekends and closed days.

Pure: no Django, no database.
"""

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wayhouse.safeguarding.protocol.closed import works_on

BEGINS, ENDS = time(9), time(17)


def due_after(written_at: datetime, zone: str, closed: Container[date] = ()) -> datetime:
    """When an answer is due: the end of the first working day that begins after the writing (aware, in `zone`).

    Only a day follows from it, and nobody can tell from the row at which hour somebody wrote.
    """
    there = written_at.astimezone(ZoneInfo(zone))
    day = there.date() if there.time() < BEGINS else there.date() + timedelta(days=1)
    while not works_on(day, closed):
        day += timedelta(days=1)
    return datetime.combine(day, ENDS, ZoneInfo(zone))

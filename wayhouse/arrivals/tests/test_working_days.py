from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from wayhouse.arrivals.working_days import due_after

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("2026-11-24T22:30", "2026-11-25T17:00"),  # Tuesday night
        ("2026-11-25T02:00", "2026-11-25T17:00"),  # before the day begins it counts with the night before
        ("2026-11-25T09:00", "2026-11-26T17:00"),
        ("2026-11-27T10:00", "2026-11-30T17:00"),  # Friday
        ("2026-11-28T03:00", "2026-11-30T17:00"),  # the night to Saturday
        ("2026-11-29T23:59", "2026-11-30T17:00"),
    ],
)
def test_an_answer_is_due_at_the_end_of_the_next_working_day(written: str, due: str) -> None:
    at = datetime.fromisoformat(written).replace(tzinfo=BERLIN)
    assert due_after(at, "Europe/Berlin") == datetime.fromisoformat(due).replace(tzinfo=BERLIN)


def test_the_clock_is_that_of_the_programme() -> None:
    """Early on Wednesday in Berlin is Tuesday evening in New York, and still Tuesday's note."""
    at = datetime(2026, 11, 25, 3, 0, tzinfo=BERLIN)
    assert due_after(at, "America/New_York").isoformat() == "2026-11-25T17:00:00-05:00"


def test_five_o_clock_stays_five_o_clock_when_clocks_change() -> None:
    at = datetime(2026, 10, 23, 12, 0, tzinfo=BERLIN)
    assert due_after(at, "Europe/Berlin").isoformat() == "2026-10-26T17:00:00+01:00"


def test_the_row_does_not_tell_the_hour() -> None:
    days = [datetime(2026, 11, 24, hour, minute, tzinfo=BERLIN) for hour, minute in ((9, 0), (13, 7), (23, 59))]
    assert len({due_after(at, "Europe/Berlin") for at in days}) == 1


def test_nobody_has_to_answer_on_a_closed_day() -> None:
    at = datetime(2026, 12, 24, 12, 0, tzinfo=BERLIN)
    closed = {date(2026, 12, 25), date(2026, 12, 28)}
    assert due_after(at, "Europe/Berlin", closed).isoformat() == "2026-12-29T17:00:00+01:00"

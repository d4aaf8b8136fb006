"""Closed days: those of the shipped sheets, worked out by hand, and what they do to working days."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from wayhouse.safeguarding.protocol.closed import Closed, Rule, days_of, easter
from wayhouse.safeguarding.protocol.levels import Span

BERLIN = ZoneInfo("Europe/Berlin")
SHEETS = Path(__file__).parents[2] / "sheets"
# By country and year, as the governments name them.
KEPT = {
    ("de", 2026): "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26",
    ("se", 2027): "01-01 01-06 03-26 03-29 05-01 05-06 06-06 12-25 12-26",
    # Christmas on a Sunday, and on a Saturday: the days in place of it do not fall on each other.
    ("gb", 2022): "01-03 04-15 04-18 05-02 05-30 08-29 12-26 12-27",
    ("gb", 2027): "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    ("us", 2022): "2021-12-31 01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26",
}


def rules(country: str) -> tuple[Rule, ...]:
    said = yaml.safe_load((SHEETS / f"{country}.yaml").read_text(encoding="utf-8"))["closed_days"]["days"]
    return tuple(Rule(row["name"], row["when"], row.get("moved", "")) for row in said)


@pytest.mark.parametrize(("country", "year"), list(KEPT))
def test_the_sheets_close_the_days_that_their_countries_close(country: str, year: int) -> None:
    by_hand = {
        date.fromisoformat(day if len(day) > len("01-01") else f"{year}-{day}") for day in KEPT[country, year].split()
    }
    assert set(days_of(rules(country), year)) == by_hand


def test_easter_falls_where_it_fell() -> None:
    known = ["2000-04-23", "2008-03-23", "2011-04-24", "2026-04-05", "2038-04-25", "2049-04-18", "2076-04-19"]
    assert [easter(int(day[:4])).isoformat() for day in known] == known


@pytest.mark.parametrize(
    ("days", "start", "due"),
    [
        # From the Wednesday before Easter: Thursday, and Tuesday after it.
        (2, "2026-04-01T10:00", "2026-04-07T10:00"),
        # What begins on a closed day begins at midnight after the last of them.
        (1, "2026-04-03T10:00", "2026-04-08T00:00"),
        # Entered by hand, and a holiday on which they work.
        (2, "2026-05-11T10:00", "2026-05-14T10:00"),
    ],
)
def test_a_closed_day_is_no_working_day(days: int, start: str, due: str) -> None:
    closed = Closed(rules("de"), frozenset({date(2026, 5, 12)}), frozenset({date(2026, 5, 14)}))
    begun = datetime.fromisoformat(start).replace(tzinfo=BERLIN)
    assert Span(working_days=days).due(begun, BERLIN, closed) == datetime.fromisoformat(due).replace(tzinfo=BERLIN)
    # Hours run on, day and night.
    assert Span(minutes=90).due(begun, BERLIN, closed) == Span(minutes=90).due(begun, BERLIN)

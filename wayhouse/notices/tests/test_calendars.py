from datetime import timedelta
from typing import Any
from uuid import uuid4

import icalendar
import pytest
import recurring_ical_events
import time_machine
from django.test import Client

from wayhouse.crypto.shred import shred
from wayhouse.notices.actions import forget
from wayhouse.notices.calendar_file import Entry, calendar_file
from wayhouse.notices.calendars import (
    Span,
    calendar_of,
    drop_old_entries,
    share_calendar,
    stop_calendar,
    with_calendar,
    write_calendars,
)
from wayhouse.notices.models import CalendarEntry, CalendarFeed
from wayhouse.notices.tests.conftest import NOON, Someone
from wayhouse.notices.tests.strict_calendar import wrong_with

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
FIRST: Span = (NOON + WEEK, NOON + WEEK + HOUR)
SECOND: Span = (NOON + 2 * WEEK, NOON + 2 * WEEK + HOUR)
TITLE = "Chor; Tee, Kuchen \\ und ein sehr langer Titel über مساء الثلاثاء 🍵🍵🍵🍵🍵🍵🍵🍵"


def written(someone: Someone, **times: Span) -> int:
    return write_calendars({someone.pk: times}, source="evenings")


def read(token: str) -> dict[str, tuple[str, int, str]]:
    """What two programs that are not ours make of it: by UID, when, the number of the change, and the state."""
    file = calendar_of(token)
    assert file is not None
    assert wrong_with(file) == []
    calendar: Any = icalendar.Calendar.from_ical(file)
    events = calendar.walk("VEVENT")
    shown = recurring_ical_events.of(calendar).between(NOON, NOON + 10 * WEEK)
    assert {str(event["UID"]) for event in shown} == {str(event["UID"]) for event in events}
    return {
        str(event["UID"]): (event["DTSTART"].dt.isoformat()[:10], int(event["SEQUENCE"]), str(event["STATUS"]))
        for event in events
    }


@pytest.fixture
def token(someone: Someone, clock: time_machine.Traveller) -> str:
    return share_calendar("Chor", actor=someone)


def test_a_time_that_moves_comes_back_or_is_called_off_arrives_as_such(
    someone: Someone, token: str, clock: time_machine.Traveller
) -> None:
    written(someone, one=FIRST)
    (uid,) = read(token)
    assert read(token)[uid] == ("2026-12-08", 0, "CONFIRMED")
    assert written(someone, one=FIRST) == 0
    clock.shift(60)
    written(someone, one=SECOND)
    assert read(token) == {uid: ("2026-12-15", 1, "CONFIRMED")}
    assert written(someone) == 1
    assert read(token) == {uid: ("2026-12-15", 2, "CANCELLED")}
    assert written(someone) == 0
    written(someone, one=SECOND)
    assert read(token) == {uid: ("2026-12-15", 3, "CONFIRMED")}


def test_a_shift_that_somebody_takes_over_is_called_off_for_one_and_new_for_the_other(
    someone: Someone, token: str
) -> None:
    other = Someone()
    others = share_calendar("Tee", actor=other)
    write_calendars({someone.pk: {"one": FIRST}, other.pk: {}}, source="evenings")
    write_calendars({someone.pk: {}, other.pk: {"one": FIRST}}, source="evenings")
    assert list(read(token).values()) == [("2026-12-08", 1, "CANCELLED")]
    assert list(read(others).values()) == [("2026-12-08", 0, "CONFIRMED")]
    assert read(token).keys() != read(others).keys()


def test_what_is_over_stays_as_it_was_and_goes_after_thirty_days(
    someone: Someone, token: str, clock: time_machine.Traveller
) -> None:
    written(someone, one=FIRST)
    clock.shift(WEEK + HOUR)
    assert written(someone) == 0
    clock.shift(timedelta(days=30))
    assert drop_old_entries() == 0
    clock.shift(1)
    assert drop_old_entries() == 1
    assert read(token) == {}


@pytest.mark.abuse(15)
def test_it_says_when_and_a_cover_title_and_nothing_else(someone: Someone, token: str) -> None:
    written(someone, one=FIRST)
    file = calendar_of(token) or b""
    assert wrong_with(file) == []
    (event,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert (str(event["SUMMARY"]), "evenings" in file.decode(), "Wayhouse" in file.decode()) == ("Chor", False, False)


def test_any_title_arrives_as_it_was_written() -> None:
    file = calendar_file(TITLE, [Entry(uuid4(), *FIRST, sequence=0, cancelled=False, changed_at=NOON)])
    assert wrong_with(file) == []
    (event,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert str(event["SUMMARY"]) == TITLE


def test_the_strict_reader_finds_what_is_wrong() -> None:
    good = calendar_file("Chor", [])
    assert wrong_with(good) == []
    for bad in (
        good.replace(b"\r\n", b"\n"),
        good[:-2],
        good.replace(b"NAME:Chor", b"NAME:" + b"x" * 71),
        good.replace(b"VERSION:2.0\r\n", b""),
        good.replace(b"NAME:Chor", b"NAME:Chor, Tee", 1),
        good.replace(b"METHOD:PUBLISH", b"METHOD:PUBLISH\r\nLOCATION:Library"),
        good.replace(b"END:STANDARD\r\n", b""),
    ):
        assert wrong_with(bad) != []


@pytest.mark.abuse(15)
def test_a_link_that_was_taken_back_is_like_one_that_never_was(someone: Someone, token: str, client: Client) -> None:
    address = "/messages/calendar/{}.ics".format
    answer = client.get(address(token))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert not answer.cookies
    new = share_calendar("Tee", actor=someone)
    never = client.get(address("x" * len(token)))
    dead = client.get(address(token))
    assert (dead.status_code, len(dead.content)) == (never.status_code, len(never.content)) == (404, len(dead.content))
    assert client.get(address(new)).status_code == 200
    stop_calendar(actor=someone)
    assert (client.get(address(new)).status_code, CalendarEntry.objects.count()) == (404, 0)


@pytest.mark.abuse(15)
def test_the_table_holds_neither_link_nor_title(someone: Someone, token: str) -> None:
    feed = CalendarFeed.objects.get()
    assert token not in feed.token_hash
    assert b"Chor" not in bytes(feed.box)


def test_who_has_no_calendar_has_no_rows(someone: Someone, db: None) -> None:
    assert (written(someone, one=FIRST), with_calendar(), CalendarEntry.objects.count()) == (0, [], 0)


def test_who_is_erased_has_no_calendar(someone: Someone, token: str) -> None:
    written(someone, one=FIRST)
    shred(someone.pk)
    assert calendar_of(token) is None
    forget(someone.pk)
    assert (CalendarFeed.objects.count(), CalendarEntry.objects.count()) == (0, 0)


def test_times_of_another_room_are_left_alone(someone: Someone, token: str) -> None:
    written(someone, one=FIRST)
    assert write_calendars({someone.pk: {}}, source="workshops") == 0
    assert [state for _day, _number, state in read(token).values()] == ["CONFIRMED"]

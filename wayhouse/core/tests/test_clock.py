from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from wayhouse.core import clock


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "Good evening"),
        (4, "Good evening"),
        (5, "Good morning"),
        (11, "Good morning"),
        (12, "Good afternoon"),
        (16, "Good afternoon"),
        (17, "Good evening"),
    ],
)
def test_the_greeting_is_that_of_the_hour_in_the_house(hour: int, words: str, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    here = timezone.get_current_timezone()
    with translation.override("en"), time_machine.travel(datetime(2026, 11, 26, hour, 30, tzinfo=here), tick=False):
        assert clock.greeting() == words


def test_today_is_the_day_in_the_house_and_not_in_greenwich(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    with time_machine.travel("2026-11-26T23:30:00+00:00", tick=False):
        assert clock.today() == date(2026, 11, 27)


def test_now_is_aware() -> None:
    assert clock.now().utcoffset() == timedelta(0)

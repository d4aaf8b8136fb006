"""What is kept of templates is what Django would write, in each language, for each moment and each id."""

import uuid
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.template.defaultfilters import date as django_date
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from wayhouse.core.days import moment_written, pattern_in
from wayhouse.core.recurring import address, date_written

pytestmark = pytest.mark.pure


def test_words_follow_the_language_and_may_be_put_into_a_variable() -> None:
    template = engines["django"].from_string('{% translate "Leave" %} {% translate "Leave" as it %}{{ it }}')
    written = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            written.append((template.render({}), translation.gettext("Leave")))
    assert [page for page, _words in written] == [f"{words} {words}" for _page, words in written]
    assert written[0] != written[1]


@pytest.mark.parametrize("pattern", ["DATE_FORMAT", "D j M, H:i", "l", "c", "e O", "j F Y"])
def test_days_and_moments_are_written_as_django_does(pattern: str) -> None:
    moment = datetime(2030, 5, 3, 22, 30, tzinfo=UTC)
    # The same instant, on another day elsewhere.
    moments = [moment, timezone.localtime(moment, ZoneInfo("Europe/Berlin"))]
    for language in ("en", "de", "ar"):
        with translation.override(language):
            expected = [django_date(one, pattern_in(language, pattern)) for one in moments]
            assert [date_written(one, pattern) for one in moments] == expected


def test_what_is_no_day_is_left_to_django() -> None:
    assert [date_written(value, "j F") for value in (None, "", "words")] == ["", "", ""]
    with translation.override("en"):
        assert date_written(date(2030, 5, 3)) == django_date(date(2030, 5, 3))


def test_addresses_take_their_own_ids() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    assert [address("meetings:needs", one), address("meetings:needs", other)] == [
        reverse("meetings:needs", args=[one]), reverse("meetings:needs", args=[other]),
    ]  # fmt: skip
    assert address("safeguarding:ask_swap", 17) == reverse("safeguarding:ask_swap", args=[17])
    template = engines["django"].from_string(
        '{% url "meetings:needs" one %} {% url "meetings:nothing" one as no %}{{ no }}'
    )
    assert template.render({"one": one}) == f"{reverse('meetings:needs', args=[one])} "
    with pytest.raises(NoReverseMatch):
        address("meetings:needs")


@pytest.mark.parametrize(
    ("language", "day", "moment", "written"),
    [
        ("en", "5 October 2026", "Monday, 5 October, 19:00", "5 October 2026, 19:00"),
        ("de", "5. Oktober 2026", "Montag, 5. Oktober, 19:00", "5. Oktober 2026, 19:00"),
        ("ar", "5 أكتوبر 2026", "الاثنين، 5 أكتوبر، 19:00", "5 أكتوبر 2026، 19:00"),
    ],
)
def test_days_come_first_and_hours_go_to_24_in_every_language(
    language: str, day: str, moment: str, written: str
) -> None:
    at = datetime(2026, 10, 5, 17, tzinfo=UTC)
    with translation.override(language):
        assert date_written(at.date(), "DATE_FORMAT") == day
        assert date_written(timezone.localtime(at), "DATETIME_FORMAT") == written
        assert date_written(timezone.localtime(at), "l, j F, H:i") == moment_written(at, "l, j F") == moment

"""Law sheets: one of the organisation's own that is wrong stops nobody, and says where it is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation
from pytest_django.fixtures import Settings

from conftest import Cast
from wayhouse.people.models import Person
from wayhouse.safeguarding import law
from wayhouse.safeguarding.law_reading import Topic
from wayhouse.safeguarding.models import Concern

GOOD = """\
title: "Ours"
version: 2026-11-01
reviewed_on: 2026-11-01
reviewed_by: "Ada"
duties:
  - {duty: "One", text: "Two", law: "§ 3"}
closed_days:
  days:
    - {when: "07-01", name: "Our day"}
"""
RULE = "closed_days.days[1].when"


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Path:
    """The folder of the organisation's own sheets."""
    settings.WAYHOUSE_DATA = tmp_path
    (tmp_path / "law").mkdir()
    return tmp_path / "law"


# What somebody writes, and the field that the house names.
WRONG = [
    (GOOD.replace("07-01", "02-29"), RULE),
    (GOOD.replace("07-01", "fifth monday 05"), RULE),
    (GOOD.replace("07-01", "monday"), RULE),
    (GOOD.replace("07-01", "easter+9999999999"), RULE),
    (GOOD.replace('"07-01"', "2026-07-01"), RULE),
    (GOOD.replace('name: "Our day"', 'name: "Our day", moved: sooner'), "closed_days.days[1].moved"),
    (GOOD + '    - {when: "07-02", name: "Our day"}\n' * 60, "closed_days.days"),
    (GOOD.replace("closed_days:", "closed_days: 5\nother:"), "closed_days"),
    (GOOD.replace("version: 2026-11-01", "version: soon"), "version"),
    (GOOD.replace('text: "Two", ', ""), "duties[1].text"),
    (GOOD.replace("duties:\n", "other:\n"), "duties"),
    (GOOD.replace('title: "Ours"', 'title: "Ours'), ""),
    ("- a list", ""),
    ("", ""),
]


@pytest.mark.parametrize(("words", "field"), WRONG)
def test_a_wrong_sheet_says_where_and_the_shipped_one_counts(own: Path, words: str, field: str) -> None:
    # In a leap year, in which 29 February is a day.
    with time_machine.travel("2028-02-01T12:00:00+01:00"):
        (own / "de.yaml").write_text(words, encoding="utf-8")
        assert [(one.file, one.field) for one in law.broken()] == [("de.yaml", field)]
        assert len(law.closed_by_sheet("DE").rules) == 9
        assert [sheet.version.year for sheet in law.sheets() if sheet.code == "de"] == [2026]


def test_a_file_that_is_no_text_or_is_not_there_is_wrong_as_a_whole(own: Path) -> None:
    (own / "de.yaml").write_bytes(b"\xff\xfe\x00")
    (own / "se.yaml").symlink_to(own / "nowhere")
    assert [(one.file, one.field) for one in law.broken()] == [("de.yaml", ""), ("se.yaml", "")]


def test_a_good_sheet_of_ours_counts_until_nobody_reviewed_it_for_a_year(own: Path) -> None:
    (own / "de.yaml").write_text(GOOD, encoding="utf-8")
    assert (law.broken(), [rule.name for rule in law.closed_by_sheet("DE").rules]) == ((), ["Our day"])
    (sheet,) = (sheet for sheet in law.sheets() if sheet.code == "de")
    for now, old in (("2027-11-01", False), ("2027-11-02", True)):
        with time_machine.travel(f"{now}T12:00:00+01:00"):
            assert law.is_old(sheet) == old


def test_a_wrong_rule_stops_no_concern_and_no_page(
    own: Path, cast: Cast, ana: Person, raised: Callable[..., Concern]
) -> None:
    (own / "de.yaml").write_text(WRONG[1][0], encoding="utf-8")
    assert raised().timers.exists()
    browser = cast.sign_in(ana)
    assert "Christmas Day" in browser.get(reverse("safeguarding:closed_days")).content.decode()
    page = browser.get(reverse("safeguarding:law_sheets")).content.decode()
    assert all(words in page for words in ("de.yaml", RULE, "no day of every year: fifth monday 05"))


def test_each_shipped_sheet_answers_each_topic_in_each_language_and_says_where_it_was_read() -> None:
    assert law.broken() == ()
    for sheet in law.sheets():
        assert {duty.topic for duty in sheet.duties} == set(Topic), sheet.code
        words = [sheet.title, *(words for duty in sheet.duties for words in (duty.duty, duty.text))]
        words += [sheet.closed.note] if sheet.closed and sheet.closed.note else []
        assert {tuple(language for language, _text in one.said) for one in words} == {("en", "de", "ar")}, sheet.code
        # Whoever says that it was compared says with what, and each duty of a country has its statute.
        assert all(duty.source or duty.read_in for duty in sheet.duties if duty.checked_on), sheet.code
        assert all(duty.checked_on for duty in sheet.duties if duty.read_in), sheet.code
        assert sheet.code == "blank" or all(duty.law for duty in sheet.duties), sheet.code


@pytest.mark.parametrize(("language", "title"), [("de", "Deutschland"), ("ar", "ألمانيا"), ("en", "Germany")])
def test_a_sheet_is_read_in_the_language_of_the_page(language: str, title: str) -> None:
    with translation.override(language):
        assert dict(law.choices("DE"))["de 2026-11-28"] == f"{title} (2026-11-28)"
        assert law.in_order("DE")[0].duties[0].text.language == language


def test_a_sheet_of_ours_may_have_one_language(own: Path) -> None:
    (own / "de.yaml").write_text(f"language: sv\n{GOOD}".replace('"Two"', "{fr: Deux, de: Zwei}"), encoding="utf-8")
    with translation.override("ar"):
        sheet = law.in_order("DE")[0]
        assert [(str(one), one.language) for one in (sheet.title, sheet.duties[0].text)] == [
            ("Ours", "sv"),
            ("Deux", "fr"),
        ]

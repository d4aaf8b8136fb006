"""Words become HTML escaped as Django does it; days are written where and as the reader reads them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from wayhouse.core.days import day_written, moment_written
from wayhouse.core.markup import each, markup

WORDS = ["<b>&\"'", mark_safe("<i>x</i>"), 7, None, gettext_lazy("Back"), mark_safe("")]


@pytest.mark.parametrize("words", WORDS, ids=str)
def test_words_are_escaped_as_django_does(words: object) -> None:
    assert markup("<p>{}</p>", words) == format_html("<p>{}</p>", words)
    rows = [(words, "&"), ("a", words)]
    assert each("{}{}", rows, ", ") == format_html_join(", ", "{}{}", rows)


@pytest.mark.parametrize(("language", "words"), [("en", "Friday, 3 May"), ("de", "Freitag, 3. Mai")])
def test_a_day_is_called_in_the_language_of_the_reader(language: str, words: str) -> None:
    with translation.override(language):
        assert day_written(date(2030, 5, 3), "l, j F") == words


def test_a_moment_is_that_of_the_reader_s_town() -> None:
    late = datetime(2030, 5, 3, 22, 30, tzinfo=UTC)
    with translation.override("en"), timezone.override("Europe/Berlin"):
        assert moment_written(late, "l, j F") == "Saturday, 4 May, 00:30"

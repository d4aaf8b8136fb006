"""The short ways lead to what Django has: the same words, the same language in a thread, the same values on a page."""

import threading
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.template import base
from django.template.context import Context
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, trans_real

from wayhouse.core import straight

pytestmark = pytest.mark.pure


def test_words_are_those_that_django_finds() -> None:
    for code, _name in settings.LANGUAGES:
        gathered = _gathered(code)
        asked = [*gathered.words, "nobody has translated this <b>", "Leave\n"]
        by_django: Any = super(straight.Gathered, gathered)
        assert [gathered.gettext(words) for words in asked] == [by_django.gettext(words) for words in asked]
        with translation.override(code):
            assert translation.gettext(SafeString("Leave")) == by_django.gettext("Leave")
    assert translation.gettext("") == ""


def test_words_of_somebody_are_not_kept() -> None:
    gathered = _gathered("de")
    before = dict(gathered.words)
    assert gathered.gettext("what Cass wrote") == "what Cass wrote"
    assert gathered.words == before


def test_each_thread_has_its_language_and_its_zone() -> None:
    heard = []

    def listen() -> None:
        heard.append((translation.get_language(), timezone.get_current_timezone_name()))

    with translation.override("ar"), timezone.override("Asia/Tokyo"):
        listen()
        other = threading.Thread(target=listen)
        other.start()
        other.join()
        listen()
    here = ("ar", "Asia/Tokyo")
    assert heard == [here, (settings.LANGUAGE_CODE, settings.TIME_ZONE), here]


@pytest.mark.parametrize("autoescape", [True, False])
def test_values_stand_on_a_page_as_django_writes_them(autoescape: bool) -> None:  # noqa: FBT001  a parameter of pytest
    values = [
        "", "plain", "<b>&\"'", SafeString("<b>"), gettext_lazy("Leave"), None, True, 1234, Decimal("1.5"),
        datetime(2030, 5, 3, 22, 30, tzinfo=UTC), ["<b>"],
    ]  # fmt: skip
    context = Context(autoescape=autoescape)
    with translation.override("de"):
        assert [base.render_value_in_context(one, context) for one in values] == [
            straight.as_django_has_it(one, context) for one in values
        ]
    assert base.render_value_in_context is straight.shown


def _gathered(code: str) -> straight.Gathered:
    found = trans_real.translation(code)
    assert isinstance(found, straight.Gathered)
    return found

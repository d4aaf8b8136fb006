"""The ground floor stands alone: its tests run without the middleware and context of the rooms above."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.fixtures import Settings


def _is_below(path: str) -> bool:
    return path.startswith("wayhouse.core.") or not path.startswith(("wayhouse.", "allauth."))


@pytest.fixture(autouse=True)
def ground_floor(settings: Settings) -> None:
    templates = deepcopy(settings.TEMPLATES)
    options = templates[0]["OPTIONS"]
    options["context_processors"] = [path for path in options["context_processors"] if _is_below(path)]
    settings.TEMPLATES = templates
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if _is_below(path)]
    # The live server speaks http.
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "sid", "form"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.WAYHOUSE_NAME = "Open Circle"
    settings.WAYHOUSE_COUNTRY = "DE"
    settings.WAYHOUSE_EXIT_URL = ""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()

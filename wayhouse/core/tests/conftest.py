"""The ground floor stands alone: its tests run without the middleware and context of the rooms above."""

import os
import shutil
from collections.abc import Iterator
from copy import deepcopy

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.fixtures import Settings

CHROMIUM = os.environ.get("WAYHOUSE_CHROMIUM") or shutil.which("chromium") or ""


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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    # Playwright runs a loop in this thread; Django would refuse to touch the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            # People's browsers keep left pages in memory; without this a test would not see them.
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()

"""What a browser keeps of a visit: its whole profile is searched, after signing out and after leaving quickly."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser.houses import House
from browser.visitors import PASSPHRASE
from wayhouse.core.tests.chromium import CHROMIUM_ARGUMENTS

# Nobody else's page, title or address ends like this.
HANDLE = "shyheron"
TYPED = "marigold-at-the-mill"


def sign_out(page: Page) -> None:
    page.locator("form[action='/account/logout/'] button, main form button").first.click()
    page.wait_for_url("**/about/**")


def leave_quickly(page: Page) -> None:
    page.locator("form[action='/leave/'] button").click()
    page.wait_for_url("**/month/**")


@pytest.mark.second
@pytest.mark.abuse(9)
@pytest.mark.parametrize(("last", "end"), [("/account/logout/", sign_out), ("/people/me/", leave_quickly)])
def test_the_profile_of_a_browser_keeps_no_word(
    last: str, end: object, chromium: Browser, chromium_path: str, house: House, tmp_path: Path
) -> None:
    handle = HANDLE + end.__name__[:4]  # type: ignore[attr-defined]
    house.inside("join", handle, PASSPHRASE)
    window = chromium.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium_path, args=CHROMIUM_ARGUMENTS
    )
    page = window.new_page()
    page.goto(f"{house.url}/account/login/")
    page.locator("input[name=login]").fill(handle)
    page.locator("input[name=password]").fill(PASSPHRASE)
    page.locator("main form button").first.click()
    page.wait_for_url(f"{house.url}/")
    page.goto(f"{house.url}/account/passphrase/")
    page.locator("input[type=password]").first.fill(TYPED)
    page.goto(f"{house.url}/mine/")
    assert handle.capitalize() in page.content()
    page.goto(house.url + last)
    end(page)  # type: ignore[operator]
    window.close()
    assert found_in(tmp_path, [handle.capitalize(), PASSPHRASE, TYPED]) == []
    # Chromium notes beside an address for whom it was told not to keep a passphrase; no page can forbid that.
    assert set(found_in(tmp_path, [handle])) <= {"Default/Login Data"}
    # The search itself finds what a browser does keep: the addresses, which tell nothing.
    assert found_in(tmp_path, ["/account/login/"]) != []


def found_in(folder: Path, words: Iterable[str]) -> list[str]:
    """The files that hold a word, in bytes of eight or sixteen bits."""
    spelled = [word.encode(code) for word in words for code in ("utf-8", "utf-16-le", "utf-16-be")]
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [str(file.relative_to(folder)) for file in files if any(one in file.read_bytes() for one in spelled)]

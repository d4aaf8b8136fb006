"""Fifteen quiet minutes put a page away with what was typed; the same person brings it back, nobody else does."""

import pytest
from playwright.sync_api import Page, expect

from browser.houses import House
from browser.looking import look_at
from browser.visitors import PHONE, Visit, Visitor

TYPED = "Marigold at the mill"


def typing(ana: Visitor) -> Page:
    """Ana types a name, and then the phone lies there."""
    ana.context.clock.install()
    ana.sign_in("ana")
    page = ana.go("/people/new/")
    page.locator("input[name=name]").fill(TYPED)
    page.clock.fast_forward("14:59")
    assert TYPED in page.locator("input[name=name]").input_value()
    page.clock.fast_forward("00:02")
    page.wait_for_selector("[data-back]")
    return page


def sign_in_beside(visitor: Visitor, handle: str) -> None:
    """As the page proposes: in another window of the same browser."""
    visitor.context.clear_cookies(name="sid")
    first, visitor.page = visitor.page, visitor.context.new_page()
    visitor.sign_in(handle)
    visitor.page.close()
    visitor.page = first


@pytest.mark.second
@pytest.mark.abuse(7)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_was_typed_is_put_away_and_comes_back(language: str, house: House, visit: Visit) -> None:
    ana = visit(window=PHONE)
    ana.speak(language)
    page = typing(ana)
    shown = page.evaluate("document.documentElement.outerHTML")
    assert TYPED not in shown
    assert page.locator("main form, main input, nav").count() == 0
    found = look_at(ana, language=language)
    ana.context.clear_cookies(name="sid")
    page.locator("[data-back]").click()
    expect(page.locator("[data-said]")).not_to_be_empty()
    sign_in_beside(ana, "ana")
    page.locator("[data-back]").click()
    page.wait_for_selector("input[name=name]")
    assert page.locator("input[name=name]").input_value() == TYPED
    # The forms of the page have the token of the new session; one mistake is enough to show that it is taken.
    page.locator("input[name=name]").fill("x" * 200)
    ana.send()
    assert page.locator("#errors").count() == 1
    assert [*found, *ana.complaints] == []


@pytest.mark.second
@pytest.mark.abuse(7)
def test_somebody_else_does_not_get_the_page(house: House, visit: Visit) -> None:
    ana = visit(window=PHONE)
    page = typing(ana)
    sign_in_beside(ana, "cass")
    page.locator("[data-back]").click()
    page.wait_for_url(f"{house.url}/")
    assert TYPED not in page.content()


@pytest.mark.second
@pytest.mark.abuse(7, 8)
def test_leaving_quickly_works_from_there(house: House, visit: Visit) -> None:
    ana = visit(window=PHONE)
    page = typing(ana)
    page.locator("form[action='/leave/'] button").click()
    page.wait_for_url("**/month/**")
    # Signing out happens behind the page that is gone.
    ana.until("fetch('/account/here/').then((answer) => answer.status === 204)")

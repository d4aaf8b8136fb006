"""What only a real browser shows: leaving quickly, going back, the content policy, sizes, contrast."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.look,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("wayhouse.core.tests.catalogue"),
]
PAGES = ["/", "/catalogue/", "/help/", "/about/", "/month/", "/nowhere/"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def complaints(page: Page) -> list[str]:
    found: list[str] = []

    def asks(dialog: Dialog) -> None:
        found.append(f"dialog {dialog.type}")
        dialog.accept()

    def says(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            found.append(message.text)

    page.on("console", says)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("dialog", asks)
    return found


@pytest.fixture
def signed_in(page: Page, live_server: LiveServer) -> Page:
    page.goto(f"{live_server.url}/sign-in/")
    page.goto(f"{live_server.url}/catalogue/")
    assert {cookie["name"] for cookie in page.context.cookies()} == {"sid", "form"}
    return page


def leave_by_button(page: Page) -> None:
    page.get_by_role("button", name="Leave quickly").click()


def leave_by_escape(page: Page) -> None:
    page.get_by_label("Name you want to be called").focus()
    for _ in range(3):
        page.keyboard.press("Escape")


@pytest.mark.parametrize("leave", [leave_by_button, leave_by_escape])
@pytest.mark.abuse(8)
def test_leaving_signs_out_and_leaves_nothing_to_go_back_to(
    leave: Callable[[Page], None], signed_in: Page, complaints: list[str]
) -> None:
    page = signed_in
    asked: list[Request] = []
    page.context.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - Playwright writes on the handler
    # A half-filled form must not hold anybody back with a question.
    page.get_by_label("Name you want to be called").fill("my own name")
    with page.expect_request(re.compile("/leave/")):
        leave(page)
    page.wait_for_url("**/month/")
    expect(page.locator("td[aria-current=date]")).to_be_visible()
    assert [request.method for request in asked if request.url.endswith("/leave/")] == ["POST"]
    wait_for_no_cookies(page)
    page.go_back()
    assert "/catalogue/" not in page.url
    assert "my own name" not in page.content()
    assert complaints == []


def wait_for_no_cookies(page: Page) -> None:
    # The browser signs out behind the page it already left; no event of a page tells when.
    for _ in range(100):
        if not page.context.cookies():
            return
        page.wait_for_timeout(50)
    pytest.fail("still signed in")


def test_leaving_works_without_a_script(chromium: Browser, live_server: LiveServer) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_role("button", name="Leave quickly").click()
    expect(page).to_have_url(f"{live_server.url}/month/")
    assert context.cookies() == []
    context.close()


def test_escape_twice_is_not_leaving(signed_in: Page) -> None:
    signed_in.keyboard.press("Escape")
    signed_in.keyboard.press("Escape")
    assert signed_in.url.endswith("/catalogue/")
    expect(signed_in.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.abuse(8)
def test_a_left_page_is_empty_when_somebody_goes_back(page: Page, live_server: LiveServer) -> None:
    # This Chromium keeps left pages in memory although they say no-store, unless the next one sets a cookie.
    page.add_init_script(
        "addEventListener('pageshow', e => e.persisted && console.log(`kept ${document.body.childElementCount}`))"
    )
    page.goto(f"{live_server.url}/about/")
    page.evaluate("location.href = '/month/'")
    page.wait_for_url("**/month/")
    with page.expect_console_message(lambda message: message.text.startswith("kept")) as said:
        page.evaluate("history.back()")
    assert said.value.text == "kept 0"
    # It is asked for again, and whoever is still signed in sees it as it is now.
    expect(page.get_by_role("heading", level=1)).to_have_text("What this is")


def test_a_half_filled_form_asks_before_it_goes(signed_in: Page, complaints: list[str]) -> None:
    signed_in.get_by_label("Name you want to be called").fill("x")
    signed_in.get_by_role("link", name="Help now").click()
    signed_in.wait_for_url("**/help/")
    assert complaints == ["dialog beforeunload"]


def test_sending_a_form_does_not_ask(signed_in: Page, complaints: list[str]) -> None:
    signed_in.get_by_label("Name you want to be called").fill("x")
    signed_in.locator("form[data-guard]").get_by_role("button", name="Save").click()
    expect(signed_in.locator("#errors")).to_be_focused()
    assert complaints == []


def test_the_quiet_clock_counts(signed_in: Page) -> None:
    clocks = signed_in.locator("[data-clock] > span")
    expect(clocks.nth(0)).to_have_text("11 min left")
    expect(clocks.nth(1)).to_have_text("20 min over")


def test_language_and_theme_work_without_a_script(chromium: Browser, live_server: LiveServer) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/help/")
    page.locator("button[value=dark]").click()
    page.locator("button[value=ar]").click()
    expect(page).to_have_url(f"{live_server.url}/help/")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("dir", "rtl")
    kept = {cookie["name"]: (cookie["expires"], cookie["httpOnly"]) for cookie in context.cookies()}
    assert {name: kept[name] for name in ("lang", "theme")} == {"lang": (-1, True), "theme": (-1, True)}
    context.close()


def test_htmx_may_bring_pieces_of_pages_and_no_scripts(
    signed_in: Page, complaints: list[str], live_server: LiveServer
) -> None:
    signed_in.evaluate("htmx.ajax('GET', '/catalogue/', {target: 'h1', select: '.number', swap: 'outerHTML'})")
    expect(signed_in.locator(".hello .number")).to_have_text("7 of 8")
    assert complaints == []
    refused = "() => { try { document.createElement('script').src = '/x.js'; return false } catch { return true } }"
    assert signed_in.evaluate(refused) is True


@pytest.fixture(params=[("light", "en", 1280), ("dark", "ar", 390), ("light", "ar", 320)])
def view(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    scheme, language, width = request.param
    context = chromium.new_context(
        color_scheme=scheme, locale=language, viewport={"width": width, "height": 800}, bypass_csp=True
    )
    yield context.new_page()
    context.close()


def test_everybody_can_use_the_pages(view: Page, live_server: LiveServer) -> None:
    axe = Axe()
    for address in PAGES:
        view.goto(live_server.url + address)
        check(axe, view, address)
    view.goto(f"{live_server.url}/catalogue/")
    view.locator("form[data-guard] button").first.click()
    expect(view.locator("#errors")).to_be_focused()
    check(axe, view, "a form with mistakes")


def check(axe: Axe, page: Page, what: str) -> None:
    found = axe.run(page, options={"runOnly": RULES}).response["violations"]
    assert [(what, one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, what
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .btn, .tabs a, .choice, summary, .week label')]
        .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 43.5)
        .map(element => element.outerHTML.slice(0, 80))"""
    )
    assert small == [], what


def test_forms_carry_their_origin(live_server: LiveServer, signed_in: Page) -> None:
    # With the policy "no-referrer" browsers send "Origin: null" here and every form would be refused.
    with signed_in.expect_request("**/language/") as sent:
        signed_in.locator("button[value=de]").click()
    assert sent.value.all_headers()["origin"] == live_server.url

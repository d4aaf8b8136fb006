"""Handbook 2.5: a Tuesday at 22:00, three phones, one of them dead. Told with the keyboard only, on a small screen."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from conftest import Cast
from wayhouse.notices import channels
from wayhouse.notices.channels import Letter, Refused, Way
from wayhouse.notices.delivering import deliver_due
from wayhouse.notices.kinds import Channel
from wayhouse.people.models import Person
from wayhouse.safeguarding import misses
from wayhouse.safeguarding.models import Concern
from wayhouse.safeguarding.protocol import Duty, State
from wayhouse.safeguarding.tests.conftest import reachable

WORDS = "I do not want to be here tomorrow"
Phone = Callable[[Person], Page]


class Gateway:
    """Text messages: whose telephone is dead takes none."""

    def __init__(self) -> None:
        self.dead: set[str] = set()
        self.taken: list[tuple[str, str, str]] = []

    def send(self, letter: Letter) -> None:
        if letter.plan.phone in self.dead:
            raise Refused
        self.taken.append((letter.plan.phone, letter.title, letter.words))


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch, team: dict[str, Person]) -> Gateway:
    found = Gateway()
    monkeypatch.setitem(channels.WAYS, Channel.SMS, Way(lambda: True, found.send))
    for handle in ("sol", "dot", "dia"):
        reachable(team[handle], phone=f"+49-{handle}")
    return found


@pytest.fixture
def phone(cast: Cast, chromium: Browser, live_server: LiveServer, settings: Settings) -> Iterator[Phone]:
    """A small telephone on which somebody is signed in."""
    # The live server speaks http.
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "sid", "form"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    contexts: list[BrowserContext] = []

    def of(person: Person) -> Page:
        context = chromium.new_context(viewport={"width": 320, "height": 640}, locale="en-GB")
        contexts.append(context)
        cookie = cast.sign_in(person).cookies["sid"].value
        context.add_cookies([{"name": "sid", "value": cookie, "url": live_server.url}])
        return context.new_page()

    yield of
    for context in contexts:
        with closing(context):
            pass


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what a screen reader calls by this name has the focus."""
    for _each in range(40):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if name in (focused.get_attribute("aria-label") or "") or name in (_spoken(page) or ""):
            return
    raise AssertionError(f"no way to {name}")


def _spoken(page: Page) -> str:
    words = "e => (e.labels && [...e.labels].map(l => l.innerText).join(' ')) || e.innerText || e.textContent"
    return str(page.locator(":focus").evaluate(words))


def _tell(page: Page, house: str) -> None:
    """Raise it with the keyboard, by what a screen reader says."""
    page.goto(f"{house}/people/me/")
    tab_to(page, "Worried about somebody?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Worried about somebody?")
    tab_to(page, "Now: somebody could be badly hurt")
    page.keyboard.press("Space")
    tab_to(page, "What is it about?")
    page.keyboard.type("Somebody may hurt or")
    tab_to(page, "Who is it about?")
    page.keyboard.type("Not sure")
    tab_to(page, "What you saw or heard")
    page.keyboard.type(WORDS)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It has arrived. Somebody is being called now.")).to_be_visible()


@pytest.mark.browser
@pytest.mark.second
@pytest.mark.usefixtures("transactional_db")
def test_22_00_with_three_phones_one_of_them_dead(
    cast: Cast, clock: time_machine.Traveller, team: dict[str, Person], bo: Person, gateway: Gateway, phone: Phone,
    live_server: LiveServer,
) -> None:  # fmt: skip
    gateway.dead.add("+49-sol")
    _tell(phone(bo), live_server.url)
    deliver_due()
    assert gateway.taken == []
    # Nobody says that it arrived: after fifteen minutes the deputy is called, in words that say nothing.
    clock.shift(timedelta(minutes=15))
    misses.sweep()
    deliver_due()
    assert gateway.taken == [("+49-dot", "Note", "Please call in now.")]
    page = phone(team["dot"])
    page.goto(f"{live_server.url}/care/")
    page.get_by_role("link", name="Somebody may hurt or kill themselves").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    assert page.title() == "Notes – Open Circle"
    page.get_by_role("link", name="I have it").click()
    page.get_by_role("button", name="Write down").click()
    expect(page.get_by_text("somebody has it")).to_be_visible()
    concern = Concern.objects.get()
    assert (concern.state, concern.held_by, concern.escalated) == (State.ACKNOWLEDGED, team["dot"], False)
    # Half an hour after the beginning nobody else is called: somebody has it.
    clock.shift(timedelta(minutes=16))
    misses.sweep()
    assert not concern.timers.owed().filter(duty=Duty.ACKNOWLEDGE).exists()
    assert {call.person for call in concern.calls.filter(timer__duty=Duty.ACKNOWLEDGE)} == {team["sol"], team["dot"]}

"""Somebody in front of a browser of their own: window, language, colours, with or without scripts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    StorageState,
    ViewportSize,
)

PASSPHRASE = "lanterns along the quiet way home"
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PATIENCE = 20_000

Theme = Literal["light", "dark"]
# Playwright's own wait takes a promise for a truth the moment it is made; this one waits for what it becomes.
_UNTIL = """async (milliseconds) => {{
    for (const end = Date.now() + milliseconds; Date.now() < end; await new Promise((next) => setTimeout(next, 50)))
        if (await ({})) return true;
    return false;
}}"""


@dataclass
class Visitor:
    """One person's browser.

    `seen`: the requests they came by, such as "GET /people/"; `complaints`: what the browser itself complained about,
    and whatever `look`, called on each page they come to, finds there.
    """

    url: str
    context: BrowserContext
    page: Page
    script: bool = True
    seen: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    look: "Callable[[Visitor], list[str]] | None" = None

    def go(self, path: str) -> Page:
        """Open a page of the house."""
        return self._arrived(self.page.goto(path if path.startswith("http") else self.url + path))

    def press(self, what: str | Locator, *, patience: float = PATIENCE) -> Page:
        """Follow a link or send a form, and wait for the page it leads to."""
        target = self.page.locator(what).first if isinstance(what, str) else what
        with self.page.expect_navigation(timeout=patience) as answer:
            target.click()
        return self._arrived(answer.value)

    def send(self) -> Page:
        """Send the main form of the page."""
        return self.press("main form.form button.btn")

    def sign_in(self, handle: str, passphrase: str = PASSPHRASE) -> Page:
        """Sign in through the page that people use."""
        self.go("/account/login/")
        self.page.locator("input[name=login]").fill(handle)
        self.page.locator("input[name=password]").fill(passphrase)
        self.press("main form button")
        assert not self.path.startswith("/account/"), f"{handle} cannot sign in"
        return self.page

    def until(self, promised: str) -> None:
        """Wait in the present page until the promise of this JavaScript expression becomes something true."""
        assert self.page.evaluate(_UNTIL.format(promised), PATIENCE), f"never came: {promised}"

    def speak(self, language: str) -> None:
        """From the next page on, read the house in this language."""
        self.context.add_cookies([{"name": "lang", "value": language, "url": self.url}])

    def close(self) -> None:
        """Close the window and forget everything in it."""
        self.context.close()

    def _arrived(self, response: Response | None) -> Page:
        assert response is not None, f"{self.page.url} does not answer"
        assert response.ok, f"{response.url} answers {response.status}"
        if self.look:
            self.complaints += self.look(self)
        return self.page

    @property
    def path(self) -> str:
        """The path of the present page."""
        return urlsplit(self.page.url).path


Visit = Callable[..., Visitor]


def open_window(
    chromium: Browser,
    url: str,
    *,
    language: str = "en",
    window: ViewportSize = PHONE,
    script: bool = True,
    theme: Theme = "light",
    scale: float = 1,
    state: StorageState | None = None,
) -> Visitor:
    """A new browser at the house of this address; nobody is signed in, or whoever is in `state`."""
    context = chromium.new_context(
        viewport=window,
        locale=language,
        java_script_enabled=script,
        color_scheme=theme,
        reduced_motion="reduce",
        device_scale_factor=scale,
        storage_state=state,
    )
    context.set_default_timeout(PATIENCE)
    visitor = Visitor(url, context, context.new_page(), script)
    _listen(visitor)
    return visitor


def _listen(visitor: Visitor) -> None:
    def says(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            visitor.complaints.append(f"{visitor.page.url}: {message.text}")

    def asks(request: Request) -> None:
        if not request.url.startswith((visitor.url + "/", "data:", "blob:")):
            visitor.complaints.append(f"{visitor.page.url} asks {request.url}")
        elif request.is_navigation_request():
            visitor.seen.add(f"{request.method} {request.url.removeprefix(visitor.url).partition('?')[0]}")

    visitor.page.on("console", says)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(f"{visitor.page.url}: {error}"))
    visitor.page.on("request", asks)

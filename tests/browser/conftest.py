"""A real house for the browser: built by the demonstration's own command, served by its own server."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "lanterns along the quiet way home"
PHONE, NARROW, DESKTOP = (
    {"width": 390, "height": 844},
    {"width": 320, "height": 640},
    {"width": 1280, "height": 800},
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in Path(item.path).parts:
            item.add_marker(pytest.mark.browser)


@dataclass
class House:
    """A running house: where it answers, and its command."""

    url: str
    environment: dict[str, str]

    def command(self, *words: str) -> str:
        """Run a command of the operator and return what it printed."""
        return run_command(self.environment, *words)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    environment = {
        **os.environ,
        **{f"WAYHOUSE_{name.upper()}": str(folder / name) for name in ("data", "keys", "static")},
        "WAYHOUSE_DATABASE_URL": _own_database(os.environ.get("WAYHOUSE_DATABASE_URL", "")),
        "WAYHOUSE_QUICK_KDF": "yes",
        "WAYHOUSE_HTTPS": "no",
        "PYTHONPATH": str(ROOT),
    }
    run_command(environment, "demo", "--build-only")
    port = _free_port()
    words = [sys.executable, "-m", "wayhouse.config", "serve", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(words, env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait_for(f"http://localhost:{port}/health/")
            yield House(f"http://localhost:{port}", environment)
        finally:
            server.terminate()
            server.wait(timeout=20)


@dataclass
class Visitor:
    """A browser of one person: window, language, theme, with or without JavaScript."""

    house: House
    context: BrowserContext
    page: Page

    def go(self, path: str) -> Page:
        """Open a page of the house."""
        self.page.goto(path if path.startswith("http") else self.house.url + path)
        return self.page

    def sign_in(self, handle: str, passphrase: str = PASSPHRASE) -> Page:
        """Sign in through the page that people use."""
        self.go("/account/login/")
        self.page.locator("input[name=login]").fill(handle)
        self.page.locator("input[name=password]").fill(passphrase)
        self.page.locator("main form button").first.click()
        self.page.wait_for_url(lambda url: "/account/" not in url)
        return self.page


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(house: House, chromium: Browser) -> Iterator[Visit]:
    """Make visitors; whatever they leave behind is closed with the test."""
    contexts: list[BrowserContext] = []

    def make(
        *, language: str = "en", window: dict[str, int] = PHONE, script: bool = True, theme: str = "light"
    ) -> Visitor:
        context = chromium.new_context(
            viewport=window,  # type: ignore[arg-type]
            locale=language,
            java_script_enabled=script,
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Visitor(house, context, context.new_page())

    yield make
    for context in contexts:
        with suppress(Exception):
            context.close()


def run_command(environment: dict[str, str], *words: str) -> str:
    """Run `wayhouse` with these words. Error: `AssertionError` with what it said."""
    command = [sys.executable, "-m", "wayhouse.config", *words]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def _own_database(url: str) -> str:
    """A database beside the one that other tests use; SQLite needs none, its folder is new."""
    if not url:
        return ""
    name = f"house_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  our own address
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")

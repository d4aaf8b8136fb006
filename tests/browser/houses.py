"""A real house for the browser: built by the demonstration's own command, served by its own server."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
HOUSE_NAME = "Open Circle"
INSIDE = Path(__file__).with_name("inside.py")


@dataclass(frozen=True)
class House:
    """A running house: where it answers, and its command."""

    url: str
    environment: dict[str, str]

    def command(self, *words: str) -> str:
        """Run a command of the operator and return what it printed."""
        return _printed(self.environment, "-m", "wayhouse.config", *words)

    def inside(self, *words: str) -> str:
        """Do something that no page does (`inside.py`), such as moving an evening to now; what it printed."""
        return _printed(self.environment, str(INSIDE), *words)


@contextmanager
def demonstration(folder: Path) -> Iterator[House]:
    """The demonstration, built in an empty folder and served until the end of the block."""
    environment = _environment(folder)
    # Any rota will do; how good it gets in ten seconds is for the benchmarks to say.
    _printed(environment, "-m", "wayhouse.config", "demo", "--build-only", "--seconds", "2")
    port = _free_port()
    words = [sys.executable, "-m", "wayhouse.config", "serve", "--no-work", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(words, env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait_for(f"http://localhost:{port}/health/")
            yield House(f"http://localhost:{port}", environment)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        **{f"WAYHOUSE_{name.upper()}": str(folder / name) for name in ("data", "keys", "static")},
        "WAYHOUSE_DATABASE_URL": _own_database(os.environ.get("WAYHOUSE_DATABASE_URL", "")),
        "WAYHOUSE_NAME": HOUSE_NAME,
        "WAYHOUSE_QUICK_KDF": "yes",
        "WAYHOUSE_HTTPS": "no",
        "WAYHOUSE_SECOND_STEP": "no",
        "WAYHOUSE_PUSH_CONTACT": "mailto:demonstration@example.org",
        # Tests read faster than people.
        "WAYHOUSE_PAGES_A_MINUTE": "1000000",
        "PYTHONPATH": str(ROOT),
    }


def _printed(environment: dict[str, str], *words: str) -> str:
    """Run Python with these words. Error: `AssertionError` with what it said."""
    command = [sys.executable, *words]
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

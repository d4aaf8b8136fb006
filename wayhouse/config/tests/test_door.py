"""A sealed house answers with a closed door until somebody gives the passphrase, and then opens."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from wayhouse.config.door import Door
from wayhouse.config.management.commands.serve import free_port
from wayhouse.core.tests.empty_house import EmptyHouse
from wayhouse.crypto import rootkey

ROOT = Path(__file__).resolve().parents[3]
WORDS = "copper lantern over quiet water seven"


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """A door in front of a key sealed with `WORDS`."""
    monkeypatch.setattr(rootkey, "MEMORY", 8192)
    monkeypatch.setattr(rootkey, "PASSES", 1)
    rootkey.load(tmp_path)
    rootkey.seal(tmp_path, WORDS)
    server = Door(("127.0.0.1", 0), tmp_path)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join(5)
    server.server_close()


def ask(door: Door, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
    connection = HTTPConnection("127.0.0.1", door.server_address[1], timeout=10)
    connection.request(method, path, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read().decode()
    connection.close()
    return found


def test_nothing_but_the_door_answers(door: Door) -> None:
    for path in ("/", "/account/login/", "/help/"):
        status, headers, page = ask(door, "GET", path)
        assert (status, headers["Retry-After"], "form" in page) == (503, "60", False)
    assert ask(door, "GET", "/health/")[::2] == (503, "sealed")
    assert ask(door, "POST", "/account/login/", "words=x")[0] == 403


def test_every_answer_is_kept_nowhere_and_runs_no_script(door: Door) -> None:
    _status, headers, page = ask(door, "GET", "/unseal/")
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "<script" not in page


@pytest.mark.parametrize(
    ("asked", "start"),
    [("en", 'lang="en" dir="ltr"'), ("de-AT,en;q=0.5", 'lang="de" dir="ltr"'), ("ar", 'lang="ar" dir="rtl"')],
)
def test_it_speaks_three_languages(door: Door, asked: str, start: str) -> None:
    page = ask(door, "GET", "/unseal/", accept_language=asked)[2]
    assert start in page
    assert ("Not open yet" in page) == (asked == "en")


@pytest.mark.parametrize("body", ["words=wrong", "", "words=" + "x" * 5000, "other=1", "words=%ff%fe"])
def test_other_words_open_nothing(door: Door, body: str) -> None:
    status, _headers, page = ask(door, "POST", "/unseal/", body)
    assert (status, "opens nothing" in page, door.key) == (403, True, None)


def test_a_form_from_elsewhere_is_refused(door: Door) -> None:
    body = "words=" + WORDS.replace(" ", "+")
    assert ask(door, "POST", "/unseal/", body, origin="https://elsewhere.example")[0] == 403
    assert door.key is None


def test_a_second_try_at_once_has_to_wait(door: Door) -> None:
    with door.one_at_a_time:
        assert ask(door, "POST", "/unseal/", "words=" + WORDS.replace(" ", "+"))[0] == 503


def test_the_passphrase_opens_it(door: Door) -> None:
    status, _headers, page = ask(door, "POST", "/unseal/", "words=" + WORDS.replace(" ", "+"))
    assert (status, "form" in page) == (200, False)
    assert door.key == rootkey.unseal(door.folder, WORDS)


@pytest.mark.pure
def test_sealing_starting_and_opening_a_house(tmp_path: Path, empty_house: EmptyHouse) -> None:
    """As an operator does it, with the real cost of the passphrase."""
    folders = {f"WAYHOUSE_{name}": str(tmp_path / name.lower()) for name in ("DATA", "KEYS", "STATIC")}
    environment = {
        **os.environ,
        **folders,
        "WAYHOUSE_DATABASE_URL": "",
        "WAYHOUSE_HTTPS": "no",
        "PYTHONPATH": str(ROOT),
    }
    command, port = [sys.executable, "-m", "wayhouse.config"], free_port(8000)

    def run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *words], input=given, capture_output=True, text=True, env=environment, check=False
        )

    empty_house(tmp_path / "data")
    assert "Sealed" in run("seal", given=f"{WORDS}\n{WORDS}\n").stdout
    refused = run("tidy")
    assert (refused.returncode, "Start `wayhouse serve` first" in refused.stderr) == (1, True)
    words = [*command, "serve", "--no-work", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        assert _eventually(port, "/health/") == (503, "sealed")
        status, page = _request(port, "POST", "/unseal/", "words=" + WORDS.replace(" ", "+"))
        assert (status, re.findall(r'role="(\w+)"', page)) == (200, ["status"])
        assert _eventually(port, "/health/", but=503)[0] == 200
    finally:
        server.terminate()
        server.wait(timeout=20)


def _request(port: int, method: str, path: str, body: str | None = None) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def _eventually(port: int, path: str, but: int = 0) -> tuple[int, str]:
    """The first answer there; `but` is one to wait past."""
    waiting, tries = threading.Event(), 0
    while True:
        tries += 1
        try:
            found = _request(port, "GET", path)
        except OSError:
            found = (0, "")
        if found[0] not in {0, but} or tries > 300:
            return found
        waiting.wait(0.1)

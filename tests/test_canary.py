"""A thief of the disk finds no word: a canary in every sealed field is nowhere in the database, its journal, logs."""

import base64
import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from wayhouse.core.tests.empty_house import EmptyHouse
from wayhouse.crypto.sealed import sealed_models
from wayhouse.home import readers

ROOT = Path(__file__).resolve().parents[1]
# The walk writes to the database of this run.
pytestmark = pytest.mark.process


def spellings(canary: str) -> Iterator[bytes]:
    """The canary as it could lie on a disk."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        plain = canary.encode(encoding)
        yield plain
        yield plain.hex().encode()
        # base64 has three spellings of a word, by where it begins; the middle of each is always the same.
        yield from (base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3))


@pytest.fixture(scope="module")
def canary() -> str:
    return f"canary{secrets.token_hex(8)}"


@pytest.fixture(scope="module")
def walk(
    canary: str, tmp_path_factory: pytest.TempPathFactory, empty_house: EmptyHouse
) -> tuple[Path, subprocess.CompletedProcess[bytes]]:
    folder = tmp_path_factory.mktemp("house")
    empty_house(folder / "data")  # where the walk goes to SQLite; a server is migrated by the walk
    own = {f"WAYHOUSE_{name.upper()}": str(folder / name) for name in ("data", "keys", "static")}
    environment = {
        **os.environ,
        **own,
        "WAYHOUSE_QUICK_KDF": "yes",
        "WAYHOUSE_HTTPS": "no",
        "WAYHOUSE_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "wayhouse.config.settings",
    }
    command = [sys.executable, str(ROOT / "tests" / "canary_walk.py"), canary]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    (folder / "log.txt").write_bytes(done.stderr)
    return folder, done


def database_folder(folder: Path) -> Path:
    """Where the database keeps its files: the house's own folder, or the server's."""
    host = parse_qs(urlsplit(os.environ.get("WAYHOUSE_DATABASE_URL", "")).query).get("host")
    return Path(host[0]) if host else folder / "data"


def held_in(path: Path) -> bytes:
    """What lies in a file; a server removes files of its own while we look, and then nothing lies there."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def test_the_walk_reached_every_sealed_model(walk: tuple[Path, subprocess.CompletedProcess[bytes]]) -> None:
    _folder, done = walk
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert json.loads(done.stdout)["reached"] == [model._meta.label for model in sealed_models()]


def test_who_can_see_this_is_said_of_every_kind_of_keys(
    walk: tuple[Path, subprocess.CompletedProcess[bytes]],
) -> None:
    told = [*readers.OPENED, *readers.FOUND, *readers.UNCOUNTED]
    assert len(told) == len(set(told))
    kinds = set(json.loads(walk[1].stdout)["kinds"])
    assert kinds - set(told) == set()
    # So does the page for engineers, which also has the desks.
    formats = (ROOT / "docs" / "explanation" / "confidentiality-formats.md").read_text(encoding="utf-8")
    _before, _title, table = formats.partition("\n| scope |")
    assert set(re.findall(r"^\| `([a-z-]+)`", table, re.MULTILINE)) == {*told, "desk"}


@pytest.mark.abuse(26)
def test_the_canary_is_nowhere(walk: tuple[Path, subprocess.CompletedProcess[bytes]], canary: str) -> None:
    folder, _done = walk
    tops = {folder, database_folder(folder)}
    held = [(path.name, held_in(path)) for top in tops for path in top.rglob("*") if path.is_file()]
    assert any(data for _name, data in held)
    assert [(name, word) for name, data in held for word in spellings(canary) if word in data] == []


def test_the_search_would_find_it(tmp_path: Path, canary: str) -> None:
    for number, text in enumerate([canary, f"x{canary}", f"xy {canary} yz"]):
        encoded = [
            text.encode(),
            text.encode("utf-16-le"),
            text.encode().hex().encode(),
            base64.b64encode(text.encode()),
        ]
        for data in encoded:
            assert any(word in data for word in spellings(canary)), (number, data)


def test_nothing_is_sent_by_mail() -> None:
    assert settings.EMAIL_BACKEND in {
        "django.core.mail.backends.dummy.EmailBackend",
        "django.core.mail.backends.locmem.EmailBackend",  # what pytest-django puts in its place
    }

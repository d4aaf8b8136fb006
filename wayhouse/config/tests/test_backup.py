"""A backup comes back in an empty database: with everything, without those erased since, nobody signed in."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from conftest import Cast
from wayhouse.audit.heads import publish_head
from wayhouse.config.backup.saving import LEDGER, archives_in, drop_old, save
from wayhouse.config.backup.tables import DATA, KEYS, label, tables_of
from wayhouse.core.tests.empty_house import EmptyHouse
from wayhouse.crypto.archive import make_keys
from wayhouse.crypto.shred import add_subject, shred
from wayhouse.meetings.models import Meeting
from wayhouse.people.entries import enter_all
from wayhouse.people.models import Person
from wayhouse.people.roster.comparing import merged

ROOT = Path(__file__).resolve().parents[3]
PUBLIC, SECRET = make_keys()
# Reads the restored house with the keys of one person, in a process and a database of its own.
READING = """
import json, sys, uuid, django
django.setup()
from wayhouse.accounts.models import Session
from wayhouse.audit.heads import publish_head
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.shred import add_subject, shred
from wayhouse.people.models import Person, RosterEntry
holder, secret = sys.argv[1:]
names = []
with use(Keyring(uuid.UUID(holder), bytes.fromhex(secret))):
    for entry in RosterEntry.objects.select_related("item").order_by("pk"):
        try:
            names.append(entry.name)
        except CannotOpen:
            names.append(None)
add_subject(uuid.UUID(int=7))
shred(uuid.UUID(int=7))  # the next number of a table that counts
print(json.dumps([names, Person.objects.count(), Session.objects.count(), publish_head().size]))
"""


class Elsewhere:
    """An empty house on another machine, with a copy of the root key."""

    def __init__(self, data: Path, database: str = "") -> None:
        own = {
            "WAYHOUSE_DATA": str(data),
            "WAYHOUSE_KEYS": str(settings.WAYHOUSE_KEYS),
            "WAYHOUSE_DATABASE_URL": database,
        }
        words = {"DJANGO_SETTINGS_MODULE": "wayhouse.config.settings", "PYTHONPATH": str(ROOT)}
        self.environment = {**os.environ, **own, **words}
        self.told: list[str] = []

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "wayhouse.config", *words]
        return subprocess.run(
            command, input=given, capture_output=True, text=True, env=self.environment, check=False, cwd=ROOT
        )

    def restore(self, data: Path, keys: Path, ledger: Path, secret: str = SECRET) -> tuple[int, str]:
        words = ("--data", str(data), "--keys", str(keys), "--ledger", str(ledger))
        done = self.run("restore", *words, given=secret + "\n")
        self.told = done.stdout.splitlines()
        return done.returncode, done.stderr

    def read(self, holder: object, secret: bytes) -> tuple[list[str | None], int, int, int]:
        command = [sys.executable, "-c", READING, str(holder), secret.hex()]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment, check=True, cwd=ROOT)
        found: list[Any] = json.loads(done.stdout)
        return found[0], found[1], found[2], found[3]


@pytest.fixture
def elsewhere(tmp_path: Path, empty_house: EmptyHouse) -> Elsewhere:
    return Elsewhere(empty_house(tmp_path / "elsewhere").parent)


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path, empty_house: EmptyHouse) -> Iterator[Elsewhere]:
    """An empty house on either database, whichever the backup comes from."""
    if request.param == "sqlite":
        yield Elsewhere(empty_house(tmp_path / "elsewhere").parent)
        return
    url = os.environ.get("WAYHOUSE_DATABASE_URL", "")
    if connection.vendor != "postgresql":
        pytest.skip("there is a PostgreSQL server in the other half of the run")
    name = f"elsewhere_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        (data := tmp_path / "elsewhere").mkdir(mode=0o700)
        there = Elsewhere(data, urlunsplit(urlsplit(url)._replace(path=f"/{name}")))
        there.run("migrate", "--verbosity", "0")
        yield there
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def quiet(_line: str) -> None:
    """Hears nothing."""


def rows_of_each() -> list[tuple[str, int]]:
    """The tables by their archive, and how many rows each has, in the order in which they are written."""
    tables = [(archive, model) for archive in (DATA, KEYS) for model in tables_of(archive)]
    return [(f"{archive}: {label(model)}", model._default_manager.count()) for archive, model in tables]


def test_everything_is_in_one_of_the_archives() -> None:
    data, keys = ({label(model) for model in tables_of(archive)} for archive in (DATA, KEYS))
    assert keys == {"crypto.slot", "crypto.shred", "crypto.envelope"}
    assert data & keys == set()
    assert {"accounts.user", "audit.auditleaf", "crypto.item", "mfa.authenticator", "people.person"} <= data
    assert "accounts.session" not in data


@pytest.mark.usefixtures("cass", "dee", "meeting")
def test_a_backup_comes_back_without_whom_the_ledger_names(
    cast: Cast, ana: Person, tmp_path: Path, anywhere: Elsewhere, settings: Settings
) -> None:
    elsewhere = anywhere
    with cast.acting(ana):
        words = [merged({}, {"name": name, "languages": ["en"]}) for name in ("Quiet Fox", "Old Oak")]
        _kept, erased = enter_all(ana.programme, words)
    people = Person.objects.count()
    add_subject(before := uuid4())
    shred(before)
    publish_head()
    told: list[str] = []
    there = rows_of_each()
    saved = save(tmp_path / "backups", PUBLIC, tell=told.append)
    # A line for each table as it is written, and for each that had rows as it comes back.
    assert told == [f"{name}, {count} rows" for name, count in there]
    shred(erased)
    publish_head()
    rows, settings.WAYHOUSE_BACKUP_KEY = sum(count for _name, count in rows_of_each()), PUBLIC
    call_command("backup", "--to", str(later := tmp_path / "later"), stdout=(out := StringIO()))
    data, keys = sorted(later.glob("*.archive"))
    assert out.getvalue().splitlines()[-3:] == [
        "",
        f"{rows} rows in {data} and {keys}; 0 old archives removed.",
        f"Keep the two apart, and {later / LEDGER} away from both.",
    ]
    assert elsewhere.restore(saved.data, saved.keys, later / LEDGER) == (0, "")
    assert elsewhere.told == [
        *(f"{name}, {count} rows" for name, count in there if count),
        "1 erased once more, as the ledger says",
        "",
        f"{saved.rows} rows restored and tested. Everybody signs in again.",
    ]
    names, found, sessions, size = elsewhere.read(ana.user.holder_id, cast.secrets[ana.pk])  # type: ignore[union-attr]
    assert ("Quiet Fox" in names, "Old Oak" in names, names.count(None)) == (True, False, 0)
    assert (found, sessions) == (people - 1, 0)
    assert size > 0
    # Not over people: what was restored is not restored over.
    code, said = elsewhere.restore(saved.data, saved.keys, tmp_path / "later" / LEDGER)
    assert (code, "holds people or a log already" in said) == (1, True)


@pytest.mark.pure
def test_halves_of_two_backups_and_other_keys_restore_nothing(
    ana: Person, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    first, second = (save(tmp_path / name, PUBLIC, tell=quiet) for name in ("first", "second"))
    ledger = tmp_path / "second" / LEDGER
    for data, keys, secret, words in (
        (first.data, second.keys, SECRET, "not halves of one backup"),
        (first.data, first.data, SECRET, "does not open"),
        (first.data, first.keys, make_keys()[1], "does not open"),
        (first.data, first.keys, "secret", "not a secret key"),
        (first.data, tmp_path / "missing", SECRET, "No such file"),
    ):
        code, said = elsewhere.restore(data, keys, ledger, secret)
        assert (code, words in said) == (1, True), said
    assert elsewhere.restore(first.data, first.keys, ledger) == (0, "")


@pytest.mark.look
def test_another_root_key_is_found_out(ana: Person, tmp_path: Path, elsewhere: Elsewhere) -> None:
    saved = save(tmp_path / "backups", PUBLIC, tell=quiet)
    other = tmp_path / "other-keys"
    elsewhere.environment["WAYHOUSE_KEYS"] = str(other)
    code, said = elsewhere.restore(saved.data, saved.keys, tmp_path / "backups" / LEDGER)
    assert (code, "put the right root.key in place" in said) == (1, True)


def test_nothing_of_a_backup_can_be_read_by_its_machine(
    cast: Cast, ana: Person, meeting: Meeting, tmp_path: Path
) -> None:
    saved = save(tmp_path, PUBLIC, tell=quiet)
    for path in (saved.data, saved.keys):
        assert path.stat().st_mode & 0o077 == 0
        assert str(ana.pk).encode() not in path.read_bytes()
    assert list(tmp_path.glob("*.part")) == []


def test_keys_are_kept_for_two_weeks_and_data_for_five(db: None, tmp_path: Path) -> None:
    save(tmp_path, PUBLIC, tell=quiet)
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=False):
        assert [path.name.split("-")[0] for path in drop_old(tmp_path)] == ["keys"]
    with time_machine.travel(timezone.now() + timedelta(days=36), tick=False):
        assert [path.name.split("-")[0] for path in drop_old(tmp_path)] == ["data"]
    assert list(archives_in(tmp_path)) == []


def test_what_an_interrupted_backup_left_behind_goes_a_day_later(db: None, tmp_path: Path) -> None:
    part = tmp_path / "data-20260101T000000.part"
    part.write_bytes(b"half an archive")
    assert (drop_old(tmp_path), part.exists()) == ([], True)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert (drop_old(tmp_path), part.exists()) == ([part], False)


def test_the_command_says_what_it_needs(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="wayhouse backup_key"):
        call_command("backup", "--to", str(tmp_path))
    call_command("backup_key")
    said = capsys.readouterr().out
    assert "WAYHOUSE_BACKUP_KEY=wayhouse-public-" in said
    assert "wayhouse-secret-" in said

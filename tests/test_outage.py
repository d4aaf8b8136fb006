"""A full disk or a lost database: 503, nothing half-written, and everything as before once it is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import DatabaseError, InternalError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from throwaway_postgresql import Missing, limit_files

from conftest import Cast
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto.models import Item, Shred
from wayhouse.crypto.shred import add_subject, shred
from wayhouse.groups.tests.conftest import real_database  # noqa: F401  a fixture
from wayhouse.people.models import Person, RosterEntry

SOMEBODY = {
    "role": "member", "languages": ["en"], "slots": ["tue-evening"], "mode": "either",
    "travel": "district", "kinds": ["mixed"], "version": "-1", "meetings_a_week": "1",
}  # fmt: skip


def somebody(name: str) -> dict[str, Any]:
    """What the form for somebody new sends, with a key of its own."""
    return {**SOMEBODY, "name": name, "key": str(uuid4())}


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Person, RosterEntry, Item, Shred, AuditLeaf))


@pytest.fixture
def ana_here(cast: Cast, ana: Person) -> Client:
    client = cast.sign_in(ana)
    client.raise_request_exception = False
    client.get("/people/")  # sits down at the desk
    return client


def refused(state: str) -> DatabaseError:
    """What Django makes of a refusal by PostgreSQL with this number."""
    error = (InternalError if state.startswith("XX") else OperationalError)("no")
    error.__cause__ = type("Refused", (Exception,), {"sqlstate": state})()
    return error


@contextmanager
def full_disk() -> Iterator[None]:
    """SQLite takes no page more; to PostgreSQL the operating system refuses whatever makes a file longer."""
    if connection.vendor == "sqlite":
        (before,) = asked("PRAGMA max_page_count")
        asked(f"PRAGMA max_page_count = {asked('PRAGMA page_count')[0]}")
        try:
            yield
        finally:
            asked(f"PRAGMA max_page_count = {before}")
    else:
        with longest_file(brim_of_items()):
            yield


def brim_of_items() -> int:
    """Fill the table of items as far as the files that hold PostgreSQL's own log; bytes from which on it is full.

    Half a page more, so that a page is begun and cut off, as at the brim of a disk.
    """
    (segment,) = asked("SELECT setting::int FROM pg_settings WHERE name = 'wal_segment_size'")
    with connection.cursor() as cursor:
        # References of what only takes room need not be looked up.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "INSERT INTO crypto_item SELECT made.* FROM crypto_item AS one, generate_series(1, %s) AS n,"
            " jsonb_populate_record(one, jsonb_build_object("
            "   'id', gen_random_uuid(), 'seq', 1000000 + n, 'box', '\\x' || repeat('00', 1900)"
            " )) AS made WHERE one.id = (SELECT id FROM crypto_item LIMIT 1)",
            [segment // 2000],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    (size,) = asked("SELECT pg_relation_size('crypto_item')::int")
    assert size >= segment
    return int(size) + 4096


@contextmanager
def longest_file(size: int) -> Iterator[None]:
    """No process of the server makes a file longer than this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        pids = [pid for (pid,) in cursor.fetchall()]
    data = Path(asked("SHOW data_directory")[0])
    try:
        limit_files(data, pids, size)
    except Missing as missing:
        pytest.skip(str(missing))
    try:
        yield
    finally:
        limit_files(data, pids, None)


def asked(question: str) -> Any:
    """The first row that the database gives."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()


@pytest.mark.abuse(35)
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_database")
def test_a_full_disk_takes_nothing_in_half(ana_here: Client) -> None:
    gone = uuid4()
    add_subject(gone)
    before = counted()
    with full_disk():
        answers: list[int] = []
        while len(answers) < 200 and 503 not in answers:
            name = f"Fox {'abcdefghij'[len(answers) % 10] * 9}{len(answers)}"
            answer = ana_here.post("/people/new/", somebody(name))
            answers.append(answer.status_code)
        assert answers[-1] == 503
        assert set(answers[:-1]) <= {302}
        assert (answer.headers["Retry-After"], b"not taken in" in answer.content) == ("30", True)
        taken = len(answers) - 1
        found = counted()
        assert found[:2] == (before[0] + taken, before[1] + taken)
        assert found[4] == before[4] + taken
        # Erasing makes room and must never wait for it.
        shred(gone)
        assert not Shred.objects.filter(pk=gone).exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert ana_here.post("/people/new/", somebody("Quiet Fox")).status_code == 302
    assert counted()[0] == found[0] + 1


@pytest.mark.abuse(36)
@pytest.mark.parametrize("address", ["/", "/people/", "/help/"])
def test_a_database_that_is_away_is_said_plainly(ana_here: Client, address: str) -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError("the server closed the connection")):
        answer = ana_here.get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"server closed" not in answer.content
    assert ana_here.get(address).status_code == 200


def test_what_fails_after_the_view_is_done_is_not_called_undone(ana_here: Client) -> None:
    before = counted()
    with patch("wayhouse.accounts.session_store.SessionStore.save", side_effect=OperationalError("no space")):
        answer = ana_here.post("/people/new/", somebody("Quiet Fox"))
    assert (answer.status_code, counted()[0]) == (503, before[0] + 1)
    assert (b"look first" in answer.content, b"not taken in" in answer.content) == (True, False)


@pytest.mark.parametrize(("state", "status"), [("XX000", 503), ("XX001", 500)])
def test_a_quota_that_is_used_up_is_a_full_disk_and_another_error_stays_an_error(
    ana_here: Client, state: str, status: int
) -> None:
    with patch("wayhouse.people.views.roster.render", side_effect=refused(state)):
        assert ana_here.get("/people/").status_code == status


@pytest.mark.abuse(36)
def test_of_two_that_waited_for_each_other_a_page_is_read_once_more(ana_here: Client) -> None:
    with (
        patch("wayhouse.core.outage.connection"),
        patch("wayhouse.people.views.roster.render", side_effect=[refused("40P01"), HttpResponse("read")]),
    ):
        assert ana_here.get("/people/").content == b"read"


def test_another_error_stays_an_error(ana_here: Client) -> None:
    with patch("wayhouse.people.views.roster.render", side_effect=ZeroDivisionError):
        answer = ana_here.get("/people/")
    assert (answer.status_code, b"This page cannot be shown" in answer.content) == (500, True)

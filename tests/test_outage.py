"""A full disk or a lost database: 503, nothing half-written, and everything as before once it is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test import Client

from conftest import Cast
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto.models import Item, Shred
from wayhouse.crypto.shred import add_subject, shred
from wayhouse.groups.tests.conftest import real_database  # noqa: F401  a fixture
from wayhouse.people.models import Person, RosterEntry

SOMEBODY = {
    "name": "Quiet Fox", "role": "member", "languages": ["en"], "slots": ["tue-evening"], "mode": "either",
    "travel": "district", "kinds": ["mixed"], "version": "-1", "meetings_a_week": "1",
}  # fmt: skip


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Person, RosterEntry, Item, Shred, AuditLeaf))


@pytest.fixture
def ana_here(cast: Cast, ana: Person) -> Client:
    client = cast.sign_in(ana)
    client.raise_request_exception = False
    client.get("/people/")  # sits down at the desk
    return client


@contextmanager
def full_disk() -> Iterator[None]:
    """SQLite takes no page more; where it is another database, every insert of an item says so."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            (before,) = cursor.execute("PRAGMA max_page_count").fetchone()
            (now,) = cursor.execute("PRAGMA page_count").fetchone()
            cursor.execute(f"PRAGMA max_page_count = {now}")
            try:
                yield
            finally:
                cursor.execute(f"PRAGMA max_page_count = {before}")
    else:
        with patch.object(Item.objects, "bulk_create", side_effect=OperationalError("could not extend file")):
            yield


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
            answer = ana_here.post(
                "/people/new/", {**SOMEBODY, "name": f"Fox {'abcdefghij'[len(answers) % 10] * 9}{len(answers)}"}
            )
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
    assert ana_here.post("/people/new/", SOMEBODY).status_code == 302
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


def test_another_error_stays_an_error(ana_here: Client) -> None:
    with patch("wayhouse.people.views.roster.render", side_effect=ZeroDivisionError):
        answer = ana_here.get("/people/")
    assert (answer.status_code, b"This page cannot be shown" in answer.content) == (500, True)

"""PostgreSQL cuts its connections or is restarted while people read and write; Wayhouse itself goes on."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from test_outage import asked, counted, somebody
from throwaway_postgresql import Missing, restart

from conftest import Cast
from wayhouse.audit.heads import require_whole_log
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Person, RosterEntry

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite is no server"),
]
FORM = "f" * 32
PATIENCE = 60
Answered = tuple[int, bytes]


class Browser:
    """Asks as a server does: connections go back to the pool after each answer."""

    def __init__(self, signed_in: Client) -> None:
        self.requests = RequestFactory()
        self.requests.cookies = signed_in.cookies
        self.requests.cookies[settings.CSRF_COOKIE_NAME] = FORM
        self.handler = WSGIHandler()

    def get(self, path: str) -> Answered:
        return self._ask(self.requests.get(path).environ)

    def enter(self, name: str) -> Answered:
        words = {**somebody(name), "csrfmiddlewaretoken": FORM}
        return self._ask(self.requests.post("/people/new/", words).environ)

    def _ask(self, environ: dict[str, Any]) -> Answered:
        answer: HttpResponse = self.handler(environ, lambda *_head: lambda _body: None)  # type: ignore[assignment]
        found = answer.status_code, answer.content
        answer.close()
        return found


@pytest.fixture
def browser(cast: Cast, ana: Person) -> Iterator[Browser]:
    signed_in = cast.sign_in(ana)
    signed_in.get("/people/")
    connection.close()
    yield Browser(signed_in)
    # What the test cut, the one after it must not find.
    connection.close()


def cut_all() -> None:
    """End every session of this database but the one that asks for it."""
    words = connection.get_connection_params()
    with psycopg.connect(**{name: words[name] for name in ("dbname", "user", "host")}, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@contextmanager
def cut_before(word: str) -> Iterator[list[str]]:
    """Once, just before a statement with this word is run, everything is cut; the statements that were run."""
    ran: list[str] = []

    def run(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if word in sql:
            ran.append(sql)
            if len(ran) == 1:
                cut_all()
        return execute(sql, *more)

    with connection.execute_wrapper(run):
        yield ran


@pytest.mark.abuse(36)
def test_what_was_cut_at_rest_is_replaced_a_page_is_read_once_more_and_a_form_is_not(browser: Browser) -> None:
    before = counted()
    threads = [threading.Thread(target=rest, args=(barrier,)) for barrier in [threading.Barrier(3)] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    cut_all()
    # The first one is a form, which nobody sends once more.
    assert browser.enter("Quiet Fox")[0] == 302
    assert [browser.get("/people/")[0] for _time in range(3)] == [200] * 3
    first = counted()
    with cut_before("people_rosterentry") as ran:
        assert browser.get("/people/")[0] == 200
    assert ran.count(ran[0]) == 2
    with cut_before('INSERT INTO "people_rosterentry"') as ran:
        status, page = browser.enter("Loud Fox")
    assert (status, b"look first" in page, len(ran), counted()) == (503, True, 1, first)
    assert (browser.enter("Loud Fox")[0], counted()[0]) == (302, before[0] + 2)


def rest(together: threading.Barrier) -> None:
    """Leave a connection in the pool."""
    asked("SELECT 1")
    together.wait(PATIENCE)
    connection.close()


@pytest.mark.abuse(36)
def test_a_restart_under_load_loses_nothing_that_was_answered(browser: Browser, cast: Cast, ana: Person) -> None:
    before, data = counted(), Path(asked("SHOW data_directory")[0])
    with durable():
        with load(browser) as (statuses, taken):
            wait_until(lambda: len(taken) >= 5)
            try:
                restart(data)
            except Missing as missing:
                pytest.skip(str(missing))
            again = len(taken), len(statuses["page"])
            wait_until(lambda: len(taken) > again[0] + 2 and len(statuses["page"]) > again[1] + 2)
        assert set(statuses["page"]) <= {200, 503}
        assert set(statuses["form"]) <= {302, 503}
        assert (statuses["page"][-1], statuses["form"][-1]) == (200, 302)
    with cast.acting(ana):
        rows = list(RosterEntry.objects.select_related("item"))
        open_all(rows)
    assert taken - {row.name for row in rows} == set()
    people, entries, *_others, leaves = counted()
    assert people - before[0] == entries - before[1] == leaves - before[4] == len(rows) - before[1]
    require_whole_log()


@contextmanager
def load(browser: Browser) -> Iterator[tuple[dict[str, list[int]], set[str]]]:
    """Two write and two read, each as fast as they are answered: what they were told, and what was taken in."""
    statuses: dict[str, list[int]] = {"page": [], "form": []}
    taken, numbers, over = set[str](), itertools.count(), threading.Event()

    def write() -> None:
        while not over.is_set():
            name = "Fox " + "".join("abcdefghij"[int(digit)] for digit in str(next(numbers)))
            status, _page = browser.enter(name)
            statuses["form"].append(status)
            taken.update({name} if status == 302 else ())

    def read() -> None:
        while not over.is_set():
            statuses["page"].append(browser.get("/people/")[0])

    threads = [threading.Thread(target=work) for work in (write, write, read, read)]
    for thread in threads:
        thread.start()
    try:
        yield statuses, taken
    finally:
        over.set()
        for thread in threads:
            thread.join(PATIENCE)


def wait_until(reached: Callable[[], bool]) -> None:
    turns = threading.Event()
    assert any(reached() or turns.wait(0.01) for _turn in range(PATIENCE * 100)) or reached()


@contextmanager
def durable() -> Iterator[None]:
    """As in earnest: what it has said yes to, it has written down. And little to make good after a fall."""
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {database} SET synchronous_commit = on")
        cursor.execute("CHECKPOINT")
    fresh_pool()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {database} RESET synchronous_commit")
        fresh_pool()


def fresh_pool() -> None:
    """Sessions that begin now, as the database is set now."""
    connection.close()
    wrapper: Any = connection
    wrapper.close_pool()

"""A prepared query is planned once by the server, any other at each run; what it gives and logs stays the same."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from wayhouse.core.postgresql.base import _read
from wayhouse.core.prepared import prepared
from wayhouse.core.together import together

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite plans by itself"),
]

# Core knows no room; its tests take the plainest model there is by name.
Scope: Any = apps.get_model("crypto", "Scope")


@prepared
def lasting(epoch: int) -> QuerySet[Any]:
    return Scope.objects.filter(epoch=epoch, kind="lasting, 100%")  # type: ignore[no-any-return]


@prepared
def passing(epoch: int) -> QuerySet[Any]:
    return Scope.objects.filter(epoch=epoch, kind="passing")  # type: ignore[no-any-return]


def planned(words: str) -> list[tuple[int, list[str]]]:
    """Of statements with these words that the server keeps: how often each was run, and the types of its values."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans, parameter_types::text[] FROM pg_prepared_statements"
            " WHERE strpos(statement, %s) > 0 AND strpos(statement, 'pg_prepared_statements') = 0",
            [words],
        )
        found: list[tuple[int, list[str]]] = cursor.fetchall()
    return found


def test_a_prepared_query_is_planned_once() -> None:
    there = Scope.objects.create(kind="lasting, 100%", epoch=7)
    assert [lasting(epoch=epoch) for epoch in (7, 8, 7)] == [[there], [], [there]]
    # The first run is like any other; psycopg has the second planned.
    assert planned("lasting, 100%") == [(2, ["smallint"])]


def test_what_is_asked_together_is_planned_once() -> None:
    there = Scope.objects.create(kind="passing", epoch=7)
    both = together(passing, lasting)
    assert [both(epoch=epoch) for epoch in (7, 7, 8)] == [([there], []), ([there], []), ([], [])]
    assert [runs for runs, _types in planned("passing")] == [2]


def test_any_other_query_is_not_kept() -> None:
    for _run in range(3):
        list(Scope.objects.filter(kind="met by chance"))
    assert planned("met by chance") == []


def test_the_log_of_queries_has_the_text_of_each() -> None:
    with CaptureQueriesContext(connection) as queries:
        for epoch in (1, 2, 3):
            lasting(epoch=epoch)
    assert ["lasting, 100%" in query["sql"] for query in queries] == [True] * 3


def test_a_moment_is_the_same_as_django_reads_it() -> None:
    read = []
    for cursor in (connection.prepared_cursor(), connection.cursor()):  # type: ignore[attr-defined]
        with cursor:
            cursor.execute("SELECT CAST(%s AS timestamptz)", ["2026-03-29 01:59:59.000001+02:00"])
            ((moment,),) = cursor.fetchall()
            read.append((moment, moment.isoformat(), moment.tzname(), moment.dst() or timedelta(0)))
    assert read[0] == read[1]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("SELECT %s, '100%%', '%%s', '%%%%', %s", "SELECT $1, '100%', '%s', '%%', $2"),
        ("SELECT '%%%s'", "SELECT '%$1'"),
    ],
)
def test_where_values_go(written: str, read: str) -> None:
    assert _read(written) == read


def test_a_statement_without_values_is_left_as_it_is() -> None:
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT '100%%'")
        assert cursor.fetchall() == [("100%%",)]

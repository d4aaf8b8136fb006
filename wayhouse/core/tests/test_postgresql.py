"""A prepared query is planned once by the server, any other at each run; what it gives and logs stays the same."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

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

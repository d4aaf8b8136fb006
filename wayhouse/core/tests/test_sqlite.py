"""The house's own cursor on SQLite reads statements as Django's does."""

import sqlite3

import pytest
from django.db import connection
from django.db.backends.sqlite3 import base as django_sqlite

from wayhouse.core.sqlite import base

STATEMENTS = ["SELECT 1", "SELECT %s", "SELECT %s, '100%%'", "SELECT '%%s', %s", ""]


@pytest.fixture
def cursors() -> "tuple[base.Cursor, django_sqlite.SQLiteCursorWrapper]":
    """One of the house, one of Django's, of a database in memory."""
    opened = sqlite3.connect(":memory:")
    return opened.cursor(base.Cursor), opened.cursor(django_sqlite.SQLiteCursorWrapper)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_it_reads_what_django_reads(
    cursors: "tuple[base.Cursor, django_sqlite.SQLiteCursorWrapper]", statement: str
) -> None:
    ours, theirs = cursors
    # The second time it is remembered.
    assert [ours.convert_query(statement) for _turn in range(2)] == [theirs.convert_query(statement)] * 2


def test_values_have_names_where_they_are_given_so(
    cursors: "tuple[base.Cursor, django_sqlite.SQLiteCursorWrapper]",
) -> None:
    ours, _theirs = cursors
    assert ours.execute("SELECT %(one)s, '100%%'", {"one": 1}).fetchall() == [(1, "100%")]
    assert ours.execute("SELECT %s", [2]).fetchall() == [(2,)]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only of SQLite")
@pytest.mark.django_db
def test_the_house_uses_it() -> None:
    with connection.cursor() as cursor:
        assert type(cursor.cursor) is base.Cursor

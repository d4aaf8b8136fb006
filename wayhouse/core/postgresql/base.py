"""The database engine that `config.environ` names: Django's own, which hands out no connection that was cut.

A restarted server has cut every connection that rests in the pool. Django's health checks would ask it at each request,
and wait longer with each one they find dead; that the other end is closed stands at the socket, for nothing.
"""

import re
import select
from functools import lru_cache
from itertools import count
from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg import Connection, Error, RawCursor
from psycopg.types.datetime import TimestamptzLoader

# As many as SQLite keeps of them (`core.sqlite`): every page of every room has fewer.
STATEMENTS = 1024


class PreparedCursor(base.CursorMixin, RawCursor):
    """A cursor whose statements the server plans once and keeps.

    The values go beside the text. Django's own cursor writes them into it, and each run is planned anew.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        """Moments are read by psycopg itself, in C. Django does it in Python, to put its own object for UTC on them."""
        super().__init__(*args, **options)
        self.adapters.register_loader("timestamptz", TimestamptzLoader)

    def execute(self, query: str, params: Any = None, **options: Any) -> Any:  # type: ignore[override]  # text alone
        """Run a statement that has `%s` where a value goes."""
        return super().execute(query if params is None else _read(query), params, **options)


@lru_cache(STATEMENTS)
def _read(query: str) -> str:
    """A statement as PostgreSQL reads it. psycopg looks through a long one at each run."""
    places = count(1)
    return re.sub("%([%s])", lambda found: "%" if found[1] == "%" else f"${next(places)}", query)


class DatabaseOperations(operations.DatabaseOperations):
    """Django's own, but for the log of queries in tests and while it is worked on."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """The text of a query. psycopg keeps none of what the server has planned: there it is without its values."""
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for what the pool gives and for queries that are planned once."""

    ops_class = DatabaseOperations
    pool: Any

    def prepared_cursor(self) -> Any:
        """A cursor for queries whose text is always the same."""
        self.ensure_connection()
        ordinary = self.connection.cursor_factory
        self.connection.cursor_factory = PreparedCursor
        try:
            return self.cursor()
        finally:
            self.connection.cursor_factory = ordinary

    def get_new_connection(self, conn_params: Any) -> Any:
        """A connection that was there a moment ago. Error: `OperationalError` where none comes in time."""
        connection = super().get_new_connection(conn_params)
        # Each that goes back is made anew beside this one, so there is always another to wait for.
        while self.pool and _is_cut(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


def _is_cut(connection: Connection[Any]) -> bool:
    """Whether the server closed it. Only a socket on which something waits to be read costs a question."""
    rests = select.poll()
    rests.register(connection.fileno(), select.POLLIN | select.POLLHUP)
    if not rests.poll(0):
        return False
    try:
        connection.execute("")
    except Error:
        return True
    return False

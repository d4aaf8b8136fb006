"""The database engine that `config.environ` names: Django's own, which hands out no connection that was cut.

A restarted server has cut every connection that rests in the pool. Django's health checks would ask it at each request,
and wait longer with each one they find dead; that the other end is closed stands at the socket, for nothing.
"""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, Error


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for what the pool gives."""

    pool: Any

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

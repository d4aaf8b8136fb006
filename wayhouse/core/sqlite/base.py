"""The database engine that `config.environ` names: Django's own, which remembers what it made of a statement's text.

Django writes `%s` where a value goes and SQLite reads `?`; it looks for them anew each time, which for the long
statements of a page costs a twentieth of what running them does. Prepared queries give the same text each time.
"""

from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base

# As many as SQLite itself keeps of them (`config.environ`).
STATEMENTS = 1024


class Cursor(base.SQLiteCursorWrapper):
    """Django's own, but for statements that came before."""

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """The statement as SQLite reads it."""
        return _read(query) if param_names is None else super().convert_query(query, param_names=param_names)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for its cursors."""

    def create_cursor(self, name: str | None = None) -> Cursor:
        """A cursor; SQLite knows no names of cursors."""
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        return cursor


@lru_cache(STATEMENTS)
def _read(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")

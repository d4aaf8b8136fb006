"""The fuse: counts the writes of this process and kills it at one of them."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

_WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP", "TRUNCATE")
_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# What changes files, as Python's audit events call it; each is seen before it happens.
_FILES = {"os.rename", "os.remove", "os.truncate", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod"}
# A statement inside of a transaction, one that stands alone and is its own transaction, the end of one, a file.
WITHIN, ALONE, COMMIT, FILE = "within", "alone", "commit", "file"
COMMITTING = {ALONE, COMMIT}


class Fuse:
    """Sees every write of this process: after each statement and commit, and before each change of a file."""

    def __init__(self, folder: Path, *, burns_at: int = 0) -> None:
        """`burns_at`: the number of the write at which the process dies, counted from 1; 0 for never."""
        self.folder, self.burns_at = str(folder), burns_at
        self.seen: list[str] = []

    def light(self) -> None:
        """From now on. There is no way to stop: the process was made for this."""
        connection.execute_wrappers.append(self._statement)
        # Django's own, not in the stubs: the one place by which every transaction ends well.
        commit: Callable[[Any], None] = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]

        def committed(wrapper: Any) -> None:
            commit(wrapper)
            self._see(COMMIT)

        BaseDatabaseWrapper._commit = committed  # type: ignore[attr-defined]
        sys.addaudithook(self._file)

    def _statement(self, execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(_WRITING):
            self._see(WITHIN if connection.in_atomic_block else ALONE)
        return done

    def _file(self, event: str, words: tuple[Any, ...]) -> None:
        writes = event in _FILES or (event == "open" and isinstance(words[2], int) and words[2] & _FLAGS)
        if writes and str(words[0]).startswith(self.folder):
            self._see(FILE)

    def _see(self, kind: str) -> None:
        self.seen.append(kind)
        if len(self.seen) == self.burns_at:
            os.kill(os.getpid(), signal.SIGKILL)

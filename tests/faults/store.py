"""The database of the house under fire, which can be put back to how it was."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.db import connection


class Store(Protocol):
    """Keeps pictures of the whole database by name."""

    def keep(self, name: str) -> None: ...

    def put_back(self, name: str) -> None: ...


def store(folder: Path) -> Store:
    """For the database that the settings name. Nothing may be connected to it while it is kept or put back."""
    # A pool has threads, and threads do not survive a fork.
    connection.settings_dict["OPTIONS"].pop("pool", None)
    return _File(folder) if connection.vendor == "sqlite" else _Server()


class _File:
    def __init__(self, folder: Path) -> None:
        self.folder, self.live = folder, Path(connection.settings_dict["NAME"])

    def keep(self, name: str) -> None:
        connection.close()
        for live, kept in self._files(name):
            kept.unlink(missing_ok=True)
            if live.exists():
                shutil.copyfile(live, kept)

    def put_back(self, name: str) -> None:
        connection.close()
        for live, kept in self._files(name):
            live.unlink(missing_ok=True)
            if kept.exists():
                shutil.copyfile(kept, live)

    def _files(self, name: str) -> list[tuple[Path, Path]]:
        return [(Path(f"{self.live}{end}"), self.folder / f"{name}.kept{end}") for end in ("", "-wal", "-shm")]


class _Server:
    def __init__(self) -> None:
        self.live = connection.settings_dict["NAME"]

    def keep(self, name: str) -> None:
        self._copy(self.live, f"{self.live}_{name}")

    def put_back(self, name: str) -> None:
        self._copy(f"{self.live}_{name}", self.live)

    def _copy(self, source: str, target: str) -> None:
        connection.close()
        with maintenance() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


@contextmanager
def maintenance() -> Iterator[Any]:
    """A cursor of the server's own database, outside of transactions."""
    import psycopg

    known = connection.settings_dict
    words = {"host": known["HOST"], "user": known["USER"], "password": known["PASSWORD"], "port": known["PORT"]}
    options = {"host": known["OPTIONS"].get("host")} if not known["HOST"] else {}
    given = {name: value for name, value in {**words, **options}.items() if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **given) as server:
        yield server.cursor()

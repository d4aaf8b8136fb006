"""An SQLite file in which every table stands, made once in a run: to migrate takes as long as many tests together."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

EmptyHouse = Callable[[Path], Path]
_ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def empty_house(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> EmptyHouse:
    """Puts a migrated database into a folder of data, makes the folder where it is missing, and returns the file."""
    made = tmp_path_factory.mktemp("empty") / "wayhouse.sqlite3"
    if connection.vendor == "sqlite":
        # The database of these tests, in which nothing is between two of them.
        with django_db_blocker.unblock():
            connection.ensure_connection()
            with sqlite3.connect(made) as copy:
                connection.connection.backup(copy)
            copy.close()
    else:
        own = {"WAYHOUSE_DATA": str(made.parent), "WAYHOUSE_DATABASE_URL": "", "PYTHONPATH": str(_ROOT)}
        command = [sys.executable, "-m", "wayhouse.config", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=_ROOT, env={**os.environ, **own}, check=True)

    def put(data: Path) -> Path:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Path(shutil.copyfile(made, data / made.name))

    return put

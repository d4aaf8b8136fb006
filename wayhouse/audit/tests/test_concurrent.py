import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from wayhouse.audit import tree
from wayhouse.audit.models import AuditLeaf, AuditState
from wayhouse.audit.record import record

WRITERS, EACH = 8, 12


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """On SQLite, a copy of the test database in a file: the one in memory has other locks than a real one."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    path = tmp_path / "house.sqlite3"
    with sqlite3.connect(path) as copy:
        connection.connection.backup(copy)
    copy.close()
    own = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(path)
    yield
    connection.settings_dict["NAME"] = own


def append_some(start: Barrier, writer: int) -> None:
    """One writer: appends, and gives up every third action."""
    start.wait()
    try:
        for number in range(EACH):
            with transaction.atomic():
                record("attendance.recorded", writer=writer, number=number)
                transaction.set_rollback(number % 3 == 2)
    finally:
        connections.close_all()


def read_back() -> tuple[int, bytes, list[tuple[int, bytes]]]:
    try:
        state = AuditState.objects.get()
        leaves = [(leaf.index, leaf.canonical()) for leaf in AuditLeaf.objects.order_by("index")]
        return state.size, state.root, leaves
    finally:
        connections.close_all()


@pytest.mark.usefixtures("shared_database")
@pytest.mark.abuse(30)
def test_many_writers_at_once_leave_no_gap_and_one_tree() -> None:
    start = Barrier(WRITERS)
    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(append_some, start, writer) for writer in range(WRITERS)]:
            done.result()
        size, root, leaves = pool.submit(read_back).result()
    assert size == WRITERS * EACH * 2 // 3
    assert [index for index, _ in leaves] == list(range(size))
    frontier: list[bytes] = []
    for index, entry in leaves:
        frontier, _ = tree.append(frontier, index, tree.leaf_hash(entry))
    assert root == tree.root(frontier)

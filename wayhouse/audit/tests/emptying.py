"""Emptying the log between tests: the one thing its triggers forbid.

Tests that commit are cleaned up by Django with DELETE or TRUNCATE, which an append-only table refuses.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from wayhouse.audit.models import AuditDetail, AuditLeaf, AuditState


@contextmanager
def without_triggers() -> Iterator[None]:
    """What somebody does first who owns the database and wants to change the past."""
    with transaction.atomic(), connection.cursor() as cursor:
        # PostgreSQL checks foreign keys late, and alters no table with checks outstanding.
        connection.check_constraints()
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_leaf'")
            triggers = dict(cursor.fetchall())
            for name in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("ALTER TABLE audit_leaf DISABLE TRIGGER USER")
        yield
        connection.check_constraints()
        if connection.vendor == "sqlite":
            for sql in triggers.values():
                cursor.execute(sql)
        else:
            cursor.execute("ALTER TABLE audit_leaf ENABLE TRIGGER USER")


@pytest.fixture(autouse=True)
def emptied_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test that commits, and before Django's own cleaning: an empty log, its triggers in place."""
    if not _commits(request):
        yield
        return
    # Asked for here, so that it is torn down after this fixture.
    request.getfixturevalue("transactional_db")
    yield
    with without_triggers():
        for model in (AuditDetail, AuditLeaf, AuditState):
            model._default_manager.all().delete()


def _commits(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        return True
    return bool({"transactional_db", "live_server"} & set(request.fixturenames))

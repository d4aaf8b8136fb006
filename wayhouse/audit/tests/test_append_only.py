from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.deletion import ProtectedError

from wayhouse.audit.models import AuditDetail, AuditLeaf, AuditState
from wayhouse.audit.record import record

pytestmark = pytest.mark.django_db

COLUMNS = '"index", day, kind, actor_tag, object_tag, detail_commit, hash, subtrees'


@pytest.fixture(autouse=True)
def three_entries() -> None:
    for _ in range(3):
        record("attendance.recorded", marked=5)


@contextmanager
def refused() -> Iterator[None]:
    before = list(AuditLeaf.objects.order_by("index").values())
    with pytest.raises(IntegrityError, match="audit_leaf"), transaction.atomic():
        yield
    assert list(AuditLeaf.objects.order_by("index").values()) == before


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_orm_changes_no_entry() -> None:
    with refused():
        AuditLeaf.objects.filter(index=1).update(kind="attendance.forged")
    leaf = AuditLeaf.objects.get(index=1)
    leaf.kind = "attendance.forged"
    with refused():
        leaf.save()


def test_the_orm_removes_no_entry() -> None:
    with pytest.raises(ProtectedError):
        AuditLeaf.objects.filter(index=2).delete()
    AuditDetail.objects.all().delete()
    with refused():
        AuditLeaf.objects.filter(index=2).delete()
    with refused():
        AuditLeaf.objects.get(index=2).delete()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_leaf SET kind = 'x.y'",
        'UPDATE audit_leaf SET "index" = 9 WHERE "index" = 2',
        'DELETE FROM audit_leaf WHERE "index" = 2',
        "DELETE FROM audit_leaf",
    ],
)
def test_plain_sql_neither_changes_nor_removes(sql: str) -> None:
    AuditDetail.objects.all().delete()
    with refused():
        execute(sql)


@pytest.mark.parametrize("index", [-1, 1, 4])
def test_an_entry_is_added_at_the_end_only(index: int) -> None:
    with refused():
        execute(
            f"INSERT INTO audit_leaf ({COLUMNS}) "  # noqa: S608 - our own constants
            f"SELECT {index}, day, kind, actor_tag, object_tag, detail_commit, hash, subtrees "
            'FROM audit_leaf WHERE "index" = 0'
        )


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="REPLACE is a word of SQLite")
def test_replacing_is_removing() -> None:
    with refused():
        execute(
            f"INSERT OR REPLACE INTO audit_leaf ({COLUMNS}) "  # noqa: S608 - our own constants
            "SELECT \"index\", day, 'x.y', actor_tag, object_tag, detail_commit, hash, subtrees "
            'FROM audit_leaf WHERE "index" = 2'
        )


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="TRUNCATE is a word of PostgreSQL")
def test_emptying_is_removing() -> None:
    # Otherwise PostgreSQL refuses because of late foreign key checks, and not because of the trigger.
    connection.check_constraints()
    with refused():
        execute("TRUNCATE audit_leaf, audit_detail")


def test_the_state_has_one_row() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditState.objects.create(id=2)
    assert AuditState.objects.count() == 1

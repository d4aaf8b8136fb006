"""The role that serves on PostgreSQL, after `wayhouse grant`: it does its work, and cannot rewrite the log."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from wayhouse.audit.forgetting import drop_old_details
from wayhouse.audit.guards import may_rewrite
from wayhouse.audit.heads import publish_head
from wayhouse.audit.models import AuditDetail
from wayhouse.audit.record import record
from wayhouse.config.examination import GOOD, examine
from wayhouse.people.invitations import found

pytestmark = pytest.mark.django_db
FORBIDDEN = """
UPDATE audit_leaf SET kind = 'x.y'
DELETE FROM audit_leaf
TRUNCATE audit_leaf, audit_detail
ALTER TABLE audit_leaf DISABLE TRIGGER ALL
DROP TRIGGER audit_leaf_append_only ON audit_leaf
DROP TABLE audit_leaf CASCADE
SET session_replication_role = 'replica'
UPDATE audit_head SET note = ''
DELETE FROM audit_head
TRUNCATE audit_head
UPDATE audit_detail SET detail = '{}'
TRUNCATE audit_detail
DELETE FROM audit_state
DELETE FROM django_migrations
CREATE TABLE audit_leaf_of_mine (x int)
"""


@pytest.mark.abuse(33)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no roles")
def test_the_role_that_serves_adds_to_the_log_and_takes_nothing_from_it() -> None:
    assert may_rewrite()
    with connection.cursor() as cursor:
        (owner,) = cursor.execute("SELECT current_user").fetchone()
        with pytest.raises(CommandError, match="There is no role serving"):
            call_command("grant", "serving")
        cursor.execute("CREATE ROLE serving; CREATE ROLE serving_too")
        # What was given by hand before goes.
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO serving")
        with pytest.raises(CommandError, match="can do whatever the owner"):
            call_command("grant", owner)
        call_command("grant", "serving", stdout=(said := StringIO()))
        call_command("grant", "serving", "--print", stdout=(printed := StringIO()))
        assert said.getvalue() == (
            f"{len(printed.getvalue().splitlines())} grants."
            " serving can add to the log, and neither change nor remove anything of it.\n"
        )
        cursor.execute("SET LOCAL ROLE serving")
        with pytest.raises(CommandError, match="Run this as the owner"):
            call_command("grant", "serving_too")
        found("Lantern", "Open circle", "Ana", time_zone="Europe/Berlin")
        entry = record("attendance.recorded", marked=7)
        assert publish_head().size == entry.index + 1
        assert drop_old_details() == 0
        assert AuditDetail.objects.filter(leaf=entry).delete()[0] == 1
        assert [line for line in FORBIDDEN.strip().splitlines() if not refused(line)] == []
        # PostgreSQL warns and gives nothing.
        cursor.execute("GRANT ALL ON audit_leaf, audit_head TO serving")
        assert not may_rewrite()
        assert "The database role that serves can only add to the log." in [
            one.words for one in examine() if one.level == GOOD
        ]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a PostgreSQL server has roles")
def test_a_file_has_no_roles() -> None:
    with pytest.raises(CommandError, match="SQLite has no roles"):
        call_command("grant", "serving")


def refused(statement: str) -> bool:
    """Whether the database says that this role may not, and not that the row may not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return error.__cause__.__class__.__name__ == "InsufficientPrivilege"
    return False

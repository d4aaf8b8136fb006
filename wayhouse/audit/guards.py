"""What the database itself holds against rewriting the log: triggers on both, rights of the serving role on PostgreSQL.

The second line. The first are the signed heads, which show what was rewritten also where all of this was taken away.
"""

from django.db import connection

from wayhouse.audit.models import AuditDetail, AuditLeaf, AuditState, TreeHead

# By table, what whoever serves needs: to add. Details go when their time is over; the state grows with each entry.
ENOUGH = {
    AuditLeaf: "SELECT, INSERT",
    TreeHead: "SELECT, INSERT",
    AuditDetail: "SELECT, INSERT, DELETE",
    AuditState: "SELECT, INSERT, UPDATE",
}
# As the migration `append_only` names them.
_TRIGGERS = {
    "sqlite": ["audit_leaf_never_changed", "audit_leaf_never_removed", "audit_leaf_only_appended"],
    "postgresql": ["audit_leaf_append_only", "audit_leaf_never_emptied"],
}
_STANDING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_leaf' ORDER BY 1",
    # Not those that somebody switched off.
    "postgresql": (
        "SELECT tgname FROM pg_trigger"
        " WHERE tgrelid = 'audit_leaf'::regclass AND NOT tgisinternal AND tgenabled IN ('O', 'A') ORDER BY 1"
    ),
}
# Whoever owns a table, or may act as its owner, gives themselves every right on it and takes its triggers away.
_COULD = """
    SELECT bool_or(
        pg_has_role(relowner, 'MEMBER') OR has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
    ) FROM pg_class WHERE oid IN ('audit_leaf'::regclass, 'audit_head'::regclass)
"""


def triggers_stand() -> bool:
    """Whether every trigger is there that refuses to change, remove or slip in an entry."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor])
        return [name for (name,) in cursor.fetchall()] == _TRIGGERS[connection.vendor]


def may_rewrite() -> bool:
    """Whether the role of this connection could rewrite the log. On SQLite whoever has the file can."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(_COULD)
        (could,) = cursor.fetchone()
    return bool(could)

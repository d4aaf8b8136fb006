"""Two roles on PostgreSQL: one owns the tables and serves nobody; the other serves, and only adds to the log."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from wayhouse.audit.guards import ENOUGH

_EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
_SEQUENCES = "USAGE, SELECT"
_LIKE_THE_OWNER = """
    SELECT pg_has_role(oid, (SELECT relowner FROM pg_class WHERE oid = 'audit_leaf'::regclass), 'MEMBER')
    FROM pg_roles WHERE rolname = %s
"""


class NoSuchRoleError(Exception):
    """The database knows no role of this name."""


class OwningRoleError(Exception):
    """The role owns the tables, may act as who does, or is a superuser: whatever is taken from it, it takes back."""


class NotOwnerError(Exception):
    """Whoever calls does not own the tables: PostgreSQL would warn, give nothing and take nothing."""


def grant(role: str) -> list[str]:
    """Give a role what serving needs and nothing else; what was done, as SQL. Whoever calls owns the tables.

    Errors: `NoSuchRoleError`, `OwningRoleError`, `NotOwnerError`.
    """
    could = _like_the_owner(role)
    if could is None:
        raise NoSuchRoleError
    if could:
        raise OwningRoleError
    if not _like_the_owner(_current("user")):
        raise NotOwnerError
    done = list(statements(role))
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in done:
            cursor.execute(statement)
    return done


def statements(role: str) -> Iterator[str]:
    """The grants for the tables that there are; tables of later releases are taken in by default."""
    name, schema = (connection.ops.quote_name(word) for word in (role, _current("schema")))
    narrow = {model._meta.db_table: rights for model, rights in ENOUGH.items()}  # noqa: SLF001  documented
    narrow[MigrationRecorder.Migration._meta.db_table] = "SELECT"  # noqa: SLF001  documented
    there = set(connection.introspection.table_names())
    tables = sorted(there & {*connection.introspection.django_table_names(), *narrow})
    yield f"GRANT USAGE ON SCHEMA {schema} TO {name}"
    for table in tables:
        # Also what somebody gave before, to this role or to everybody.
        yield f"REVOKE ALL ON TABLE {schema}.{connection.ops.quote_name(table)} FROM PUBLIC, {name}"
        rights = narrow.get(table, _EVERYTHING)
        yield f"GRANT {rights} ON TABLE {schema}.{connection.ops.quote_name(table)} TO {name}"
    yield f"GRANT {_SEQUENCES} ON ALL SEQUENCES IN SCHEMA {schema} TO {name}"
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {_EVERYTHING} ON TABLES TO {name}"
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {_SEQUENCES} ON SEQUENCES TO {name}"


def _like_the_owner(role: str) -> bool | None:
    """Whether a role can do what the owner of the tables can; None where there is no such role."""
    with connection.cursor() as cursor:
        cursor.execute(_LIKE_THE_OWNER, [role])
        found = cursor.fetchone()
    return bool(found[0]) if found else None


def _current(what: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT current_{what}")
        return str(cursor.fetchone()[0])

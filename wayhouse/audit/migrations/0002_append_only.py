"""The database itself refuses to change or remove a leaf, or to add one anywhere but at the end.

A second line: the signed heads show tampering even where somebody removes these triggers first. They are not
left to the rights of a database role, since small houses have one role that owns everything.
A later migration that makes Django rebuild `audit_leaf` on SQLite drops them and must install them again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """
    CREATE TRIGGER audit_leaf_never_changed BEFORE UPDATE ON audit_leaf
    BEGIN SELECT RAISE(ABORT, 'audit_leaf: an entry of the log is never changed'); END
    """,
    """
    CREATE TRIGGER audit_leaf_never_removed BEFORE DELETE ON audit_leaf
    BEGIN SELECT RAISE(ABORT, 'audit_leaf: an entry of the log is never removed'); END
    """,
    # Without this one, INSERT OR REPLACE would remove an entry unseen: SQLite fires no DELETE trigger for it.
    """
    CREATE TRIGGER audit_leaf_only_appended BEFORE INSERT ON audit_leaf
    WHEN NEW."index" <> (SELECT COALESCE(MAX("index") + 1, 0) FROM audit_leaf)
    BEGIN SELECT RAISE(ABORT, 'audit_leaf: an entry is only ever added at the end'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION audit_leaf_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' AND NEW."index" = (SELECT COALESCE(MAX("index") + 1, 0) FROM audit_leaf) THEN
            RETURN NEW;
        END IF;
        IF TG_OP = 'TRUNCATE' AND NOT EXISTS (SELECT 1 FROM audit_leaf) THEN
            RETURN NULL;
        END IF;
        RAISE EXCEPTION 'audit_leaf: the log is only ever added to, at the end (%)', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER audit_leaf_append_only BEFORE INSERT OR UPDATE OR DELETE ON audit_leaf
    FOR EACH ROW EXECUTE FUNCTION audit_leaf_refuse()
    """,
    """
    CREATE TRIGGER audit_leaf_never_emptied BEFORE TRUNCATE ON audit_leaf
    FOR EACH STATEMENT EXECUTE FUNCTION audit_leaf_refuse()
    """,
)
STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def install(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers of this database."""
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        # None for no parameters: the texts hold a percent sign.
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Not reversible: a log that can be rewritten is none."""

    dependencies = (("audit", "0001_initial"),)
    operations = (migrations.RunPython(install),)

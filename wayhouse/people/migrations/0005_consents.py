"""The ledger of consent, whose rows the database itself refuses to change; they go only with their person.

A later migration that makes Django rebuild the table on SQLite drops the trigger and must install it again.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

STATEMENTS = {
    "sqlite": (
        """
        CREATE TRIGGER people_consententry_never_changed BEFORE UPDATE ON people_consententry
        BEGIN SELECT RAISE(ABORT, 'people_consententry: an entry of the ledger is never changed'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION people_consententry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'people_consententry: an entry of the ledger is never changed'
                USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        """
        CREATE TRIGGER people_consententry_never_changed BEFORE UPDATE ON people_consententry
        FOR EACH ROW EXECUTE FUNCTION people_consententry_refuse()
        """,
    ),
}


def install(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the trigger of this database."""
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_ways_back_outlive_their_staff'),
    ]

    operations = [
        migrations.AddField(
            model_name='programme',
            name='lists_outdated',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='ConsentEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=16)),
                ('about', models.UUIDField()),
                ('step', models.CharField(choices=[('given', 'said yes'), ('withdrawn', 'took it back')], max_length=12)),
                ('version', models.CharField(max_length=16)),
                ('language', models.CharField(max_length=8)),
                ('how', models.CharField(choices=[('self', 'by myself'), ('helper', 'with somebody who helped'), ('interpreter', 'with an interpreter')], default='self', max_length=12)),
                ('on', models.DateField()),
                ('until', models.DateField(null=True)),
                ('effects', models.PositiveIntegerField(default=0)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'purpose', 'about'], name='consent_of_a_person')],
            },
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]

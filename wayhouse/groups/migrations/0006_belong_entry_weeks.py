"""The weeks in which running groups take people in, as the pack of each cycle names them."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def fill(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Cycles that began before: of the one pack that comes with the house they are known."""
    shipped = apps.get_model("groups", "Cycle").objects.filter(pack="twelve-evenings", pack_version="1.0.0")
    shipped.update(entry_weeks=[1, 2, 3, 5, 9])


class Migration(migrations.Migration):
    dependencies = [("groups", "0005_calls_shown")]

    operations = [
        migrations.AddField("cycle", "entry_weeks", models.JSONField(default=list)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

"""That an evening is closed, also where nobody ticked the talk; until now only a tick said so."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Whoever ticked the talk closed the evening."""
    apps.get_model("meetings", "EveningRecord").objects.filter(debriefed=True).update(closed=True)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0010_circle_cycle_needed")]

    operations = [
        migrations.AddField("eveningrecord", "closed", models.BooleanField(default=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

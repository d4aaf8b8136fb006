"""Whether shifts are to be looked at again, because somebody took a seat or is to be kept apart from somebody."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def look_once(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Until now nobody looked again."""
    apps.get_model("people", "Programme").objects.update(shifts_unchecked=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0009_was_paused")]

    operations = [
        migrations.AddField("programme", "shifts_unchecked", models.BooleanField(default=False)),
        migrations.RunPython(look_once, migrations.RunPython.noop),
    ]

"""Copies of roster rows, closed for whom they are about; the next coordinator who is here writes those there are."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def look_once(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody has a copy yet."""
    apps.get_model("people", "Programme").objects.update(rows_unsealed=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0010_belong_unchecked")]

    operations = [
        migrations.AddField("programme", "rows_unsealed", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="OwnRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("letter", models.BinaryField()),
                ("number", models.BigIntegerField()),
                ("for_key", models.BinaryField()),
                ("written_on", models.DateField(default=django.utils.timezone.localdate)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="own_row", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.RunPython(look_once, migrations.RunPython.noop),
    ]

"""What is closed under a hold is known from the hold alone: no mark in clear says beside which random id there is one."""

from typing import Any

from django.db import migrations, models


def take_marks_off(apps: Any, _schema: Any) -> None:
    """The words stay closed: their writer asked for everything to be erased, which the hold knows."""
    apps.get_model("conversations", "Post").objects.filter(state="closed").update(state="shown")


class Migration(migrations.Migration):
    dependencies = [("conversations", "0004_seal_marks")]

    operations = [
        migrations.RunPython(take_marks_off, migrations.RunPython.noop),
        migrations.AlterField(
            "post",
            "state",
            models.CharField(
                choices=[("shown", "shown"), ("struck", "taken back"), ("hidden", "hidden")],
                default="shown",
                max_length=8,
            ),
        ),
    ]

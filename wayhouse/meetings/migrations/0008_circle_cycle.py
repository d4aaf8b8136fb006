"""Each evening says in which cycle it was planned: its group may go on in another one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groups", "0007_circle_every"), ("meetings", "0007_belong_place")]

    operations = [
        migrations.AddField("guide", "until_week", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField(
            "meeting",
            "cycle",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="meetings", to="groups.cycle"
            ),
        ),
    ]

"""Every evening has its cycle, and a group has one evening in each week of each cycle."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0009_circle_cycle_known")]

    operations = [
        migrations.AlterField(
            "meeting",
            "cycle",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="meetings", to="groups.cycle"
            ),
        ),
        migrations.RemoveConstraint("meeting", "one_meeting_a_week"),
        migrations.AddConstraint(
            "meeting", models.UniqueConstraint(fields=["group", "cycle", "week"], name="one_meeting_a_week")
        ),
    ]

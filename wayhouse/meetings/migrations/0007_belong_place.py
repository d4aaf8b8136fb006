"""An evening can have another place than the one that was shown; such a change needs no reason of those of a move."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_availability_poll")]

    operations = [
        migrations.AlterField(
            "change",
            "kind",
            models.CharField(
                choices=[
                    ("moved", "moved to another time"),
                    ("skipped", "does not take place"),
                    ("swapped", "has another topic"),
                    ("place", "has another place or address"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            "change",
            "reason",
            models.CharField(
                blank=True,
                choices=[
                    ("room", "The room is not available."),
                    ("staff", "Somebody who leads cannot come."),
                    ("holiday", "There is a holiday."),
                    ("wish", "The group asked for it."),
                    ("safety", "It is safer this way."),
                ],
                max_length=8,
            ),
        ),
    ]

"""Whether the mentor may be asked after missed evenings, too; and letters that are told of each in their own time."""

from typing import Any

from django.db import migrations, models


def keep_what_was_told(apps: Any, _schema: Any) -> None:
    """What somebody was told of before is not told again."""
    letters, sides = apps.get_model("mentoring", "Letter").objects, apps.get_model("mentoring", "Side").objects
    reader = sides.filter(pair=models.OuterRef("pair"), told__gte=models.OuterRef("number"))
    letters.filter(models.Exists(reader.exclude(person=models.OuterRef("person")))).update(told=True)


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0003_questions")]

    operations = [
        migrations.AddField("pair", "if_missed", models.BooleanField(default=False)),
        migrations.AddField("letter", "told", models.BooleanField(default=False)),
        migrations.RunPython(keep_what_was_told, migrations.RunPython.noop),
        migrations.RemoveField("side", "told"),
    ]

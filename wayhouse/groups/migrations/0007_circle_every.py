"""An open circle meets less often than every week."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groups", "0006_belong_entry_weeks")]

    operations = [migrations.AddField("cycle", "every", models.PositiveSmallIntegerField(default=1))]

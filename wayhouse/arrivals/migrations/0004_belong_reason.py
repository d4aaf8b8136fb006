"""Why staff would welcome somebody lies sealed from now on.

No migration has the keys to seal what stood in clear: it is dropped, and said once more where it is still to be decided.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("arrivals", "0003_first_steps"),
        ("crypto", "0006_scopes_that_follow"),
        ("people", "0009_was_paused"),
    ]

    operations = [
        migrations.DeleteModel(name="Voice"),
        migrations.CreateModel(
            name="Voice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said_on", models.DateField(default=django.utils.timezone.localdate)),
                ("contact", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="voices", to="arrivals.contact")),
                ("item", models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crypto.item")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="voices", to="people.person")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("contact", "person"), name="one_voice_for_a_contact")],
            },
        ),
    ]

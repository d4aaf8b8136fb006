"""Drawings beside proposals, and several proposals kept at once, told apart by their numbers."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def number_proposals(apps, schema_editor):
    """Count the proposals of each cycle and kind."""
    last = {}
    for proposal in apps.get_model("groups", "Proposal").objects.order_by("made_on", "item__seq"):
        key = proposal.cycle_id, proposal.kind
        last[key] = last.get(key, 0) + 1
        proposal.number = last[key]
        proposal.save(update_fields=["number"])


class Migration(migrations.Migration):
    dependencies = [("groups", "0002_drawing_since")]

    operations = [
        migrations.RemoveField(model_name="cycle", name="drawing_since"),
        migrations.RemoveConstraint(model_name="proposal", name="one_open_proposal_of_a_kind"),
        migrations.AddField(model_name="proposal", name="number", field=models.PositiveIntegerField(default=1)),
        migrations.RunPython(number_proposals, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(fields=("cycle", "kind", "number"), name="one_proposal_of_a_number"),
        ),
        migrations.CreateModel(
            name="Drawing",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(choices=[("groups", "groups"), ("rota", "rota")], max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "running"), ("done", "done"), ("broken", "broken off")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("seconds", models.PositiveSmallIntegerField()),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("heard_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("stop_asked", models.BooleanField(default=False)),
                ("objective", models.BigIntegerField(null=True)),
                ("bound", models.BigIntegerField(null=True)),
                ("letter", models.BinaryField(null=True)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drawings", to="groups.cycle"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "kind"), name="one_drawing_of_a_kind"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("cycle",),
                        name="one_drawing_runs_for_a_cycle",
                    ),
                ]
            },
        ),
    ]

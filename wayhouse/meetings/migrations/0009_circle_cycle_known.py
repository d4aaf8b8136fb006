"""Until now every evening was one of the cycle of its group. A migration of its own: PostgreSQL wants it so."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Write down the cycle of the group."""
    groups = apps.get_model("groups", "Group").objects.filter(pk=OuterRef("group"))
    apps.get_model("meetings", "Meeting").objects.update(cycle=Subquery(groups.values("cycle")))


class Migration(migrations.Migration):
    dependencies = [("meetings", "0008_circle_cycle")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

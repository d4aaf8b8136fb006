"""The house that is soaked: that of `faults`, in the database that the settings name."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from faults.house import House
from faults.store import store


def built() -> House:
    """Migrated and full."""
    folder = Path(settings.WAYHOUSE_DATA)
    kept = store(folder)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    house = House(kept, folder / "files")
    house.build()
    return house

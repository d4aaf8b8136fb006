"""`wayhouse backup_key`: the pair of keys that backups are sealed to."""

from typing import Any

from django.core.management.base import BaseCommand

from wayhouse.crypto.archive import make_keys


class Command(BaseCommand):
    """Prints a new pair and keeps neither half."""

    help = "Make the keys for backups: one half for the settings, the other to write down and lock away."

    def handle(self, *args: Any, **options: Any) -> None:
        public, secret = make_keys()
        self.stdout.write(
            f"For the settings of this machine:\n  WAYHOUSE_BACKUP_KEY={public}\n\n"
            "To write down twice and lock away in two places, never on this machine. Without it no backup opens:\n"
            f"  {secret}"
        )

"""`wayhouse backup`: two archives that this machine can write and not read."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wayhouse.config.backup.saving import LEDGER, drop_old, save
from wayhouse.crypto.archive import BadKeyError


class Command(BaseCommand):
    """Writes both archives and removes those that were kept long enough."""

    help = "Write a backup in two archives, sealed to the offline key. Run it once a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=Path(settings.WAYHOUSE_BACKUPS), help="folder of the archives")

    def handle(self, *args: Any, to: Path, **options: Any) -> None:
        if not settings.WAYHOUSE_BACKUP_KEY:
            raise CommandError("Set WAYHOUSE_BACKUP_KEY first; `wayhouse backup_key` makes one.")
        try:
            saved = save(to, settings.WAYHOUSE_BACKUP_KEY, tell=self.stdout.write)
            old = drop_old(to)
        except BadKeyError as error:
            raise CommandError(f"WAYHOUSE_BACKUP_KEY: {error}.") from error
        except OSError as error:
            raise CommandError(f"Nothing was written: {error}") from error
        self.stdout.write(f"\n{saved.rows} rows in {saved.data} and {saved.keys}; {len(old)} old archives removed.")
        self.stdout.write(f"Keep the two apart, and {to / LEDGER} away from both.")

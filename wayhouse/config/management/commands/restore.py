"""`wayhouse restore`: two archives and the offline key into an empty database."""

import sys
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wayhouse.config.backup.restoring import NotEmptyError, NotOneBackupError, SelfTestError, restore
from wayhouse.crypto.archive import BadKeyError
from wayhouse.crypto.box import CannotOpen

_ANSWERS: dict[type[Exception], str] = {
    NotEmptyError: "this database holds people or a log already. Restore into a new one (`wayhouse migrate` makes it)",
    NotOneBackupError: "the two files are not halves of one backup made by this version",
    CannotOpen: "an archive does not open: another key, the other archive, or a damaged file",
}


class Command(BaseCommand):
    """Restores, replays the ledger of erasures and tests what came back."""

    help = "Restore a backup into an empty database: all of it, or nothing. Asks for the offline key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, required=True)
        parser.add_argument("--keys", type=Path, required=True)
        parser.add_argument("--ledger", type=Path, required=True, help="the latest erased.txt: who was erased since")

    def handle(self, *args: Any, data: Path, keys: Path, ledger: Path, **options: Any) -> None:
        try:
            erased = ledger.read_text(encoding="ascii")
            done = restore(data, keys, _secret(), ledger=erased, tell=self.stdout.write)
        except tuple(_ANSWERS) as error:
            raise CommandError(f"Nothing was restored: {_ANSWERS[type(error)]}.") from error
        except (BadKeyError, SelfTestError, OSError, ValueError) as error:
            raise CommandError(f"Nothing was restored: {error}.") from error
        self.stdout.write(f"\n{done.rows} rows restored and tested. Everybody signs in again.")


def _secret() -> str:
    """The offline key, typed unseen, or the first line of standard input. Never an argument: others see those."""
    return getpass("Offline key: ") if sys.stdin.isatty() else sys.stdin.readline()

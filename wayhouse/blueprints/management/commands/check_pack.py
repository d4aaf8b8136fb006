"""`wayhouse check_pack FOLDER`: is a blueprint pack whole? Prints every problem by file, line and field."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wayhouse.blueprints.pack import load
from wayhouse.blueprints.reading import PackError


class Command(BaseCommand):
    """Checks a pack."""

    help = "Check a blueprint pack and print every problem by file, line and field."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            pack = load(folder)
        except PackError as error:
            raise CommandError(f"{len(error.problems)} problems\n{error}") from error
        guides = sum(len(found) for found in pack.guides.values())
        self.stdout.write(f"{pack.key} {pack.version}: {guides} guides in {len(pack.languages)} languages, all whole.")

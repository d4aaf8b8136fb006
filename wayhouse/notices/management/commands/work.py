"""`wayhouse work`: whatever is due, while nobody is signed in. Needs nobody's key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from wayhouse.notices.sweeps import sweep
from wayhouse.notices.working import work


class Command(BaseCommand):
    """Sends what is due and keeps every clock of the house, beside the server."""

    help = "Look after whatever is due, every few seconds: messages, clocks, tidying. `wayhouse serve` starts one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, and say how much it did")
        parser.add_argument("--every", type=float, default=5, help="seconds between two rounds (5)")
        parser.add_argument("--parent", type=int, help="end with the process of this number, which started it")

    def handle(self, *args: Any, once: bool, every: float, parent: int | None, **options: Any) -> None:
        if not once:
            work(every=every, parent=parent)
            return
        for name, count in sweep().items():
            self.stdout.write(f"{name}: {count}")

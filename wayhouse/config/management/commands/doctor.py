"""`wayhouse doctor`: what is exposed, what is overdue, what a thief would hold."""

import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from wayhouse.config.examination import BAD, GOOD, LOOK, examine

SIGNS = {GOOD: "  good  ", LOOK: "  look  ", BAD: "  MEND  "}


class Command(BaseCommand):
    """Prints a line for each thing looked at; ends with 1 where something has to be mended."""

    help = "Look this installation over. Opens nothing and names nobody; ends with 1 where something must be mended."

    def handle(self, *args: Any, **options: Any) -> None:
        found: Counter[str] = Counter()
        for finding in examine():
            self.stdout.write(f"{SIGNS[finding.level]}{finding.words}")
            self.stdout.flush()
            found[finding.level] += 1
        self.stdout.write(f"\n{found[BAD]} to mend, {found[LOOK]} to think about.")
        if found[BAD]:
            sys.exit(1)

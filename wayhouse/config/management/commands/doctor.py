"""`wayhouse doctor`: what is exposed, what is overdue, what a thief would hold."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from wayhouse.config.examination import BAD, GOOD, LOOK, examine

SIGNS = {GOOD: "  good  ", LOOK: "  look  ", BAD: "  MEND  "}


class Command(BaseCommand):
    """Prints a line for each thing looked at; ends with 1 where something has to be mended."""

    help = "Look this installation over. Opens nothing and names nobody; ends with 1 where something must be mended."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine()
        for finding in findings:
            self.stdout.write(f"{SIGNS[finding.level]}{finding.words}")
        mend = sum(finding.level == BAD for finding in findings)
        think = sum(finding.level == LOOK for finding in findings)
        self.stdout.write(f"\n{mend} to mend, {think} to think about.")
        if mend:
            sys.exit(1)

"""`wayhouse tidy`: what has run out goes, keys that served long enough are followed by new ones, the log is signed.

Once an hour, which `wayhouse work` does by itself; needs nobody's key.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from wayhouse.audit.heads import publish_head
from wayhouse.audit.proofs import DamagedLogError
from wayhouse.crypto.scopes import rotate_due
from wayhouse.crypto.shred import scrub
from wayhouse.leaving.clocks import run_clocks


class Command(BaseCommand):
    """Ends whatever has a clock (`leaving/clocks.py`) and the epochs whose time is over."""

    help = "Remove what is kept no longer (docs/reference/retention.md), renew keys, sign the log. Once an hour."

    def handle(self, *args: Any, **options: Any) -> None:
        done = run_clocks()
        rotated = rotate_due()
        # Where somebody was reading at the moment of an erasure, its traces in the write-ahead log go now.
        scrub()
        if rotated.done:
            self.stdout.write(f"{rotated.done} scopes have new keys.")
        try:
            self.stdout.write(f"The log is signed at {publish_head().size} entries.")
        except DamagedLogError as error:
            self.stderr.write(f"The log is NOT signed: {error}.")
        with override("en"):
            for clock, number in done:
                if number:
                    self.stdout.write(f"{clock.kind}: {number} {clock.fate}.")
        if rotated.refused:
            self.stderr.write(
                f"{rotated.refused} scopes keep their old keys: a public key in them is not the one that was bound."
            )

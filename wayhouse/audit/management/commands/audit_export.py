"""Write out the entries of the log for the auditor."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wayhouse.audit.export import leaf_lines
from wayhouse.audit.heads import latest_head


class Command(BaseCommand):
    """`wayhouse audit_export`: JSON lines on the standard output, up to the last signed head."""

    help = "Print every entry up to a signed head as JSON lines (tags and commitments, no details)."

    def add_arguments(self, parser: CommandParser) -> None:
        """One option: how many entries."""
        parser.add_argument("--size", type=int, help="how many entries; as many as the last signed head by default")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Refuse sizes beyond the last head: what is not signed yet proves nothing."""
        head = latest_head()
        if head is None:
            raise CommandError("There is no signed head yet. Run audit_head first.")
        size = head.size if options["size"] is None else options["size"]
        if not 0 <= size <= head.size:
            raise CommandError(f"The last signed head covers {head.size} entries, not {size}.")
        for line in leaf_lines(size):
            self.stdout.write(line, ending="")

"""Sign the log as it stands and print the head."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wayhouse.audit.heads import publish_head
from wayhouse.audit.proofs import DamagedLogError


class Command(BaseCommand):
    """`wayhouse audit_head`: for a clock (hourly) and for the auditor's mail."""

    help = "Sign the audit log as it stands and print the signed head. Does nothing new if nothing was added."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the note alone, so that the output can be kept as a file."""
        try:
            head = publish_head()
        except DamagedLogError as error:
            raise CommandError(error) from error
        self.stdout.write(head.note, ending="")

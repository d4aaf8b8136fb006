"""`wayhouse tidy`: what has run out goes, and keys that served long enough are followed by new ones.

Once an hour; needs nobody's key.
"""

from typing import Any

from django.core.management.base import BaseCommand

from wayhouse.accounts.session_store import SessionStore
from wayhouse.crypto.scopes import rotate_due
from wayhouse.people.importing import drop_expired_drafts
from wayhouse.people.invitations import close_expired_invitations


class Command(BaseCommand):
    """Ends sessions, drafts, invitations and epochs whose time is over."""

    help = "Remove sessions, drafts and invitations that have run out, and renew keys. Run it once an hour."

    def handle(self, *args: Any, **options: Any) -> None:
        SessionStore.clear_expired()
        drafts, invitations = drop_expired_drafts(), close_expired_invitations()
        rotated = rotate_due()
        if rotated.done:
            self.stdout.write(f"{rotated.done} scopes have new keys.")
        self.stdout.write(f"{drafts} drafts and {invitations} invitations had run out.")
        if rotated.refused:
            self.stderr.write(
                f"{rotated.refused} scopes keep their old keys: a public key in them is not the one that was bound."
            )

"""`wayhouse tidy`: what has run out goes, keys that served long enough are followed by new ones, the log is signed.

Once an hour, which `wayhouse work` does by itself; needs nobody's key.
"""

from typing import Any

from django.core.management.base import BaseCommand

from wayhouse.accounts.session_store import SessionStore
from wayhouse.audit.heads import publish_head
from wayhouse.audit.proofs import DamagedLogError
from wayhouse.crypto.scopes import rotate_due
from wayhouse.crypto.shred import scrub
from wayhouse.leaving.erasing import erase_overdue
from wayhouse.meetings.parting import drop_old_cards
from wayhouse.notices.actions import drop_old_notices
from wayhouse.people.importing import drop_expired_drafts
from wayhouse.people.invitations import close_expired_invitations
from wayhouse.people.way_back import close_expired_ways_back


class Command(BaseCommand):
    """Ends sessions, drafts, invitations, ways back and epochs whose time is over."""

    help = (
        "Remove sessions, drafts, invitations and ways back that have run out, renew keys, sign the log. Once an hour."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        SessionStore.clear_expired()
        erased, cards = erase_overdue(), drop_old_cards()
        drafts, invitations = drop_expired_drafts(), close_expired_invitations()
        close_expired_ways_back()
        drop_old_notices()
        rotated = rotate_due()
        # Where somebody was reading at the moment of an erasure, its traces in the write-ahead log go now.
        scrub()
        if rotated.done:
            self.stdout.write(f"{rotated.done} scopes have new keys.")
        try:
            self.stdout.write(f"The log is signed at {publish_head().size} entries.")
        except DamagedLogError as error:
            self.stderr.write(f"The log is NOT signed: {error}.")
        self.stdout.write(f"{erased} people who left are erased; {cards} cards of past evenings are deleted.")
        self.stdout.write(f"{drafts} drafts and {invitations} invitations had run out.")
        if rotated.refused:
            self.stderr.write(
                f"{rotated.refused} scopes keep their old keys: a public key in them is not the one that was bound."
            )

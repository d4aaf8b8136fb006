"""`wayhouse tidy`: what has run out goes. Once an hour; needs nobody's key."""

from typing import Any

from django.core.management.base import BaseCommand

from wayhouse.accounts.session_store import SessionStore
from wayhouse.people.importing import drop_expired_drafts
from wayhouse.people.invitations import close_expired_invitations


class Command(BaseCommand):
    """Ends sessions, drafts and invitations whose time is over."""

    help = "Remove sessions, drafts of imports and invitations that have run out. Run it once an hour."

    def handle(self, *args: Any, **options: Any) -> None:
        SessionStore.clear_expired()
        drafts, invitations = drop_expired_drafts(), close_expired_invitations()
        self.stdout.write(f"{drafts} drafts and {invitations} invitations had run out.")

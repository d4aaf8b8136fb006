"""A page that waits: how long it may stay on the screen untouched, and who it belongs to.

Fifteen quiet minutes end a session (abuse catalogue, row 7). The page then puts itself away with what was typed
(`core/waiting.js`) and comes back when the same person has signed in again.
"""

import hmac
from typing import cast
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from wayhouse.accounts.session_store import SessionStore
from wayhouse.crypto import server

_TAG_BYTES = 8


def waiting(request: HttpRequest) -> dict[str, object]:
    """The context processor of all pages: `idle`, seconds a page may stay, and `who` owns it; nothing for visitors."""
    user_id = request.session.get(SESSION_KEY)
    if not user_id:
        return {}
    return {"idle": cast("SessionStore", request.session).seconds_left(), "who": owner_tag(UUID(user_id))}


def owner_tag(user_id: UUID) -> str:
    """Tells a page whether the same person is back, and nothing else; after a restart it is another one."""
    return hmac.digest(server.boot_key(), b"page" + user_id.bytes, "sha256")[:_TAG_BYTES].hex()

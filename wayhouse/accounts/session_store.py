"""The session store of the house: hashed at rest, sealed under the cookie's token and the key of this start.

Django's own store keeps the session key in clear (ticket 21076), so a stolen database would sign a thief in.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhouse.accounts.models import CLOCKS_APART, Session
from wayhouse.core.prepared import prepared
from wayhouse.crypto import server
from wayhouse.crypto.box import CannotOpen, bind, close, hkdf, open_box

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
# The idle clock is written at most once in this time, so that reading a page costs no write.
_TICK = timedelta(minutes=1)
_HOLD = "_held_until"
_SPAN = "_longest"


class SessionStore(SessionBase):
    """`session_key` is the secret token of the cookie; the table never sees it."""

    def load(self) -> dict[str, Any]:
        """The session's data, or an empty session where the token opens nothing."""
        row = self._row()
        data = self._open(row) if row else None
        if row is None or data is None:
            self._session_key = None
            return {}
        self._ends_at = row.ends_at
        self._touch(row, data)
        return data

    async def aload(self) -> dict[str, Any]:
        """Not used by this synchronous house, but Django's interface asks for it."""
        return self.load()

    def exists(self, session_key: str) -> bool:
        """Whether a token has a row."""
        return Session.objects.filter(pk=_sid(session_key)).exists()

    def create(self) -> None:
        """A fresh token with an empty session."""
        self._session_key = secrets.token_urlsafe(32)
        self._ends_at = timezone.now() + _span_of(getattr(self, "_session_cache", {}))
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  Django's signature
        """Write the data, sealed. Errors: `CreateError`, `UpdateError` as Django expects; `OperationalError`."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # Django's own, not in the stubs
        row = self._sealed_row(data)
        try:
            with transaction.atomic():
                row.save(force_insert=must_create, force_update=not must_create)
        except OperationalError:
            # The database is away or locked: that passes, and is said as what it is.
            raise
        except DatabaseError as error:
            # Ended elsewhere in the meantime: writing it again would bring it back to life.
            raise (CreateError if must_create else UpdateError) from error

    def cycle_key(self) -> None:
        """A new token for the same session. Only signing in begins eight new hours."""
        ends_at = self._ends_at if SESSION_KEY in self else None
        super().cycle_key()
        self._ends_at = ends_at or self._ends_at

    def delete(self, session_key: str | None = None) -> None:
        """Remove a session's row."""
        token = session_key or self.session_key
        if token:
            Session.objects.filter(pk=_sid(token)).delete()

    @property
    def sid(self) -> str:
        """The hash under which this session's row stands; not enough to be signed in with."""
        return _sid(self.session_key or "")

    def hold_open(self, until: datetime) -> None:
        """Do not lock for idleness before this moment: somebody runs an evening with the phone in the pocket."""
        self[_HOLD] = until.isoformat()

    def end_within(self, span: timedelta) -> None:
        """Last no longer than this since signing in. A session never gets longer again."""
        lasts = _span_of(self._session)  # type: ignore[attr-defined]  # Django's own, not in the stubs
        if span < lasts:
            self._ends_at -= lasts - span
            self[_SPAN] = span.total_seconds()

    def seconds_left(self) -> int:
        """How long this session lasts without another request."""
        now = timezone.now()
        idle_at = _idle_at(self._session, now)  # type: ignore[attr-defined]  # Django's own, not in the stubs
        return max(0, int((min(idle_at, self._ends_at) - now).total_seconds()))

    def get_expiry_date(self, **_unused: Any) -> datetime:
        """When the session ends whatever happens."""
        return self._ends_at

    @classmethod
    def clear_expired(cls) -> int:  # type: ignore[override]  # Django's returns nothing
        """Remove what has ended. How many there were."""
        now = timezone.now()
        ended, idle = Session.objects.filter(ends_at__lte=now), Session.objects.filter(idle_at__lte=now)
        return ended.delete()[0] + idle.delete()[0]

    _ends_at = datetime.max.replace(tzinfo=timezone.get_default_timezone())

    def _row(self) -> Session | None:
        if not self.session_key:
            return None
        now = timezone.now()
        return next(iter(_open_session(sid=_sid(self.session_key), now=now, begun_by=now + CLOCKS_APART)), None)

    def _open(self, row: Session) -> dict[str, Any] | None:
        token = self.session_key or ""
        try:
            plain = open_box(_key(token), bytes(row.box), bind("session", row.pk, str(row.user_id)))
        except CannotOpen:
            return None  # another start of the server: everybody signs in again
        data: dict[str, Any] = json.loads(plain)
        return data

    def _sealed_row(self, data: dict[str, Any]) -> Session:
        token, now = self.session_key or "", timezone.now()
        sid, user_id = _sid(token), data.get(SESSION_KEY)
        box = close(_key(token), json.dumps(data).encode(), bind("session", sid, str(user_id)))
        span = _span_of(data)
        self._ends_at = min(self._ends_at, now + span)
        created_at = self._ends_at - span
        idle_at = _idle_at(data, now)
        return Session(sid=sid, user_id=user_id, box=box, created_at=created_at, idle_at=idle_at, ends_at=self._ends_at)

    def _touch(self, row: Session, data: dict[str, Any]) -> None:
        idle_at = _idle_at(data, timezone.now())
        if idle_at - row.idle_at > _TICK:
            Session.objects.filter(pk=row.pk).update(idle_at=idle_at)


@prepared
def _open_session(sid: str, now: datetime, begun_by: datetime) -> QuerySet[Session]:
    return Session.objects.still_open(now, begun_by).filter(pk=sid)


def end_sessions(user_id: UUID, *, but: str | None = None) -> None:
    """End all sessions of an account at once, except the one with the token `but`."""
    ending = Session.objects.filter(user_id=user_id)
    if but:
        ending = ending.exclude(pk=_sid(but))
    ending.delete()


def _idle_at(data: dict[str, Any], now: datetime) -> datetime:
    held = data.get(_HOLD)
    return max(now + IDLE, datetime.fromisoformat(held)) if held else now + IDLE


def _span_of(data: Mapping[str, Any]) -> timedelta:
    return timedelta(seconds=data[_SPAN]) if _SPAN in data else LONGEST


def _sid(token: str) -> str:
    return hashlib.sha256(b"sid" + token.encode()).hexdigest()


def _key(token: str) -> bytes:
    return hkdf(token.encode(), b"session", salt=server.boot_key())

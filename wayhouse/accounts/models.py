"""Accounts and sessions. A stolen table of either names nobody and signs nobody in."""

import unicodedata
import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from wayhouse.crypto import server
from wayhouse.crypto.models import Keyholder

LONGEST_HANDLE = 64


def handle_tag(handle: str) -> str:
    """The blind tag (32 hex digits) under which a handle is found; spelling is folded, case does not matter."""
    folded = unicodedata.normalize("NFKC", handle).casefold()
    return server.blind_tag("handle", " ".join(folded.split()))


class UserManager(BaseUserManager["User"]):
    """Look-ups that Django's sign-in asks for."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of a handle tag."""
        return self.get(username=username)

    def by_handle(self, handle: str) -> tuple["User | None", Keyholder]:
        """The active user of a handle, and their key holder.

        For an unknown handle: None, and a holder who has no keys, so that trying to open them costs the same.
        """
        tag = handle_tag(handle)
        user = self.select_related("holder").filter(username=tag, is_active=True).first()
        return user, user.holder if user else Keyholder(pk=uuid.UUID(tag))


class User(AbstractBaseUser):
    """An account: a blind tag of the handle and a key holder. The passphrase opens a slot; no hash of it is here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=32, unique=True)
    holder = models.OneToOneField(Keyholder, on_delete=models.PROTECT, related_name="user")
    is_active = models.BooleanField(default=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    # The secret key between passphrase and session, only in memory; set by the backend that checked it.
    unlocked: "bytes | None" = None

    # The types of this account's second steps, once they were looked up; only in memory.
    step_kinds: "frozenset[str] | None" = None

    # Signing in must not write down when somebody was here.
    last_login = None

    def __str__(self) -> str:
        """Never a name."""
        return "account"

    def has_usable_password(self) -> bool:
        """Every account has a passphrase. Without this the library would not ask for it again before a change."""
        return True


# The clocks of two machines that serve one house may differ by this much.
CLOCKS_APART = timedelta(seconds=90)


class SessionQuerySet(models.QuerySet["Session"]):
    """Sets of sessions."""

    def still_open(self, now: datetime | None = None, begun_by: datetime | None = None) -> Self:
        """What has not ended yet, now or at another moment, and what began before `begun_by`, a little later than that.

        A clock that went back behind the beginning of a session is wrong: it must not bring an ended one back.
        """
        at = now or timezone.now()
        return self.filter(ends_at__gt=at, idle_at__gt=at, created_at__lte=begun_by or at + CLOCKS_APART)


class Session(models.Model):
    """One signed-in browser. The row holds a hash of its token and a box that only the token opens."""

    sid = models.CharField(primary_key=True, max_length=64)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    box = models.BinaryField()
    created_at = models.DateTimeField()
    idle_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField(db_index=True)

    objects = SessionQuerySet.as_manager()

"""Who signed in: handle and passphrase open the account's key slot. No password hash exists."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from wayhouse.accounts.models import User
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.slots import open_with_passphrase


class PassphraseBackend(BaseBackend):
    """Checks a passphrase by opening the slot with it; costs the same for a handle that does not exist."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """The user with `unlocked` set to the secret key, or None. Error: `Busy`."""
        if username is None or password is None:
            return None
        user, holder = User.objects.by_handle(username)
        try:
            secret = open_with_passphrase(holder, password, holder.pk.hex)
        except CannotOpen:
            return None
        assert user is not None  # noqa: S101  nobody's slot never opens
        user.unlocked = secret
        return user

    def get_user(self, user_id: Any) -> User | None:
        """The user of a session."""
        return User.objects.filter(pk=user_id, is_active=True).first()

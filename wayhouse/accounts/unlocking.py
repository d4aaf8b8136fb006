"""From passphrase to keyring: the secret key lives in the sealed session and nowhere else.

Between passphrase and second factor it waits apart, bound to the account that typed it, for ten minutes.
"""

import secrets
import time
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from wayhouse.accounts.models import User
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring
from wayhouse.crypto.slots import open_with_code, open_with_passphrase

_WAITING, _UNLOCKED, _DESKS, _CODE = "waiting_key", "key", "desk_keys", "code_to_keep"
_PATIENCE_SECONDS = 600
_GROUPS_ASKED_BACK = 2


def wait(request: HttpRequest, user: User) -> None:
    """Keep an opened key until the second factor was given, under a token that nobody could have planted."""
    if user.unlocked:
        if request.session.session_key:
            request.session.cycle_key()
        request.session[_WAITING] = [str(user.pk), user.unlocked.hex(), int(time.time()) + _PATIENCE_SECONDS]


def waiting(request: HttpRequest, user: AbstractBaseUser) -> bytes | None:
    """The key that waits for this account, if its time is not over."""
    kept = request.session.get(_WAITING)
    if not kept or kept[0] != str(user.pk):
        return None
    if kept[2] < time.time():
        del request.session[_WAITING]
        return None
    return bytes.fromhex(kept[1])


def unlock(request: HttpRequest, secret: bytes) -> None:
    """Put the secret key into the signed-in session."""
    request.session.pop(_WAITING, None)
    request.session[_UNLOCKED] = secret.hex()


def is_unlocked(request: HttpRequest) -> bool:
    """Whether this session can open sealed words. Not every passkey unlocks what it signs in to."""
    return _UNLOCKED in request.session


def secret_of(request: HttpRequest) -> bytes | None:
    """The secret key of a signed-in, unlocked session."""
    secret = request.session.get(_UNLOCKED)
    return bytes.fromhex(secret) if secret else None


def keyring_of(request: HttpRequest, holder_id: UUID) -> Keyring | None:
    """The keyring of a signed-in, unlocked session, without desks: whether somebody sits at one, `people` knows."""
    secret = secret_of(request)
    return Keyring(holder_id, secret) if secret else None


def remember_desk(request: HttpRequest, desk_id: UUID, secret: bytes) -> None:
    """Spare the next page opening the desk again; the session is sealed and ends with the role."""
    request.session[_DESKS] = {**request.session.get(_DESKS, {}), str(desk_id): secret.hex()}


def desk_secret(request: HttpRequest, desk_id: UUID) -> bytes | None:
    """The secret of a desk at which this session sat down before."""
    kept = request.session.get(_DESKS, {}).get(str(desk_id))
    return bytes.fromhex(kept) if kept else None


def secret_by_passphrase(user: User, passphrase: str) -> bytes | None:
    """The account's secret key, or None where the passphrase is wrong. Error: `Busy`."""
    try:
        return open_with_passphrase(user.holder, passphrase, user.username)
    except CannotOpen:
        return None


def account_by_code(handle: str, code: str) -> tuple[User, bytes] | None:
    """The account of a handle and its secret key by recovery code, or None; an unknown handle costs the same."""
    user, holder = User.objects.by_handle(handle)
    try:
        secret = open_with_code(holder, code)
    except CannotOpen:
        return None
    assert user is not None  # noqa: S101  nobody's slot never opens
    return user, secret


def show_code(request: HttpRequest, code: str) -> None:
    """Keep a fresh recovery code in the sealed session until its owner has shown that they wrote it down."""
    # A new token: whoever planted the old one must not read the code.
    request.session.cycle_key()
    asked = sorted(secrets.SystemRandom().sample(range(len(code.split("-"))), _GROUPS_ASKED_BACK))
    request.session[_CODE] = [code, asked]


def code_to_keep(request: HttpRequest) -> tuple[str, list[int]] | None:
    """The code that waits to be written down, and which of its groups (from 0) are asked back."""
    kept = request.session.get(_CODE)
    return (kept[0], kept[1]) if kept else None


def forget_code(request: HttpRequest) -> None:
    """The code is on paper now."""
    request.session.pop(_CODE, None)

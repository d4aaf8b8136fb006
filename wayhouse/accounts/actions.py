"""What is done with an account: open it, change its passphrase, recover it, renew its code, end its sessions."""

from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.dispatch import Signal

from wayhouse.accounts import rules
from wayhouse.accounts.models import Session, User, handle_tag
from wayhouse.accounts.session_store import end_sessions
from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import grants, scopes, slots
from wayhouse.crypto.keyring import Keyring
from wayhouse.crypto.models import Keyholder
from wayhouse.crypto.passphrase import SHORTEST

# In the transaction, while no key is held yet: rooms above hold what they will write. Argument: `user`.
keys_renewing = Signal()
# In the transaction: rooms above renew what the old key led to. Arguments: `user`, and the new `keyring`.
keys_renewed = Signal()


class HandleTaken(Exception):  # noqa: N818  an answer to a person, not a fault
    """This handle cannot be used; whether somebody has it is not said elsewhere."""


def open_account(handle: str, passphrase: str) -> tuple[User, bytes, str]:
    """A new account; returns (user, secret key, recovery code). The code is shown once and kept nowhere.

    Errors: `HandleTaken`; `ValueError` for a passphrase under 15 or over 256 characters; `Busy`.
    """
    _check_length(passphrase)
    with transaction.atomic():
        holder, secret = slots.new_holder(Keyholder.Kind.ACCOUNT)
        user = User(username=handle_tag(handle), holder=holder)
        user.set_unusable_password()
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError as error:
            raise HandleTaken from error
        slots.set_passphrase(holder, secret, passphrase)
        code = slots.set_recovery_code(holder, secret)
        record("account.opened", user, actor=user)
    return user, secret, code


def change_passphrase(user: User, secret: bytes, passphrase: str, *, keep_session: str | None = None) -> None:
    """Replace the passphrase; every other session of the account ends. Errors as `open_account`."""
    _check_length(passphrase)
    with transaction.atomic():
        slots.set_passphrase(user.holder, secret, passphrase)
        end_sessions(user.pk, but=keep_session)
        record("passphrase.changed", user, actor=user)


def recover_account(user: User, secret: bytes, passphrase: str) -> str:
    """After the recovery code opened the account: a new passphrase, a new code, all sessions ended.

    Returns the new code. Errors as `open_account`.
    """
    _check_length(passphrase)
    with transaction.atomic():
        slots.set_passphrase(user.holder, secret, passphrase)
        code = slots.set_recovery_code(user.holder, secret)
        end_sessions(user.pk)
        record("account.recovered", user, actor=user)
    return code


def renew_recovery_code(user: User, secret: bytes) -> str:
    """A new recovery code, to be shown once; the one before opens nothing any more."""
    with transaction.atomic():
        code = slots.set_recovery_code(user.holder, secret)
        record("recovery_code.renewed", user, actor=user)
    return code


def let_passkey_open(user: User, secret: bytes, credential_id: bytes, prf: bytes) -> None:
    """From now on this passkey opens the account's words, by what its extension "prf" gives. Error: `ValueError`."""
    with transaction.atomic():
        slots.set_passkey(user.holder, secret, credential_id, prf)
        record("passkey.opens", user, actor=user)


def renew_keys(user: User, secret: bytes, passphrase: str, *, keep_session: str | None = None) -> tuple[bytes, str]:
    """Another key pair, after the old one may have been seen; every other session ends.

    `passphrase` is the present one, which opens the new key too; passkeys only sign in from now on, until each is added
    again: what it gives is only on its device. Returns (new secret key, new recovery code).
    Errors: `CannotOpen`, and nothing is changed; `Busy`.
    """
    with transaction.atomic():
        keys_renewing.send(User, user=user)
        fresh = scopes.renew_holder(user.holder, Keyring(user.holder_id, secret))
        slots.set_passphrase(user.holder, fresh, passphrase)
        slots.drop_passkeys(user.holder)
        code = slots.set_recovery_code(user.holder, fresh)
        keys_renewed.send(User, user=user, keyring=Keyring(user.holder_id, fresh))
        end_sessions(user.pk, but=keep_session)
        record("keys.renewed", user, actor=user)
    return fresh, code


def close_account(user: User) -> None:
    """Delete an account with its keys, second steps and sessions; its handle is free again."""
    with transaction.atomic():
        record("account.closed", user)
        holder = user.holder
        user.delete()
        holder.delete()


def lock_account(user: User) -> None:
    """Nobody signs in with it any more, and its handle is free again; its keys stay until it is closed."""
    with transaction.atomic():
        user.is_active, user.username = False, handle_tag(str(uuid4()))
        user.save(update_fields=["is_active", "username"])
        end_sessions(user.pk)
        record("account.locked", user)


def begin_again(user: User, passphrase: str) -> tuple[bytes, str]:
    """A new key pair, passphrase and recovery code for an account whose owner lost all that opened it.

    Second steps and sessions end. Whoever calls has made sure who the owner is. Returns (secret key, recovery code).
    Errors as `open_account`.
    """
    _check_length(passphrase)
    with transaction.atomic():
        secret = grants.begin_again(user.holder)
        user.holder.slots.all().delete()
        slots.set_passphrase(user.holder, secret, passphrase)
        code = slots.set_recovery_code(user.holder, secret)
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user.pk)
        record("account.begun_again", user, actor=user)
    return secret, code


def end_session(session: Session, *, actor: User) -> None:
    """Sign out one browser, wherever it is. What it shows on its screen stays until it asks for the next page."""
    require(rules.may_end_session(actor, session))
    with transaction.atomic():
        session.delete()
        record("session.ended", actor, actor=actor)


def end_other_sessions(user: User, *, keep_session: str) -> None:
    """Sign out every other browser of an account."""
    with transaction.atomic():
        end_sessions(user.pk, but=keep_session)
        record("sessions.ended", user, actor=user)


def _check_length(passphrase: str) -> None:
    if len(passphrase) < SHORTEST:
        message = f"a passphrase has at least {SHORTEST} characters"
        raise ValueError(message)

"""Passkeys that open one's words, by what their WebAuthn extension "prf" gives (decision 17).

Everything here comes after the passkey itself was verified; what it gave is used at once and kept nowhere.
"""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import parse_registration_response

from wayhouse.accounts.models import User
from wayhouse.audit.record import record_failure
from wayhouse.crypto import slots
from wayhouse.crypto.box import CannotOpen


def id_in(credential: dict[str, Any]) -> bytes:
    """By which a device knows the passkey that a browser has made, as the verified attestation says."""
    made = parse_registration_response(credential).response.attestation_object.auth_data.credential_data
    known: bytes = made.credential_id
    return known


def secret_by_passkey(passkey: Authenticator, prf: bytes) -> bytes | None:
    """The secret key of the passkey's account, or None where it opens nothing; that it should have is logged."""
    user: User = passkey.user
    try:
        return slots.open_with_passkey(user.holder, id_in(passkey.data["credential"]), prf)
    except CannotOpen:
        if user.holder.slots.filter(credential=tag(passkey)).exists():
            record_failure("passkey.unopened", actor=user)
        return None


def stop_opening(passkey: Authenticator) -> None:
    """The passkey is going: what it opened, it opens no more."""
    slots.drop_passkeys(passkey.user.holder, id_in(passkey.data["credential"]))


def last_openings(user: User, secret: bytes) -> dict[str, date | None]:
    """Which passkeys open the account's words, by `tag`, and on which day each last did. Only its owner can ask."""
    return slots.passkeys_of(user.holder_id, secret)


def tag(passkey: Authenticator) -> str:
    """Under which the slot of a passkey is found."""
    return slots.credential_tag(id_in(passkey.data["credential"]))

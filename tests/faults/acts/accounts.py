"""Accounts, sessions and second steps."""

import time
from unittest.mock import patch

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from conftest import PASSPHRASE
from faults.acts import Done, act
from faults.house import House
from faults.invariants import ANOTHER
from wayhouse.accounts import actions, passkeys
from wayhouse.accounts.models import Session, User
from wayhouse.accounts.session_store import SessionStore
from wayhouse.people.invitations import accept_invitation, invite


@act("account.opened", "invitation.accepted", thrifty=True)
def accept_an_invitation(house: House) -> Done:
    with house.acting():
        person = house.town.members("Eve")[0]
        token = invite(person, "Eve", actor=house.ana)
    return lambda: accept_invitation(token, "eve", PASSPHRASE)


@act("passphrase.changed")
def change_the_passphrase(house: House) -> Done:
    return lambda: actions.change_passphrase(*_cass(house), ANOTHER)


@act("account.recovered")
def recover_an_account(house: House) -> Done:
    house.cast.sign_in(house.person("cass"))
    return lambda: actions.recover_account(*_cass(house), ANOTHER)


@act("recovery_code.renewed")
def renew_the_recovery_code(house: House) -> Done:
    return lambda: actions.renew_recovery_code(*_cass(house))


@act("passkey.opens")
def let_a_passkey_open(house: House) -> Done:
    user, secret = _cass(house)
    return lambda: actions.let_passkey_open(user, secret, b"credential", bytes(32))


@act("keys.renewed")
def renew_the_keys_of_a_member(house: House) -> Done:
    return lambda: actions.renew_keys(*_cass(house), PASSPHRASE)


@act("keys.renewed", thrifty=True)
def renew_the_keys_of_a_coordinator(house: House) -> Done:
    user = house.person("cleo").user
    assert user is not None
    secret = house.cast.secrets[house.people["cleo"].pk]
    return lambda: actions.renew_keys(user, secret, PASSPHRASE)


@act("session.ended")
def end_a_session(house: House) -> Done:
    user, _secret = _cass(house)
    house.cast.sign_in(house.person("cass"))
    return lambda: actions.end_session(Session.objects.get(user=user), actor=user)


@act("sessions.ended")
def end_other_sessions(house: House) -> Done:
    user, _secret = _cass(house)
    for _browser in range(3):
        house.cast.sign_in(house.person("cass"))
    return lambda: actions.end_other_sessions(user, keep_session="another")


@act("signin.refused")
def sign_in_with_a_wrong_passphrase(house: House) -> Done:
    cache.clear()
    return lambda: _sign_in("cass", ANOTHER)


@act()
def sign_in(house: House) -> Done:
    cache.clear()
    return lambda: _sign_in("cass", PASSPHRASE)


@act()
def sign_out(house: House) -> Done:
    browser = house.cast.sign_in(house.person("cass"))
    return lambda: browser.post(reverse("account_logout"))


@act("second_step.added", "spare_codes.renewed")
def add_an_app(house: House) -> Done:
    browser = _proven(house)
    seed = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    code = format_hotp_value(hotp_value(seed, int(time.time()) // 30))

    def add() -> None:
        browser.post(reverse("mfa_activate_totp"), {"code": code})
        browser.post(reverse("mfa_generate_recovery_codes"))

    return add


@act("second_step.removed")
def remove_an_app(house: House) -> Done:
    browser = _proven(house)
    TOTP.activate(house.person("cass").user, "JBSWY3DPEHPK3PXP")
    return lambda: browser.post(reverse("mfa_deactivate_totp"))


@act("passkey.removed")
def remove_a_passkey(house: House) -> Done:
    browser = _proven(house)
    data = {"name": "phone", "credential": {}}
    made = Authenticator.objects.create(user=house.person("cass").user, type="webauthn", data=data)

    def removed() -> object:
        # What a device signed is read by the library; what counts here is the writing.
        with patch.object(passkeys, "id_in", return_value=b"phone"):
            return browser.post(reverse("mfa_remove_webauthn", args=[made.pk]))

    return removed


@act()
def end_what_has_run_out(house: House) -> Done:
    house.cast.sign_in(house.person("cass"))
    Session.objects.update(ends_at="2020-01-01T00:00:00Z")
    return SessionStore.clear_expired


def _cass(house: House) -> tuple[User, bytes]:
    user = house.person("cass").user
    assert user is not None
    return user, house.cast.secrets[house.people["cass"].pk]


def _sign_in(handle: str, words: str) -> None:
    Client().post(reverse("account_login"), {"login": handle, "password": words})


def _proven(house: House) -> Client:
    """Cass, who has just typed her passphrase."""
    cache.clear()
    browser = house.cast.sign_in(house.person("cass"))
    browser.post(reverse("account_reauthenticate"), {"password": PASSPHRASE})
    return browser

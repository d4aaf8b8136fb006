"""Signing in with a passkey alone opens one's words where the device can, and only after the passkey was verified."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from softkey import SoftKey, plain

from conftest import PASSPHRASE
from wayhouse.accounts import actions
from wayhouse.accounts.models import Session
from wayhouse.accounts.session_store import SessionStore
from wayhouse.accounts.tests.conftest import Account, whole_database
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto import items, scopes, slots
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Item, Slot

ADD, SIGN_IN, LIST = (reverse(name) for name in ("mfa_add_webauthn", "mfa_login_webauthn", "mfa_list_webauthn"))


@pytest.fixture(autouse=True)
def _fresh_start(settings: Any) -> Iterator[None]:
    settings.LOGIN_REDIRECT_URL = "accounts:security"
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def fox(db: None) -> Account:
    return Account("Quiet Fox")


def add(account: Account, key: SoftKey, *, alone: bool = True, prf: str | None = None) -> None:
    """Sign in, type the passphrase once more and add the passkey."""
    account.sign_in()
    account.prove()
    options = plain(account.browser.get(ADD).context["js_data"]["creation_options"])
    made = json.dumps(key.register(options, alone=alone))
    typed = {"name": "computer", "credential": made, **({"passwordless": "on"} if alone else {})}
    answer = account.browser.post(ADD, {**typed, "prf": key.prf if prf is None else prf})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")


def sign_in(key: SoftKey, *, prf: str | None = None, **forged: Any) -> tuple[Client, Any]:
    """In a fresh browser, with the passkey alone."""
    browser = Client(headers={"Accept": "application/json"})
    options = browser.get(SIGN_IN, headers={"X-Requested-With": "XMLHttpRequest"}).json()["request_options"][
        "publicKey"
    ]
    used = {**key.sign_in(options), **forged}
    answer = browser.post(SIGN_IN, {"credential": json.dumps(used), "prf": key.prf if prf is None else prf})
    return browser, answer


def keys_in(browser: Client) -> str | None:
    """What the session of a browser holds as the opened key."""
    return browser.session.get("key")


def slots_of(account: Account) -> list[str]:
    return list(account.user.holder.slots.order_by("kind").values_list("kind", flat=True))


def test_it_signs_in_counts_as_second_step_and_opens_what_is_sealed(fox: Account) -> None:
    scope = scopes.create_scope("personal", [fox.user.holder])
    with use(Keyring(fox.user.holder_id, fox.secret)):
        sealed = items.seal(scope, "profile", {"name": "Fox"})
    key = SoftKey()
    add(fox, key)
    browser, answer = sign_in(key)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("accounts:security"))
    opened = keys_in(browser)
    assert opened == fox.secret.hex()
    assert browser.session["account_authentication_methods"][-1]["method"] == "mfa"
    with use(Keyring(fox.user.holder_id, bytes.fromhex(opened))):
        assert items.words_of(Item.objects.get(pk=sealed.pk)) == {"name": "Fox"}
    assert browser.get(reverse("accounts:security")).context["step_wanted"] is False


@pytest.mark.parametrize("prf", ["", "A" * 43, "A" * 42, "!" * 43, "ü" * 43])
def test_without_what_opens_it_signs_in_and_stays_locked(fox: Account, prf: str) -> None:
    key = SoftKey()
    add(fox, key)
    browser, answer = sign_in(key, prf=prf)
    assert answer.headers["Location"] == f"{reverse('accounts:unlock')}?next=%2Faccount%2F"
    assert keys_in(browser) is None
    browser.post(reverse("accounts:unlock"), {"passphrase": PASSPHRASE})
    assert keys_in(browser) == fox.secret.hex()


@pytest.mark.abuse(27)
def test_a_slot_that_somebody_changed_opens_nothing_and_is_logged(fox: Account) -> None:
    key, other = SoftKey(), SoftKey()
    add(fox, key)
    slots.set_passkey(fox.user.holder, bytes(32), other.id, bytes(32))
    kept = Slot.objects.get(credential=slots.credential_tag(key.id))
    kept.box = Slot.objects.get(credential=slots.credential_tag(other.id)).box
    kept.save()
    browser, answer = sign_in(key)
    assert (keys_in(browser), answer.headers["Location"].partition("?")[0]) == (None, reverse("accounts:unlock"))
    assert AuditLeaf.objects.latest("index").kind == "passkey.unopened"


def test_a_device_without_the_extension_stays_a_second_step(fox: Account) -> None:
    key = SoftKey()
    add(fox, key, prf="")
    assert slots_of(fox) == ["passphrase", "recovery"]
    browser, _answer = sign_in(key)
    assert (keys_in(browser), "_auth_user_id" in browser.session) == (None, True)


def test_a_passkey_that_never_signs_in_alone_gets_no_slot(fox: Account) -> None:
    add(fox, SoftKey(), alone=False)
    assert slots_of(fox) == ["passphrase", "recovery"]


def test_nothing_opens_before_the_passkey_is_verified(fox: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    key, thief, careless = SoftKey(), SoftKey(), SoftKey(verified=False)
    add(fox, key)
    for other in (thief, careless):
        other.id, other._user = key.id, key._user
    careless._key = key._key
    tried: list[object] = []
    monkeypatch.setattr("wayhouse.accounts.passkeys.secret_by_passkey", lambda *args: tried.append(args))
    for forger in (thief, careless):
        browser, answer = sign_in(forger, prf=key.prf)
        assert answer.headers["Location"] == reverse("account_login")
        assert ("_auth_user_id" in browser.session, "waiting_key" in browser.session) == (False, False)
    assert tried == []


@pytest.mark.abuse(2)
def test_an_unknown_passkey_and_an_unknown_account_are_answered_alike(fox: Account) -> None:
    known, unknown, nobody = SoftKey(), SoftKey(), SoftKey()
    add(fox, known)
    unknown._user, nobody._user = known._user, b"0" * len(known._user)
    answers = [sign_in(key)[1] for key in (unknown, nobody)]
    assert [(one.status_code, one.headers["Location"], one.content) for one in answers] == [
        (302, reverse("account_login"), b"")
    ] * 2
    asked = [Client().get(SIGN_IN, headers={"X-Requested-With": "XMLHttpRequest"}).json() for _ in range(2)]
    assert [one["request_options"]["publicKey"].get("allowCredentials", []) for one in asked] == [[], []]


@pytest.mark.abuse(26)
def test_what_opens_is_nowhere_in_the_database_nor_in_a_session(fox: Account) -> None:
    key = SoftKey()
    add(fox, key)
    sign_in(key)
    fox.prove()
    # A browser that says more than it was asked: the library would keep all of it.
    options = plain(fox.browser.get(ADD).context["js_data"]["creation_options"])
    second = SoftKey()
    said = second.register(options)
    said["clientExtensionResults"]["prf"] = {"results": {"first": second.prf}}
    typed = {"name": "phone", "passwordless": "on", "credential": json.dumps({**said, "prf": second.prf})}
    assert fox.browser.post(ADD, {**typed, "prf": second.prf}).status_code == 302
    assert Authenticator.objects.filter(type="webauthn").count() == 2
    tokens = [fox.browser.cookies["__Host-sid"].value]
    held = whole_database() + str([dict(SessionStore(token).items()) for token in tokens])
    spellings = [word for each in (key, second) for word in (each.prf, urlsafe_b64decode(each.prf + "=").hex())]
    assert [word for word in spellings if word in held] == []
    assert fox.user.pk.hex in held.replace("-", "")


def test_it_is_never_written_back_into_a_page(fox: Account) -> None:
    key = SoftKey()
    fox.sign_in()
    fox.prove()
    fox.browser.get(ADD)
    answer = fox.browser.post(ADD, {"name": "computer", "passwordless": "on", "credential": "{}", "prf": key.prf})
    assert (answer.status_code, key.prf in answer.content.decode()) == (200, False)


def test_adding_asks_for_the_passphrase_itself_and_what_was_sent_does_not_wait(fox: Account) -> None:
    key = SoftKey()
    add(fox, key)
    browser, _answer = sign_in(key)
    again = f"{reverse('account_reauthenticate')}?next={ADD}"
    assert browser.get(ADD).headers["Location"] == again
    # Another passkey, or a code, is not enough: whoever holds an open phone may have both.
    options = plain(browser.get(reverse("mfa_reauthenticate_webauthn")).context["js_data"]["request_options"])
    browser.post(reverse("mfa_reauthenticate_webauthn"), {"credential": json.dumps(key.sign_in(options))})
    assert browser.post(ADD, {"credential": "{}", "prf": key.prf}).headers["Location"] == again
    assert key.prf not in json.dumps(dict(browser.session.items()), default=str)
    assert browser.get(again).context["reauthentication_alternatives"] == []
    visitor = Client()
    sent = visitor.post(ADD, {"credential": "{}", "prf": key.prf})
    assert sent.headers["Location"] == f"{reverse('account_login')}?next={ADD}"
    assert Session.objects.filter(user=None).count() == 0


def test_removing_the_passkey_removes_its_slot_and_no_other(fox: Account) -> None:
    going, staying = SoftKey(), SoftKey()
    add(fox, going)
    browser, _answer = sign_in(going)
    browser.post(reverse("account_reauthenticate"), {"password": PASSPHRASE})
    options = plain(browser.get(ADD).context["js_data"]["creation_options"])
    made = json.dumps(staying.register(options))
    browser.post(ADD, {"name": "phone", "passwordless": "on", "credential": made, "prf": staying.prf})
    assert slots_of(fox) == ["passkey", "passkey", "passphrase", "recovery"]
    row = Authenticator.objects.filter(type="webauthn").order_by("pk")[0]
    browser.post(reverse("mfa_remove_webauthn", args=[row.pk]))
    assert slots_of(fox) == ["passkey", "passphrase", "recovery"]
    assert keys_in(sign_in(staying)[0]) == fox.secret.hex()


def test_a_new_passphrase_and_the_recovery_code_leave_passkeys_new_keys_drop_them(fox: Account) -> None:
    key = SoftKey()
    add(fox, key)
    actions.change_passphrase(fox.user, fox.secret, "another of six plain words")
    actions.recover_account(fox.user, fox.secret, PASSPHRASE)
    assert keys_in(sign_in(key)[0]) == fox.secret.hex()
    actions.renew_keys(fox.user, fox.secret, PASSPHRASE)
    assert slots_of(fox) == ["passphrase", "recovery"]
    browser, answer = sign_in(key)
    assert keys_in(browser) is None
    assert answer.headers["Location"].startswith(reverse("accounts:unlock"))


def test_only_the_owner_learns_on_which_day_it_last_opened(fox: Account) -> None:
    key, day = SoftKey(), date.today() + timedelta(days=40)  # noqa: DTZ011  the machine's own day
    add(fox, key)
    with time_machine.travel(f"{day}T12:00Z", tick=False):
        browser, _answer = sign_in(key)
        shown = browser.get(LIST).context["passkeys"]
        held = whole_database()
        slot = Slot.objects.get(kind="passkey")
        sign_in(key)
    assert [(one["opens"], one["last"]) for one in shown] == [(True, day)]
    # On the same day the row is not written again, and the day does not stand in it.
    assert bytes(Slot.objects.get(kind="passkey").seen) == bytes(slot.seen)
    assert day.isoformat() not in bytes(slot.seen).decode("latin-1")
    assert bytes(slot.seen).hex() in held

"""Passkeys in a real Chromium with a virtual authenticator, under our content policy and trusted types."""

import json
import re
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from wayhouse.accounts.models import Session
from wayhouse.accounts.session_store import SessionStore
from wayhouse.accounts.tests.conftest import Account, code_of, whole_database
from wayhouse.crypto import items, scopes
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Item

pytestmark = [pytest.mark.browser, pytest.mark.look, pytest.mark.django_db(transaction=True)]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
OPENS = {"ctap2Version": "ctap2_1", "hasPrf": True}


class Phone:
    """A browser with a place for passkeys, and everything it complained about."""

    def __init__(self, page: Page, url: str, *, opens: bool = False) -> None:
        self.page, self.url = page, url
        self.complaints: list[str] = []
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        options = {**DEVICE, **(OPENS if opens else {})}
        self.device = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def go(self, name: str, query: str = "") -> Page:
        self.page.goto(f"{self.url}{reverse(name)}{query}")
        return self.page

    def led_to(self, path: str) -> None:
        self.page.wait_for_url(self.url + path)

    def sign_in(self, account: Account) -> None:
        page = self.go("account_login")
        page.get_by_label("Name you sign in with").fill(account.handle)
        page.get_by_label("Passphrase").fill(account.passphrase)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: not url.endswith(reverse("account_login")))

    def sign_out(self) -> None:
        self.go("account_logout").get_by_role("main").get_by_role("button", name="Sign out").click()
        self.led_to("/about/")

    def add_passkey(self, account: Account, *, alone: bool) -> None:
        page = self.go("mfa_add_webauthn")
        page.get_by_label("Passphrase").fill(account.passphrase)
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("A computer").check()
        if alone:
            page.get_by_label("Sign in with this passkey alone").check()
        page.get_by_role("button", name="Make a passkey").click()
        self.led_to("/account/codes/")

    def session(self, name: str) -> SessionStore:
        token = next(cookie["value"] for cookie in self.page.context.cookies() if cookie["name"] == name)
        return SessionStore(token)

    def refuse(self) -> None:
        """The finger is not recognised."""
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.device, "isUserVerified": False})


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer, settings: Settings) -> Iterator[Phone]:
    # The live server speaks http.
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "sid", "form"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(15_000)
    yield Phone(context.new_page(), live_server.url)
    context.close()


def test_a_passkey_as_second_step(phone: Phone, fox: Account) -> None:
    phone.sign_in(fox)
    phone.add_passkey(fox, alone=False)
    passkey = Authenticator.objects.get(type="webauthn")
    assert (passkey.data["name"], bool(passkey.wrap().is_passwordless), passkey.last_used_at) == (
        "computer",
        False,
        None,
    )
    phone.sign_out()
    phone.sign_in(fox)
    phone.led_to(reverse("mfa_authenticate"))
    assert "key" not in phone.session("sid")
    phone.page.get_by_role("button", name="Use a passkey").click()
    phone.led_to("/account/")
    assert phone.session("sid")["key"] == fox.secret.hex()
    assert phone.complaints == []


def test_a_passkey_alone_signs_in_and_the_passphrase_unlocks(phone: Phone, fox: Account) -> None:
    phone.sign_in(fox)
    phone.add_passkey(fox, alone=True)
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless is True
    phone.sign_out()
    phone.go("account_login", "?next=/account/passkeys/").get_by_role("button", name="Sign in with a passkey").click()
    phone.led_to("/account/open/?next=%2Faccount%2Fpasskeys%2F")
    assert "key" not in phone.session("sid")
    phone.page.get_by_label("Passphrase").fill(fox.passphrase)
    phone.page.get_by_role("button", name="Open").click()
    phone.led_to("/account/passkeys/")
    assert phone.session("sid")["key"] == fox.secret.hex()
    expect(phone.page.get_by_text("signs you in alone")).to_be_visible()
    assert phone.complaints == []


# Many a device gives nothing yet while the passkey is made, and is asked a second time.
SECOND_TOUCH = """
  const results = PublicKeyCredential.prototype.getClientExtensionResults;
  PublicKeyCredential.prototype.getClientExtensionResults = function () {
    return this.response.attestationObject ? { credProps: { rk: true }, prf: { enabled: true } } : results.call(this);
  };
"""


@pytest.mark.parametrize("script", ["", SECOND_TOUCH], ids=["at once", "with a second touch"])
def test_a_passkey_alone_opens_what_is_sealed_and_leaves_no_trace(
    live_server: LiveServer, phone: Phone, fox: Account, script: str
) -> None:
    scope = scopes.create_scope("personal", [fox.user.holder])
    with use(Keyring(fox.user.holder_id, fox.secret)):
        sealed = items.seal(scope, "profile", {"name": "Fox"})
    phone = Phone(phone.page.context.new_page(), live_server.url, opens=True)
    phone.page.add_init_script(script)
    sent: list[str] = []
    phone.page.on("request", lambda request: sent.append(request.post_data or ""))
    phone.sign_in(fox)
    phone.add_passkey(fox, alone=True)
    phone.sign_out()
    phone.go("account_login", "?next=/account/passkeys/").get_by_role("button", name="Sign in with a passkey").click()
    phone.led_to("/account/passkeys/")
    expect(phone.page.get_by_text("signs you in alone and opens your words")).to_be_visible()
    session = phone.session("sid")
    with use(Keyring(fox.user.holder_id, bytes.fromhex(session["key"]))):
        assert items.words_of(Item.objects.get(pk=sealed.pk)) == {"name": "Fox"}
    given = [value for body in sent for value in parse_qs(body).get("prf", [])]
    # The same 32 bytes at making and at using it, each in a field of its own.
    assert (len(given), len(set(given)), len(given[0])) == (2, 1, 43)
    spelled = {given[0], urlsafe_b64decode(given[0] + "=").hex()}
    credentials = [value for body in sent for value in parse_qs(body).get("credential", [])]
    held = [whole_database(), json.dumps(dict(session.items())), phone.page.content(), *credentials]
    assert [word for word in spelled for text in held if word in text] == []
    assert phone.complaints == []


def test_what_the_device_and_the_database_keep_names_nobody(phone: Phone, fox: Account) -> None:
    phone.sign_in(fox)
    phone.add_passkey(fox, alone=True)
    kept = phone.devtools.send("WebAuthn.getCredentials", {"authenticatorId": phone.device})["credentials"]
    assert [(key.get("userName"), key.get("userDisplayName")) for key in kept] == [("Open Circle", "Open Circle")]
    stored = whole_database()
    assert [word for word in (fox.handle, fox.secret.hex(), "Mozilla", "HeadlessChrome") if word in stored] == []


def test_a_passkey_that_is_not_used_is_said_kindly(phone: Phone, fox: Account) -> None:
    phone.sign_in(fox)
    phone.add_passkey(fox, alone=True)
    phone.sign_out()
    phone.refuse()
    phone.go("account_login").get_by_role("button", name="Sign in with a passkey").click()
    expect(phone.page.get_by_role("alert")).to_have_text(re.compile("The passkey was not used"))
    expect(phone.page.get_by_label("Name you sign in with")).to_be_visible()
    assert Session.objects.filter(user=fox.user).count() == 0


def test_a_passkey_of_nobody_here_is_not_accepted(phone: Phone, fox: Account) -> None:
    phone.sign_in(fox)
    phone.add_passkey(fox, alone=True)
    phone.sign_out()
    Authenticator.objects.all().delete()
    phone.go("account_login", "?next=/account/passkeys/").get_by_role("button", name="Sign in with a passkey").click()
    expect(phone.page.get_by_text("This passkey was not accepted")).to_be_visible()
    assert phone.page.url.endswith("/account/login/?next=%2Faccount%2Fpasskeys%2F")
    assert Session.objects.filter(user=fox.user).count() == 0


def test_a_passkey_proves_it_is_you_and_is_renamed_and_removed(phone: Phone, fox: Account) -> None:
    phone.sign_in(fox)
    phone.add_passkey(fox, alone=False)
    token = phone.session("sid").session_key
    page = phone.go("mfa_reauthenticate_webauthn", "?next=/account/passkeys/")
    page.get_by_role("button", name="Use a passkey").click()
    phone.led_to("/account/passkeys/")
    assert phone.session("sid").session_key != token
    page.get_by_role("link", name="Change").click()
    page.get_by_label("A phone or tablet").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("A phone or tablet", exact=True)).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Yes, remove it").click()
    expect(page.get_by_text("You have no passkey yet")).to_be_visible()
    assert Authenticator.objects.count() == 0
    assert phone.complaints == []


def test_words_are_shown_only_on_demand_and_never_sent_as_text(phone: Phone, fox: Account) -> None:
    page = phone.go("account_login")
    passphrase = page.get_by_label("Passphrase")
    assert passphrase.get_attribute("type") == "password"
    page.get_by_label("Show what I type").check()
    assert passphrase.get_attribute("type") == "text"
    page.evaluate("document.querySelector('main form').addEventListener('submit', e => e.preventDefault())")
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert passphrase.get_attribute("type") == "password"


def test_without_a_script_nothing_is_offered_that_needs_one(chromium: Browser, phone: Phone, fox: Account) -> None:
    context = chromium.new_context(java_script_enabled=False)
    quiet = context.new_page()
    quiet.goto(f"{phone.url}{reverse('account_login')}")
    expect(quiet.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(quiet.get_by_text("Show what I type")).to_be_hidden()
    quiet.get_by_label("Name you sign in with").fill(fox.handle)
    quiet.get_by_label("Passphrase").fill(fox.passphrase)
    quiet.get_by_role("button", name="Sign in", exact=True).click()
    expect(quiet).to_have_url(f"{phone.url}{reverse('accounts:security')}")
    context.close()


def findings(page: Page) -> list[str]:
    found: dict[str, Any] = Axe().run(page, options={"runOnly": RULES}).response
    return [f"{page.url} {each['id']} {each['nodes'][0]['target']}" for each in found["violations"]]


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])
def test_axe_finds_nothing(phone: Phone, fox: Account, theme: str, language: str) -> None:
    phone.sign_in(fox)
    phone.add_passkey(fox, alone=False)
    phone.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    phone.page.context.add_cookies([{"name": "lang", "value": language, "url": phone.url}])
    signed_in = ["security", "passphrase", "recovery_code"]
    names = [*(f"accounts:{name}" for name in signed_in), "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"]
    names += ["mfa_view_recovery_codes", "mfa_generate_recovery_codes", "account_reauthenticate", "account_logout"]
    found = [finding for name in names for finding in findings(phone.go(name))]
    phone.page.context.clear_cookies(name="sid")
    found += [finding for name in ("account_login", "accounts:recover") for finding in findings(phone.go(name))]
    phone.page.locator("input[type=password]").first.fill("x")
    with phone.page.expect_navigation():
        phone.page.locator("main form button").first.click()
    assert found + findings(phone.page) == []


def test_the_app_is_set_up_by_typing(phone: Phone, fox: Account) -> None:
    phone.sign_in(fox)
    page = phone.go("mfa_activate_totp")
    page.get_by_label("Passphrase").fill(fox.passphrase)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("img", name="A code to scan")).to_be_visible()
    seed = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("The six digits your app shows now").fill(code_of(seed, time.time()))
    page.get_by_role("button", name="Switch it on").click()
    phone.led_to("/account/codes/")
    assert page.locator("ol.secret li").count() == 10
    assert phone.complaints == []

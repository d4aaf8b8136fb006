"""The pages around signing in that only somebody with a second step comes to, looked at on the way."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from browser.houses import House
from browser.looking import look_at
from browser.main_job import accept_invitation, found_programme
from browser.visitors import NARROW, Theme, Visit, Visitor

# A place for passkeys inside of the browser, whose finger is always recognised.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


VARIANTS = [
    pytest.param("en", "light", marks=pytest.mark.look),
    pytest.param("ar", "dark", marks=pytest.mark.second),
]


@pytest.mark.parametrize(("language", "theme"), VARIANTS)
def test_second_steps(language: str, theme: Theme, house: House, visit: Visit) -> None:
    fox = visit(window=NARROW, language=language, theme=theme)
    devtools = fox.context.new_cdp_session(fox.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    handle = f"fox-{language}-{theme}"
    words = accept_invitation(fox, found_programme(house), handle)
    fox.look = lambda visitor: look_at(visitor, language=language)
    spare = add_app(fox, words)
    add_passkey(fox)
    renew_code(fox, words)
    sign_in_by_two_steps(fox, handle, words, spare)
    remove_app(fox, words)
    sign_in_by_passkey(fox, words)
    assert fox.complaints == []


def add_app(fox: Visitor, words: str) -> str:
    """Add an authenticator app; one of the spare codes."""
    page = prove(fox, "/account/second/app/add/", words)
    seed = page.locator(".secret").inner_text().replace(" ", "")
    page.locator("input[name=code]").fill(format_hotp_value(hotp_value(seed, int(time.time()) // 30)))
    fox.send()
    assert fox.path == "/account/codes/"
    fox.go("/account/codes/new/")
    page = fox.press("main form button.btn")
    return page.locator("ol.secret li").first.inner_text()


def add_passkey(fox: Visitor) -> None:
    """Make a passkey that signs in alone, say where it is, and think about removing it."""
    page = fox.go("/account/passkeys/add/")
    page.locator("input[name=passwordless]").check()
    fox.press("#mfa_webauthn_add")
    fox.go("/account/passkeys/")
    page = fox.press("main a[href^='/account/passkeys/']:not([href$='/add/'])")
    page.locator("input[name=name][value=computer]").check()
    fox.send()
    assert fox.path == "/account/passkeys/"
    fox.press("main a[href$='/remove/']")


def renew_code(fox: Visitor, words: str) -> None:
    """Make a new recovery code and look at the page that keeps it."""
    page = fox.go("/account/recovery-code/")
    page.locator("input[name=passphrase]").fill(words)
    fox.send()
    assert fox.path == "/account/recovery-code/keep/"
    expect(page.locator(".secret")).to_be_visible()


def sign_in_by_two_steps(fox: Visitor, handle: str, words: str, spare: str) -> None:
    """Sign out, and in again with the passphrase and a spare code."""
    sign_out(fox)
    page = fox.go("/account/login/")
    page.locator("input[name=login]").fill(handle)
    page.locator("input[name=password]").fill(words)
    fox.send()
    assert fox.path == "/account/login/second/"
    page.locator("input[name=code]").fill(spare)
    fox.send()
    assert fox.path == "/"


def remove_app(fox: Visitor, words: str) -> None:
    """Think about removing the app, after every way to show that it is oneself."""
    fox.go("/account/again/code/")
    fox.go("/account/again/passkey/")
    prove(fox, "/account/second/app/remove/", words)


def sign_in_by_passkey(fox: Visitor, words: str) -> None:
    """Sign out, and in again with the passkey; only the passphrase opens what is sealed."""
    sign_out(fox)
    page = fox.go("/account/login/")
    fox.press("#passkey_login")
    assert fox.path == "/account/open/"
    page.locator("input[name=passphrase]").fill(words)
    fox.send()
    assert fox.path == "/"


def prove(fox: Visitor, path: str, words: str) -> Page:
    """Open a page that asks for the passphrase first."""
    page = fox.go(path)
    assert fox.path == "/account/again/"
    page.locator("input[name=password]").fill(words)
    fox.send()
    assert fox.path == path
    return page


def sign_out(fox: Visitor) -> None:
    """By the page that asks once."""
    fox.go("/account/logout/")
    fox.press("main form button.btn")

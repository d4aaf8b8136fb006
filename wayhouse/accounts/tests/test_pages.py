"""Every page of the room: its rule, its title, its one heading, and what must never stand on it."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import override

from wayhouse.accounts import urls
from wayhouse.accounts.tests.conftest import Account, code_of
from wayhouse.core.gate import declared_rule

MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)
PUBLIC = {
    "account_inactive",
    "account_login",
    "account_logout",
    "account_signup",
    "code",
    "here",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "recover",
}
# These answer with a page of their own to somebody who is signed in, has an app and has just proved it.
PAGES = {
    "account_inactive": "This account is closed",
    "account_logout": "Sign out",
    "account_reauthenticate": "Is it you?",
    "account_signup": "How to begin",
    "accounts:passphrase": "Change your passphrase",
    "accounts:recover": "A new passphrase",
    "accounts:renew_keys": "New keys",
    "accounts:recovery_code": "Recovery code",
    "accounts:security": "Signing in",
    "mfa_add_webauthn": "Add a passkey",
    "mfa_deactivate_totp": "Remove the app",
    "mfa_generate_recovery_codes": "New spare codes",
    "mfa_list_webauthn": "Your passkeys",
    "mfa_reauthenticate": "Is it you?",
    "mfa_view_recovery_codes": "Spare codes",
}
# Words that would say more than a stranger beside the screen may read, or that are not ours.
NEVER = ["password", "username", "two-factor", "webauthn", "authenticator secret", "recovery codes", "account email"]


def patterns(entries: list[URLPattern | URLResolver]) -> list[URLPattern]:
    found: list[URLPattern] = []
    for entry in entries:
        found += patterns(entry.url_patterns) if isinstance(entry, URLResolver) else [entry]
    return found


@pytest.fixture
def proved(fox: Account) -> Account:
    """Signed in with an app, and asked just now."""
    seed = fox.add_app(MOMENT.timestamp() - 30)
    fox.sign_in()
    fox.browser.post(reverse("mfa_authenticate"), {"code": code_of(seed, MOMENT.timestamp())})
    fox.prove()
    return fox


@pytest.fixture(autouse=True)
def _at_noon() -> object:
    with time_machine.travel(MOMENT, tick=False) as clock:
        yield clock


def test_every_address_has_a_rule() -> None:
    rules = {entry.name: declared_rule(entry.callback) for entry in patterns(urls.urlpatterns)}
    assert {name for name, rule in rules.items() if rule == "public"} == PUBLIC
    assert {name for name, rule in rules.items() if rule != "signed-in"} == PUBLIC


def test_nobody_but_the_owner_gets_in(client: Client, db: None) -> None:
    asked = {"pk": 1}
    for entry in patterns(urls.urlpatterns):
        if entry.name in PUBLIC:
            continue
        name = f"accounts:{entry.name}" if entry in patterns(urls.urlpatterns[:1]) else str(entry.name)
        address = reverse(name, kwargs=asked if "<int:pk>" in str(entry.pattern) else None)
        if entry.name == "mfa_index":
            address = client.get(address).headers["Location"]
        assert client.get(address).headers["Location"].startswith(reverse("account_login")), name
        assert client.post(address).headers["Location"].startswith(reverse("account_login")), name


@pytest.mark.parametrize("name", sorted(PAGES))
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_pages_are_neutral_and_name_nobody(proved: Account, name: str, language: str) -> None:
    proved.browser.cookies["lang"] = language
    answer = proved.browser.get(reverse(name))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in page
    shown, _template, _waits = page.partition("<template")
    assert (shown.count("<h1>"), shown.count("<title>")) == (1, 1)
    with override(language):
        assert f"{answer.context['page']} – Open Circle</title>" in page
    secrets = [proved.tag, proved.handle, proved.secret.hex(), proved.passphrase]
    assert [word for word in secrets if word in page] == []
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_pages_say_it_in_the_words_of_the_house(proved: Account, name: str) -> None:
    answer = proved.browser.get(reverse(name))
    assert answer.context["page"] == PAGES[name]
    spoken = answer.content.decode().partition('<main id="main"')[2].partition("</main>")[0]
    words = re.sub("<script.*?</script>|<[^>]*>", " ", spoken, flags=re.DOTALL)
    assert [word for word in NEVER if word in words.lower()] == []
    assert [attribute for attribute in ("style=", "placeholder=", "onclick=") if attribute in spoken] == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_page_asks_the_database_more_than_eight_times(
    proved: Account, name: str, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert proved.browser.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_of_passkeys_costs_the_same_for_two_or_twenty(
    proved: Account, django_assert_num_queries: object, count: int
) -> None:
    for _ in range(count):
        Authenticator.objects.create(user=proved.user, type="webauthn", data={"name": "computer", "credential": {}})
    with django_assert_num_queries(5):  # type: ignore[operator]
        page = proved.browser.get(reverse("mfa_list_webauthn"))
    assert page.content.decode().count("<b>A computer</b>") == count


def test_the_pages_on_the_way_in_name_nobody(proved: Account) -> None:
    session = proved.browser.session
    del session["key"]
    session.save()
    locked = proved.browser.get(reverse("accounts:unlock"))
    proved.browser = Client()
    half_way = proved.sign_in().get(reverse("mfa_authenticate"))
    assert [(page.status_code, page.context["page"]) for page in (locked, half_way)] == [
        (200, "Your passphrase"),
        (200, "Second step"),
    ]
    for page in (locked.content.decode(), half_way.content.decode()):
        assert [word for word in (proved.tag, proved.handle, proved.secret.hex()) if word in page] == []


def test_the_index_of_the_library_is_our_overview(proved: Account) -> None:
    assert proved.browser.get(reverse("mfa_index")).headers["Location"] == reverse("accounts:security")


@pytest.mark.parametrize(
    "address", ["/account/email/", "/account/password/reset/", "/account/signup/", "/account/password/change/"]
)
def test_the_library_has_no_other_pages_here(proved: Account, address: str) -> None:
    assert proved.browser.get(address).status_code == 404

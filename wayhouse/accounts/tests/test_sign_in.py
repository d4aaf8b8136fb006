import re
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wayhouse.accounts.models import LONGEST_HANDLE, Session
from wayhouse.accounts.tests.conftest import Account
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto import passphrase

LOGIN = "/account/login/"
WRONG = "This name and this passphrase do not belong together. Please try again."


def without_chance(page: bytes) -> str:
    """A page without what is drawn by lot for each answer."""
    return re.sub(r'(nonce|value)="[^"]{20,}"', r'\1=""', page.decode())


def try_to_sign_in(handle: str, typed: str) -> tuple[Any, int]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = Client().post(LOGIN, {"login": handle, "password": typed})
    return answer, len(queries)


def test_the_page_leaves_nothing_but_the_cookie_of_its_form(client: Client, db: None) -> None:
    answer = client.get(LOGIN)
    assert set(answer.cookies) == {settings.CSRF_COOKIE_NAME}
    assert answer.cookies[settings.CSRF_COOKIE_NAME]["max-age"] == ""
    assert Session.objects.count() == 0


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_inactive", "accounts:recover"])
def test_no_page_for_visitors_begins_a_session(client: Client, db: None, name: str) -> None:
    answer = client.get(reverse(name))
    assert (answer.status_code, set(answer.cookies)) == (200, {settings.CSRF_COOKIE_NAME})
    assert Session.objects.count() == 0


def test_a_wrong_try_begins_no_session(client: Client, fox: Account) -> None:
    answer = client.post(LOGIN, {"login": fox.handle, "password": "wrong words, all of them"})
    assert set(answer.cookies) == {settings.CSRF_COOKIE_NAME}
    assert Session.objects.count() == 0


@pytest.mark.abuse(9)
def test_nothing_on_the_page_makes_a_browser_remember(client: Client, db: None) -> None:
    form = client.get(LOGIN).context["form"]
    labels = {name: str(field.label) for name, field in form.fields.items()}
    assert labels == {"login": "Name you sign in with", "password": "Passphrase", "mine": "Only I use this device"}
    del form.fields["mine"]
    attributes = [field.widget.attrs for field in form.fields.values()]
    assert [attrs["autocomplete"] for attrs in attributes] == ["off", "off"]
    assert [attrs for attrs in attributes if "placeholder" in attrs] == []
    assert [field.help_text for field in form.fields.values()] == ["", ""]


def test_name_and_passphrase_sign_in(fox: Account) -> None:
    answer = fox.browser.post(LOGIN, {"login": fox.handle, "password": fox.passphrase})
    assert answer.headers["Location"] == reverse("accounts:security")
    assert fox.browser.session["_auth_user_id"] == str(fox.user.pk)
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"], cookie["samesite"], cookie["path"]) == ("", "", "Strict", "/")
    assert (bool(cookie["httponly"]), bool(cookie["secure"])) == (True, settings.SECURE)


@pytest.mark.parametrize("typed", ["quiet fox", " Quiet  Fox ", "QUIET FOX", "Quiet\u2003Fox"])
def test_spelling_of_the_name_is_forgiven(fox: Account, typed: str) -> None:
    assert fox.sign_in(login=typed).session["_auth_user_id"] == str(fox.user.pk)


def test_blanks_around_the_passphrase_are_forgiven(fox: Account) -> None:
    assert fox.sign_in(password=f" {fox.passphrase} ").session["_auth_user_id"] == str(fox.user.pk)


def test_the_way_on_is_kept_and_never_leads_outside(fox: Account) -> None:
    typed = {"login": fox.handle, "password": fox.passphrase}
    assert Client().post(f"{LOGIN}?next=/groups/", typed).headers["Location"] == "/groups/"
    assert Client().post(f"{LOGIN}?next=//elsewhere.example/", typed).headers["Location"] == "/account/"


@pytest.mark.abuse(2)
def test_wrong_passphrase_and_unknown_name_cannot_be_told_apart(fox: Account, stretched: list[int]) -> None:
    stretched.clear()
    known, known_queries = try_to_sign_in("Quiet Fox", "wrong words, all of them")
    assert len(stretched) == 1
    unknown, unknown_queries = try_to_sign_in("Quiet Vox", "wrong words, all of them")
    assert len(stretched) == 2
    assert known.context["form"].errors == unknown.context["form"].errors == {"__all__": [WRONG]}
    assert (known.status_code, known_queries) == (unknown.status_code, unknown_queries) == (200, known_queries)
    assert without_chance(known.content).replace("Fox", "Vox") == without_chance(unknown.content)
    assert known.headers.keys() == unknown.headers.keys()
    assert len(known.content) == len(unknown.content)


@pytest.mark.abuse(2)
def test_an_inactive_account_answers_like_an_unknown_name(fox: Account, stretched: list[int]) -> None:
    fox.user.is_active = False
    fox.user.save()
    stretched.clear()
    closed, closed_queries = try_to_sign_in("Quiet Fox", fox.passphrase)
    unknown, unknown_queries = try_to_sign_in("Quiet Vox", fox.passphrase)
    assert (len(stretched), closed_queries) == (2, unknown_queries)
    assert without_chance(closed.content).replace("Fox", "Vox") == without_chance(unknown.content)


def test_a_refused_try_is_logged_and_names_nobody(fox: Account) -> None:
    before = AuditLeaf.objects.count()
    for handle in ("Quiet Fox", "Quiet Vox"):
        try_to_sign_in(handle, "wrong words, all of them")
    leaves = AuditLeaf.objects.order_by("index")[before:]
    assert [(leaf.kind, leaf.actor_tag, leaf.object_tag) for leaf in leaves] == [("signin.refused", None, None)] * 2


@pytest.mark.abuse(22)
def test_a_name_or_passphrase_that_is_too_long_costs_nothing(db: None, stretched: list[int]) -> None:
    try_to_sign_in("x" * (LONGEST_HANDLE + 1), "y")
    try_to_sign_in("x", "y" * (passphrase.LONGEST + 1))
    assert stretched == []


@pytest.mark.abuse(22)
def test_one_passphrase_at_a_time_and_waiting_is_not_a_wrong_try(fox: Account) -> None:
    with passphrase._one_at_a_time:
        for _ in range(6):
            answer = Client().post(LOGIN, {"login": fox.handle, "password": fox.passphrase})
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert fox.sign_in().session["_auth_user_id"] == str(fox.user.pk)


@pytest.mark.abuse(22)
def test_a_crowd_is_sent_away_before_anything_is_looked_up(fox: Account, django_assert_num_queries: Any) -> None:
    with passphrase._one_at_a_time, django_assert_num_queries(0):
        Client().post(LOGIN, {"login": fox.handle, "password": fox.passphrase})


def test_signing_out_asks_first_and_leaves_nothing(fox: Account) -> None:
    fox.sign_in()
    assert fox.browser.get(reverse("account_logout")).status_code == 200
    assert Session.objects.count() == 1
    answer = fox.browser.post(reverse("account_logout"))
    assert answer.headers["Location"] == reverse("core:about")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert (answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"], Session.objects.count()) == (0, 0)


@pytest.mark.abuse(11)
def test_a_form_from_elsewhere_signs_nobody_in_or_out(fox: Account) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(LOGIN, {"login": fox.handle, "password": fox.passphrase})
    assert (answer.status_code, Session.objects.count()) == (403, 0)
    strict.cookies = fox.sign_in().cookies
    assert (strict.post(reverse("account_logout")).status_code, Session.objects.count()) == (403, 1)


def test_nobody_opens_an_account_without_an_invitation(client: Client, db: None) -> None:
    assert client.post(reverse("account_signup"), {"username": "x", "password1": "y" * 20}).status_code == 405

"""Sent after the session had ended: one is led back to where it was sent from, and told that it did not arrive."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from conftest import PASSPHRASE
from wayhouse.accounts.tests.conftest import Account

LOGIN = "/account/login/"
TOLD = "what you just sent did not arrive"


@pytest.mark.parametrize(
    ("came_from", "onward"),
    [
        ("http://testserver/evenings/", "/evenings/"),
        ("http://testserver/care/new/?kind=staff", "/care/new/"),
        ("https://elsewhere.example/evenings/", "/"),
        ("", "/"),
    ],
)
def test_one_goes_on_where_the_form_stood(db: None, came_from: str, onward: str) -> None:
    for address in (f"/evenings/{uuid4()}/answer/", reverse("accounts:renew_keys")):
        answer = Client().post(address, {"coming": "no"}, headers={"referer": came_from})
        assert answer["Location"] == f"{LOGIN}?next={onward}&unsent=yes"


def test_a_page_that_was_only_asked_for_lost_nothing(db: None) -> None:
    for address in ("/evenings/", reverse("accounts:renew_keys")):
        assert Client().get(address)["Location"] == f"{LOGIN}?next={address}"


def test_the_page_that_asks_who_one_is_says_it(fox: Account) -> None:
    queries = ("?next=/&unsent=yes", "?next=/")
    assert [TOLD in Client().get(f"{LOGIN}{query}").content.decode() for query in queries] == [True, False]
    typed = {"login": fox.handle, "password": PASSPHRASE}
    assert Client().post(f"{LOGIN}?next=/evenings/&unsent=yes", typed)["Location"] == "/evenings/"

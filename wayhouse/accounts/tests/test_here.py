"""What a waiting page is told: whether the same person is back."""

import pytest
from django.test import Client

from wayhouse.accounts.models import Session
from wayhouse.accounts.session_store import IDLE
from wayhouse.accounts.tests.conftest import Account
from wayhouse.accounts.waiting import owner_tag


def test_a_visitor_is_nobody() -> None:
    answer = Client().get("/account/here/")
    assert (answer.status_code, answer.content) == (204, b"")


def test_whoever_is_signed_in_gets_their_tag_and_a_token(fox: Account, wren: Account) -> None:
    fox.sign_in()
    told = fox.browser.get("/account/here/").json()
    assert (told["who"], sorted(told)) == (owner_tag(fox.user.pk), ["idle", "token", "who"])
    assert 0 < told["idle"] <= IDLE.total_seconds()
    assert owner_tag(fox.user.pk) != owner_tag(wren.user.pk)


def test_pages_of_people_wait_and_those_of_visitors_do_not(fox: Account) -> None:
    assert b"data-who" not in Client().get("/account/login/").content
    fox.sign_in()
    page = fox.browser.get("/account/").content.decode()
    assert f'data-who="{owner_tag(fox.user.pk)}"' in page
    assert '<template id="waiting">' in page


@pytest.mark.abuse(8)
def test_whoever_left_is_gone_before_the_sign_out_arrives(fox: Account) -> None:
    fox.sign_in()
    fox.browser.cookies["left"] = "1"
    answer = fox.browser.get("/account/")
    assert (answer.status_code, answer.cookies["left"].value) == (302, "")
    assert not Session.objects.filter(user=fox.user).exists()

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from wayhouse.accounts.actions import change_passphrase
from wayhouse.accounts.models import Session
from wayhouse.accounts.tests.conftest import Account
from wayhouse.accounts.unlocking import secret_by_passphrase
from wayhouse.audit.models import AuditLeaf

NEW = "other words that nobody can guess"
ADDRESS = "/account/passphrase/"


def typed(account: Account, **other: str) -> dict[str, str]:
    return {"passphrase": account.passphrase, "new": NEW, "again": NEW, **other}


def errors(answer: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = answer.context["form"].errors
    return found


def test_the_new_passphrase_signs_in_and_the_old_one_does_not(fox: Account) -> None:
    answer = fox.sign_in().post(ADDRESS, typed(fox))
    assert answer.headers["Location"] == reverse("accounts:security")
    assert secret_by_passphrase(fox.user, NEW) == fox.secret
    assert secret_by_passphrase(fox.user, fox.passphrase) is None
    assert AuditLeaf.objects.order_by("index").last().kind == "passphrase.changed"  # type: ignore[union-attr]


def test_every_other_session_ends_and_this_one_goes_on_under_a_new_token(fox: Account, wren: Account) -> None:
    fox.sign_in()
    elsewhere, fox.browser = fox.browser, Client()
    token = fox.sign_in().session.session_key
    wren.sign_in()
    fox.browser.post(ADDRESS, typed(fox))
    assert fox.browser.get(reverse("accounts:security")).status_code == 200
    assert fox.browser.session.session_key != token
    assert elsewhere.get(reverse("accounts:security")).status_code == 302
    assert Session.objects.filter(user=wren.user).count() == 1


def test_without_the_present_passphrase_nothing_changes(fox: Account) -> None:
    answer = fox.sign_in().post(ADDRESS, typed(fox, passphrase="wrong words, all of them"))
    assert errors(answer) == {"passphrase": ["This is not the passphrase of this account. Please try again."]}
    assert secret_by_passphrase(fox.user, fox.passphrase) == fox.secret


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"new": "x" * 14, "again": "x" * 14}, {"new": ["Please take at least 15 characters."]}),
        ({"again": NEW + "s"}, {"again": ["This is not the same as above."]}),
    ],
)
def test_a_new_passphrase_is_long_enough_and_typed_twice(
    fox: Account, other: dict[str, str], told: dict[str, list[str]]
) -> None:
    assert errors(fox.sign_in().post(ADDRESS, typed(fox, **other))) == told
    assert secret_by_passphrase(fox.user, fox.passphrase) == fox.secret


def test_six_words_are_offered_and_stay_when_something_was_wrong(fox: Account) -> None:
    page = fox.sign_in().get(ADDRESS)
    offered = page.context["form"]["offered"].value()
    assert len(offered.split()) == 6
    assert offered in page.content.decode()
    assert fox.browser.get(ADDRESS).context["form"]["offered"].value() != offered
    again = fox.browser.post(ADDRESS, typed(fox, again="something else", offered=offered))
    assert f'lang="en">{offered}</p>' in again.content.decode()


def test_the_words_are_german_on_a_german_page(fox: Account) -> None:
    fox.browser.cookies["lang"] = "de"
    page = fox.sign_in().get(ADDRESS)
    assert f'lang="de">{page.context["form"]["offered"].value()}</p>' in page.content.decode()


def test_a_passphrase_that_is_too_short_is_no_action_either(fox: Account) -> None:
    with pytest.raises(ValueError, match="at least 15"):
        change_passphrase(fox.user, fox.secret, "x" * 14)
    assert secret_by_passphrase(fox.user, fox.passphrase) == fox.secret

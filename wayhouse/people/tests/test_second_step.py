"""Whoever opens words of others signs in with a second step; members may, and nobody needs one to pause or leave."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from conftest import PASSPHRASE, Cast
from wayhouse.accounts.models import Session
from wayhouse.accounts.tests.conftest import code_of
from wayhouse.people.models import Person

TO_SECURITY = (302, "/account/?step")


def answer_of(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address)
    return answer.status_code, answer.headers.get("Location", "")


def session_of(person: Person) -> Session:
    assert person.user is not None
    return Session.objects.get(user_id=person.user.pk)


@pytest.mark.parametrize("handle", ["ana", "bo", "max", "sol", "aud", "pat"])
def test_every_role_but_a_members_needs_it(cast: Cast, request: pytest.FixtureRequest, handle: str) -> None:
    person: Person = request.getfixturevalue(handle)
    assert answer_of(cast.sign_in(person, second_step=False), "/") == TO_SECURITY
    assert answer_of(cast.sign_in(person), "/") == (200, "")


def test_a_member_needs_none(cast: Cast, cass: Person) -> None:
    assert answer_of(cast.sign_in(cass, second_step=False), "/") == (200, "")


@pytest.mark.parametrize("address", ["/people/", "/evenings/", "/groups/"])
def test_no_page_of_the_work_opens_without(cast: Cast, ana: Person, address: str) -> None:
    assert answer_of(cast.sign_in(ana, second_step=False), address) == TO_SECURITY


def test_pausing_and_coming_back_never_wait_for_it(cast: Cast, bo: Person) -> None:
    client = cast.sign_in(bo, second_step=False)
    assert answer_of(client, reverse("people:me")) == (200, "")
    for name, status in (("people:pause", "paused"), ("people:come_back", "active")):
        client.post(reverse(name))
        bo.refresh_from_db()
        assert bo.status == status


def test_the_page_says_what_to_do(cast: Cast, bo: Person) -> None:
    client = cast.sign_in(bo, second_step=False)
    assert client.get("/account/?step").context["step_wanted"] is True
    assert client.get("/account/").context["step_wanted"] is False
    assert cast.sign_in(bo).get("/account/?step").context["step_wanted"] is False


def test_an_app_opens_everything_at_once_and_its_end_closes_it(cast: Cast, bo: Person) -> None:
    client = cast.sign_in(bo, second_step=False)
    client.post(reverse("account_reauthenticate"), {"password": PASSPHRASE})
    seed = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(seed, time.time())})
    assert Authenticator.objects.filter(user=bo.user, type="totp").count() == 1
    assert answer_of(client, "/") == (200, "")
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=bo.user, type="totp").exists()
    assert answer_of(client, "/") == TO_SECURITY


def test_another_browser_has_to_sign_in_again(cast: Cast, bo: Person) -> None:
    """A step that was set up elsewhere proves nothing about who sits here."""
    here, elsewhere = (cast.sign_in(bo, second_step=False) for _browser in range(2))
    Authenticator.objects.create(user=bo.user, type="totp", data={"secret": "x"})
    assert [answer_of(browser, "/") for browser in (here, elsewhere)] == [TO_SECURITY, TO_SECURITY]


def test_a_demonstration_goes_without(cast: Cast, ana: Person, settings: Settings) -> None:
    settings.WAYHOUSE_SECOND_STEP = False
    assert answer_of(cast.sign_in(ana, second_step=False), "/") == (200, "")


def test_work_ends_after_four_hours_and_a_members_evening_after_eight(cast: Cast, bo: Person, cass: Person) -> None:
    spans = []
    for person in (bo, cass):
        cast.sign_in(person).get("/")
        row = session_of(person)
        spans.append(row.ends_at - row.created_at)
    assert spans == [timedelta(hours=4), timedelta(hours=8)]


def test_a_new_role_shortens_the_session_that_is_open(cast: Cast, cass: Person) -> None:
    client = cast.sign_in(cass)
    client.get("/")
    before = session_of(cass)
    cass.roles.create(kind="mentor")
    client.get("/")
    after = session_of(cass)
    assert (after.created_at, after.ends_at) == (before.created_at, before.ends_at - timedelta(hours=4))

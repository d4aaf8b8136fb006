import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from conftest import Cast
from wayhouse.accounts.models import Session, User
from wayhouse.crypto.passphrase import Busy
from wayhouse.people import invitations
from wayhouse.people.entries import enter_person
from wayhouse.people.invitations import invite
from wayhouse.people.models import Person, Profile

SAID = {"name": "Quiet Fox", "languages": ["en"], "slots": ["tue-evening"]}
WORDS = "six plain words for a test"


@pytest.fixture
def fox(cast: Cast, ana: Person) -> Person:
    with cast.acting(ana):
        return enter_person(ana.programme, SAID, actor=ana)


@pytest.fixture
def token(cast: Cast, ana: Person, fox: Person) -> str:
    with cast.acting(ana):
        return invite(fox, "Quiet Fox", actor=ana)


def fill_in(client: Client, token: str, **changes: str) -> Any:
    form = {"handle": "lantern-4711", "new": WORDS, "again": WORDS, "offered": "x", **changes}
    return client.post(f"/people/welcome/{token}/", form)


def type_back(client: Client) -> Any:
    page = client.get("/people/welcome/")
    groups = page.context["code"].split("-")
    asked = {name: groups[int(name.partition("_")[2]) - 1].lower() for name in page.context["form"].fields}
    return client.post("/people/welcome/", asked)


def test_an_invitation_becomes_an_account_that_is_signed_in_and_open(token: str, fox: Person) -> None:
    client = Client()
    page = client.get(f"/people/welcome/{token}/")
    assert page.status_code == 200
    assert len(page.context["form"]["offered"].value().split()) == 6
    assert fill_in(client, token).headers["Location"] == "/people/welcome/"
    assert type_back(client).headers["Location"] == "/"
    page = client.get("/people/me/")
    assert page.context["name"] == "Quiet Fox"
    assert Person.objects.get(pk=fox.pk).user is not None


def test_nobody_is_signed_in_before_the_code_is_on_paper(token: str) -> None:
    client = Client()
    fill_in(client, token)
    assert client.get("/people/me/").headers["Location"] == "/account/login/?next=/people/me/"
    page = client.post("/people/welcome/", dict.fromkeys(client.get("/people/welcome/").context["form"].fields, "0000"))
    assert len(page.context["form"].errors) == 2
    assert not Session.objects.exclude(user=None).exists()
    assert type_back(client).headers["Location"] == "/"


def test_the_code_is_shown_until_it_is_typed_back_and_never_again(token: str) -> None:
    client = Client()
    fill_in(client, token)
    code = client.get("/people/welcome/").context["code"]
    assert client.get("/people/welcome/").context["code"] == code
    type_back(client)
    assert client.get("/people/welcome/").headers["Location"] == "/account/login/"


def test_who_takes_longer_than_the_key_waits_signs_in_with_the_new_passphrase(token: str, fox: Person) -> None:
    client = Client()
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        fill_in(client, token)
        clock.shift(timedelta(minutes=11))
        assert type_back(client).headers["Location"] == "/account/login/"
    assert client.get("/people/me/").status_code == 302
    page = client.post("/account/login/", {"login": "lantern-4711", "password": WORDS}, follow=True)
    assert page.wsgi_request.user == Person.objects.get(pk=fox.pk).user


def test_the_language_of_the_page_becomes_that_of_the_messages(token: str, fox: Person) -> None:
    client = Client()
    client.cookies["lang"] = "de"
    page = client.get(f"/people/welcome/{token}/")
    assert page.headers["Content-Language"] == "de"
    fill_in(client, token)
    assert Person.objects.get(pk=fox.pk).language == "de"


def closed(client: Client, token: str) -> tuple[int, str]:
    """Status and page, without what differs from request to request."""
    page = client.get(f"/people/welcome/{token}/")
    text = re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]+"', "", page.content.decode())
    return page.status_code, text.replace(token, "")


@pytest.mark.abuse(3)
def test_used_expired_and_unknown_invitations_are_answered_alike(
    cast: Cast, ana: Person, fox: Person, token: str
) -> None:
    client = Client()
    unknown = closed(client, "A" * 22)
    assert unknown[0] == 404
    with time_machine.travel(timezone.now() + timedelta(hours=73), tick=False):
        assert closed(client, token) == unknown
    fill_in(Client(), token)
    assert closed(client, token) == unknown
    assert closed(client, "z-1") == unknown


def test_trying_many_tokens_is_slowed_down_and_the_invitation_stays_open(token: str) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        assert [client.get(f"/people/welcome/{number:043}/").status_code for number in range(31)] == [404] * 30 + [429]
        slow = client.get(f"/people/welcome/{token}/")
        assert (slow.status_code, "Yours is still there" in slow.content.decode()) == (429, True)
        clock.shift(timedelta(minutes=2))
        assert client.get(f"/people/welcome/{token}/").status_code == 200


def test_a_closed_invitation_takes_no_form_either(token: str) -> None:
    assert fill_in(Client(), "A" * 22).status_code == 404
    fill_in(Client(), token)
    assert fill_in(Client(), token, handle="another-name").status_code == 404
    assert User.objects.count() == 2


def test_an_invitation_that_closes_between_page_and_form(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_late(*_args: object, **_kwargs: object) -> None:
        raise invitations.InvitationClosed

    monkeypatch.setattr(invitations, "accept_invitation", too_late)
    assert fill_in(Client(), token).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"handle": ""}, "handle"),
        ({"handle": "ab"}, "handle"),
        ({"new": "too short", "again": "too short"}, "new"),
        ({"again": "six other words for a test"}, "again"),
    ],
)
def test_mistakes_are_named_and_the_invitation_stays_open(token: str, changes: dict[str, str], field: str) -> None:
    client = Client()
    page = fill_in(client, token, **changes)
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"]["offered"].value() == "x"
    assert fill_in(client, token).status_code == 302


def test_a_name_that_somebody_has_cannot_be_used(token: str, ana: Person) -> None:
    client = Client()
    page = fill_in(client, token, handle="ANA")
    assert page.context["form"].errors["handle"] == ["This name cannot be used. Please take another."]
    assert fill_in(client, token).status_code == 302


def test_when_somebody_else_is_signing_in_nothing_is_lost(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_args: object, **_kwargs: object) -> None:
        raise Busy

    client = Client()
    with monkeypatch.context() as patch:
        patch.setattr(invitations, "open_account", busy)
        page = fill_in(client, token)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "2")
    assert b"Somebody else is signing in right now" in page.content
    assert fill_in(client, token).status_code == 302


def test_an_invitation_is_not_for_somebody_who_is_signed_in(cast: Cast, ana: Person, token: str) -> None:
    client = cast.sign_in(ana)
    assert b"Somebody is signed in here already" in client.get(f"/people/welcome/{token}/").content
    assert b"Somebody is signed in here already" in fill_in(client, token).content
    assert invitations.is_open(token)


def test_no_handle_and_no_name_stands_in_clear(token: str, fox: Person) -> None:
    client = Client()
    fill_in(client, token)
    user = Person.objects.get(pk=fox.pk).user
    assert user is not None
    assert "lantern" not in user.username
    assert Profile.objects.get(person=fox).item.box[:1] == b"\x01"

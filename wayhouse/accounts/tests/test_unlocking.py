from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from wayhouse.accounts import unlocking
from wayhouse.accounts.session_store import SessionStore
from wayhouse.accounts.tests.conftest import Account, code_of
from wayhouse.crypto.box import CannotOpen

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def visit(db: None, rf: RequestFactory) -> HttpRequest:
    request = rf.get("/")
    request.session = SessionStore()
    return request


def wait(visit: HttpRequest, account: Account) -> None:
    account.user.unlocked = account.secret
    unlocking.wait(visit, account.user)


def test_a_waiting_key_belongs_to_who_typed_the_passphrase(visit: HttpRequest, fox: Account, wren: Account) -> None:
    wait(visit, fox)
    assert unlocking.waiting(visit, wren.user) is None
    assert unlocking.waiting(visit, fox.user) == fox.secret


def test_a_key_waits_for_ten_minutes_and_is_then_forgotten(visit: HttpRequest, fox: Account) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        wait(visit, fox)
        clock.shift(600)
        assert unlocking.waiting(visit, fox.user) == fox.secret
        clock.shift(1)
        assert unlocking.waiting(visit, fox.user) is None
    assert fox.secret.hex() not in str(dict(visit.session.items()))


def test_a_waiting_key_opens_nothing(visit: HttpRequest, fox: Account) -> None:
    wait(visit, fox)
    assert not unlocking.is_unlocked(visit)
    assert unlocking.keyring_of(visit, fox.user.holder_id) is None
    unlocking.unlock(visit, fox.secret)
    assert unlocking.is_unlocked(visit)
    assert unlocking.waiting(visit, fox.user) is None


def test_a_desk_is_known_for_the_rest_of_the_session(visit: HttpRequest, fox: Account) -> None:
    desk, other = uuid4(), uuid4()
    unlocking.unlock(visit, fox.secret)
    unlocking.remember_desk(visit, desk, bytes(32))
    assert [unlocking.desk_secret(visit, each) for each in (desk, other)] == [bytes(32), None]


def test_a_desk_in_the_session_is_not_in_the_keyring_by_itself(visit: HttpRequest, fox: Account) -> None:
    desk = uuid4()
    unlocking.unlock(visit, fox.secret)
    unlocking.remember_desk(visit, desk, bytes(32))
    keyring = unlocking.keyring_of(visit, fox.user.holder_id)
    assert keyring is not None
    with pytest.raises(CannotOpen):
        keyring.secret_of(desk)


def test_signing_in_unlocks(fox: Account) -> None:
    session = fox.sign_in().session
    assert (session["key"], "waiting_key" in session) == (fox.secret.hex(), False)


def test_between_passphrase_and_second_step_nothing_is_open(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        seed = fox.add_app(NOON.timestamp())
        clock.shift(60)
        session = fox.sign_in().session
        assert ("key" in session, "_auth_user_id" in session, session["waiting_key"][0]) == (
            False,
            False,
            str(fox.user.pk),
        )
        fox.browser.post(reverse("mfa_authenticate"), {"code": code_of(seed, NOON.timestamp() + 60)})
        session = fox.browser.session
        assert (session["key"], "waiting_key" in session) == (fox.secret.hex(), False)


def test_who_is_slow_with_the_second_step_is_signed_in_but_locked(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        seed = fox.add_app(NOON.timestamp())
        clock.shift(60)
        fox.sign_in()
        clock.shift(timedelta(minutes=10, seconds=30))
        answer = fox.browser.post(reverse("mfa_authenticate"), {"code": code_of(seed, NOON.timestamp() + 690)})
        assert answer.headers["Location"] == f"{reverse('accounts:unlock')}?next=%2Faccount%2F"
        assert "key" not in fox.browser.session


def test_a_planted_session_does_not_hold_the_waiting_key(fox: Account, visit: HttpRequest) -> None:
    fox.add_app(datetime.now(tz=UTC).timestamp())
    visit.session["anything"] = 1
    visit.session.save()
    planted = str(visit.session.session_key)
    fox.browser.cookies[settings.SESSION_COOKIE_NAME] = planted
    session = fox.sign_in().session
    assert ("waiting_key" in session, session.session_key == planted) == (True, False)
    assert SessionStore(planted).load() == {}


def test_stopping_at_the_second_step_forgets_the_waiting_key(fox: Account) -> None:
    fox.add_app(datetime.now(tz=UTC).timestamp())
    fox.sign_in()
    fox.browser.post(reverse("account_logout"))
    assert dict(fox.browser.session) == {}


def lock(account: Account) -> Client:
    """Signed in as a passkey does it: without a key."""
    browser = account.sign_in()
    session = browser.session
    del session["key"]
    session.save()
    return browser


def test_the_passphrase_unlocks_and_leads_on(fox: Account) -> None:
    browser = lock(fox)
    token = browser.session.session_key
    page = browser.get(reverse("accounts:unlock"), {"next": "/groups/"})
    assert page.context["onward"] == "/groups/"
    answer = browser.post(reverse("accounts:unlock"), {"passphrase": fox.passphrase, "next": "/groups/"})
    assert answer.headers["Location"] == "/groups/"
    assert browser.session["key"] == fox.secret.hex()
    assert browser.session.session_key != token


def test_a_wrong_passphrase_unlocks_nothing(fox: Account) -> None:
    browser = lock(fox)
    page = browser.post(reverse("accounts:unlock"), {"passphrase": "not at all the right words"})
    assert page.context["form"].errors == {
        "passphrase": ["This is not the passphrase of this account. Please try again."]
    }
    assert "key" not in browser.session


def test_unlocking_can_be_tried_ten_times_in_five_minutes(fox: Account, stretched: list[int]) -> None:
    browser = lock(fox)
    stretched.clear()
    for _ in range(10):
        browser.post(reverse("accounts:unlock"), {"passphrase": "not at all the right words"})
    page = browser.post(reverse("accounts:unlock"), {"passphrase": fox.passphrase})
    assert page.context["form"].errors["passphrase"] == [
        "There were too many tries. Please wait five minutes and try again."
    ]
    assert len(stretched) == 10


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_unlocking_leads_nowhere_outside(fox: Account, elsewhere: str) -> None:
    answer = lock(fox).post(reverse("accounts:unlock"), {"passphrase": fox.passphrase, "next": elsewhere})
    assert answer.headers["Location"] == reverse("accounts:security")


def test_who_is_unlocked_is_led_on(fox: Account) -> None:
    answer = fox.sign_in().get(reverse("accounts:unlock"), {"next": "/groups/"})
    assert answer.headers["Location"] == "/groups/"


def test_strangers_are_led_to_sign_in(client: Client, db: None) -> None:
    answer = client.get(reverse("accounts:unlock"))
    assert answer.headers["Location"] == f"{reverse('account_login')}?next={reverse('accounts:unlock')}"

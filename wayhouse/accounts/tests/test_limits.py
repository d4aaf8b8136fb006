import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from wayhouse.accounts import limits
from wayhouse.accounts.tests.conftest import Account, whole_database
from wayhouse.audit.models import AuditLeaf

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE, THERE = "203.0.113.77", "198.51.100.5"
TOO_MANY = {"__all__": ["There were too many tries. Please wait five minutes and try again."]}


@pytest.fixture
def post(rf: RequestFactory) -> HttpRequest:
    return rf.post("/", REMOTE_ADDR=HERE)


def tries(address: str, handle: str, times: int) -> Client:
    stranger = Client(REMOTE_ADDR=address)
    for _ in range(times):
        stranger.post(reverse("account_login"), {"login": handle, "password": "wrong words, all of them"})
    return stranger


def signs_in(account: Account, address: str) -> bool:
    answer = Client(REMOTE_ADDR=address).post(
        reverse("account_login"), {"login": account.handle, "password": account.passphrase}
    )
    return answer.status_code == 302


def test_five_wrong_tries_and_then_a_rest_of_five_minutes(fox: Account, stretched: list[int]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        stranger = tries(HERE, fox.handle, 5)
        typed = {"login": fox.handle, "password": fox.passphrase}
        stretched.clear()
        assert stranger.post(reverse("account_login"), typed).context["form"].errors == TOO_MANY
        assert stretched == []
        clock.shift(300)
        assert stranger.post(reverse("account_login"), typed).status_code == 302


@pytest.mark.abuse(21)
def test_a_stranger_elsewhere_locks_nobody_out(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(12):
            tries(HERE, fox.handle, 6)
            clock.shift(300)
        assert signs_in(fox, THERE)


def test_other_names_are_free_on_the_same_network(fox: Account, wren: Account) -> None:
    with time_machine.travel(NOON, tick=False):
        tries(HERE, fox.handle, 5)
        assert signs_in(wren, HERE)


def test_an_unknown_name_is_counted_like_a_known_one(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False):
        known = tries(HERE, "Quiet Fox", 5).post(reverse("account_login"), {"login": "Quiet Fox", "password": "x"})
        cache.clear()
        unknown = tries(HERE, "Quiet Vox", 5).post(reverse("account_login"), {"login": "Quiet Vox", "password": "x"})
    assert known.context["form"].errors == unknown.context["form"].errors == TOO_MANY


def test_other_spellings_are_the_same_name(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False):
        for spelling in ("quiet fox", "QUIET FOX", "Quiet  Fox", "Quiet\u2003Fox", "ｑuiet fox"):
            tries(HERE, spelling, 1)
        assert not signs_in(fox, HERE)


def test_right_tries_are_not_counted(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False):
        assert [signs_in(fox, HERE) for _ in range(12)] == [True] * 12


@pytest.mark.abuse(21)
def test_a_thousand_tries_from_one_network_reach_twenty_passphrases(post: HttpRequest) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        taken = 0
        for _ in range(1000):
            taken += limits.take_for_name(post, "login_failed", "fox", "here") is not None
            clock.shift(1)
    assert taken == 20


def test_a_thousand_tries_from_everywhere_reach_three_hundred_passphrases(rf: RequestFactory) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        taken = 0
        for number in range(1000):
            request = rf.post("/", REMOTE_ADDR=f"203.0.{number // 250}.{number % 250}")
            taken += limits.take_for_name(request, "login_failed", "fox", str(number)) is not None
            clock.shift(1)
    assert taken == 300


def test_a_refusal_is_not_written_into_the_log(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False):
        tries(HERE, fox.handle, 5)
        before = AuditLeaf.objects.count()
        tries(HERE, fox.handle, 5)
    assert AuditLeaf.objects.count() == before


def test_too_many_forms_of_one_network_are_answered_with_a_page_that_says_so(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False):
        answer = tries(HERE, "x", 30).post(reverse("account_login"), {"login": "y", "password": "z"})
    assert answer.status_code == 429
    assert "Please wait a little" in answer.content.decode()


def test_neither_address_nor_name_is_kept_anywhere(fox: Account, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with time_machine.travel(NOON, tick=False):
        tries(HERE, "Quiet Fox", 31)
        Client(REMOTE_ADDR=HERE).post(reverse("account_login"), {"login": fox.handle, "password": fox.passphrase})
        Client(REMOTE_ADDR=HERE).post(
            reverse("accounts:recover"), {"handle": fox.handle, "code": "x", "new": "y" * 20, "again": "y" * 20}
        )
    counters = " ".join(cache._cache)  # type: ignore[attr-defined]  # of the store in memory
    assert "login_failed" in counters
    for place in (counters, whole_database(), caplog.text):
        assert [word for word in (HERE, "Quiet Fox", "quiet fox") if word in place] == []


def test_a_network_has_another_tag_tomorrow() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        today = limits.network_tag(HERE)
        assert limits.network_tag(HERE) == today
        assert limits.network_tag(THERE) != today
        clock.shift(timedelta(days=1))
        assert limits.network_tag(HERE) != today


def test_neighbours_in_a_long_address_are_one_network() -> None:
    with time_machine.travel(NOON, tick=False):
        home, same, other = (limits.network_tag(f"2001:db8:0:{number}") for number in ("1::1", "1::2", "2::1"))
    assert home == same != other

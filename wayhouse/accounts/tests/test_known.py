from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from wayhouse.accounts import known, limits
from wayhouse.accounts.tests.conftest import Account

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE, THERE = "203.0.113.77", "198.51.100.5"


def sign_in(browser: Client, account: Account, *, passphrase: str = "", mine: str = "") -> bool:
    typed = {"login": account.handle, "password": passphrase or account.passphrase, "mine": mine}
    return browser.post(reverse("account_login"), typed).status_code == 302


def wear_out(rf: RequestFactory, handle: str) -> None:
    """Strangers from everywhere try a name until it is shut for an hour."""
    for number in range(301):
        request = rf.post("/", REMOTE_ADDR=f"192.0.2.{number % 250}")
        limits.take_for_name(request, "login_failed", handle, str(number))


def a_device(account: Account, *, mine: str = "on") -> Client:
    """A browser in which somebody signed in and out again."""
    browser = Client(REMOTE_ADDR=HERE)
    assert sign_in(browser, account, mine=mine)
    browser.post(reverse("account_logout"))
    return browser


@pytest.mark.abuse(21)
def test_strangers_cannot_keep_out_whoever_asked_to_be_known(fox: Account, rf: RequestFactory) -> None:
    with time_machine.travel(NOON, tick=False):
        ours, others = a_device(fox), a_device(fox, mine="")
        wear_out(rf, fox.handle)
        assert [sign_in(ours, fox), sign_in(others, fox), sign_in(Client(), fox)] == [True, False, False]


def test_a_known_device_has_five_wrong_tries_too(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False):
        browser = a_device(fox)
        for _ in range(5):
            sign_in(browser, fox, passphrase="wrong words, all of them")
        assert not sign_in(browser, fox)
        assert sign_in(Client(REMOTE_ADDR=THERE), fox)


def test_it_is_known_for_ninety_days_from_the_last_time(fox: Account, rf: RequestFactory) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = a_device(fox)
        clock.shift(timedelta(days=89))
        assert sign_in(browser, fox)
        clock.shift(timedelta(days=89))
        wear_out(rf, fox.handle)
        assert sign_in(browser, fox)
        clock.shift(timedelta(days=90))
        wear_out(rf, fox.handle)
        assert not sign_in(browser, fox)


@pytest.mark.parametrize(
    "change",
    [
        lambda mark: mark.replace("2026-11-23", "2026-11-24"),
        lambda mark: mark[:-1] + ("0" if mark[-1] != "0" else "1"),
        lambda mark: mark.rpartition(".")[0],
        lambda _mark: "2026-11-23..",
        lambda _mark: "ü.ü.ü",
        lambda _mark: "",
    ],
)
def test_no_mark_but_ours_counts(change: object, fox: Account) -> None:
    assert callable(change)
    with time_machine.travel(NOON, tick=False):
        request = HttpRequest()
        request.COOKIES[known.COOKIE] = a_device(fox).cookies[known.COOKIE].value
        assert known.device(request, fox.handle) is not None
        assert known.device(request, "somebody else") is None
        request.COOKIES[known.COOKIE] = change(request.COOKIES[known.COOKIE])
        assert known.device(request, fox.handle) is None


def test_the_mark_names_nobody_and_is_asked_for_at_the_door_alone(fox: Account) -> None:
    with time_machine.travel(NOON, tick=False):
        marks = [a_device(fox).cookies[known.COOKIE] for _ in range(2)]
    assert marks[0].value != marks[1].value
    assert {(mark["path"], mark["httponly"], mark["samesite"]) for mark in marks} == {
        (reverse("account_login"), True, "Strict")
    }


def test_leaving_quickly_takes_it_back(fox: Account) -> None:
    browser = a_device(fox)
    browser.cookies["left"] = "1"
    browser.get("/help/")
    assert browser.cookies[known.COOKIE].value == ""


def test_leaving_without_a_script_takes_it_back_too(fox: Account) -> None:
    browser = a_device(fox)
    browser.post(reverse("core:leave"))
    assert browser.cookies[known.COOKIE].value == ""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wayhouse.accounts.models import Session
from wayhouse.accounts.tests.conftest import Account, whole_database
from wayhouse.accounts.unlocking import account_by_code, secret_by_passphrase
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto.passphrase import fresh_code

MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)
NEW = "other words that nobody can guess"
ADDRESS, KEEP = "/account/recover/", "/account/recovery-code/keep/"
WRONG = {"__all__": ["This name and this code do not belong together. Please look at both again."]}


def typed(account: Account, **other: str) -> dict[str, str]:
    return {"handle": account.handle, "code": account.code, "new": NEW, "again": NEW, **other}


def groups(page: Any) -> dict[str, str]:
    """What somebody types back from their paper."""
    code = page.context["code"].split("-")
    return {name: code[int(name.partition("_")[2]) - 1] for name in page.context["form"].fields}


def test_the_code_gives_a_new_passphrase_and_a_new_code(client: Client, fox: Account) -> None:
    fox.sign_in()
    answer = client.post(ADDRESS, typed(fox))
    assert answer.headers["Location"] == KEEP
    page = client.get(KEEP)
    code = page.context["code"]
    assert account_by_code(fox.handle, code) == (fox.user, fox.secret)
    assert account_by_code(fox.handle, fox.code) is None
    assert secret_by_passphrase(fox.user, NEW) == fox.secret
    assert secret_by_passphrase(fox.user, fox.passphrase) is None
    assert Session.objects.filter(user=fox.user).count() == 0
    assert AuditLeaf.objects.order_by("index").last().kind == "account.recovered"  # type: ignore[union-attr]


def test_the_new_code_stays_until_two_groups_came_back(client: Client, fox: Account) -> None:
    client.post(ADDRESS, typed(fox))
    page = client.get(KEEP)
    right = groups(page)
    assert len(right) == 2
    assert page.context["code"] not in whole_database()
    first = next(iter(right))
    wrong = client.post(KEEP, {**right, first: "0000" if right[first] != "0000" else "1111"})
    assert wrong.context["form"].errors == {first: ["This is not the group above. Please look at your paper again."]}
    assert client.get(KEEP).context["code"] == page.context["code"]
    kept = client.post(KEEP, {name: group.lower() for name, group in right.items()})
    assert kept.headers["Location"] == reverse("account_login")
    assert client.get(KEEP).headers["Location"] == reverse("account_login")


def test_letters_that_look_like_digits_are_forgiven(client: Client, fox: Account) -> None:
    slips = fox.code.replace("0", "O").replace("1", "l").replace("-", " ").lower()
    assert client.post(ADDRESS, typed(fox, code=slips)).headers["Location"] == KEEP


@pytest.mark.abuse(3)
def test_wrong_code_and_unknown_name_cannot_be_told_apart(fox: Account, stretched: list[int]) -> None:
    def answered(handle: str, code: str) -> tuple[str, int, int]:
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post(ADDRESS, typed(fox, handle=handle, code=code, offered="six words"))
        assert (answer.status_code, answer.context["form"].errors) == (200, WRONG)
        same = re.sub(r'(nonce|value)="[^"]{20,}"', r'\1=""', answer.content.decode())
        return same.replace(handle, "").replace(code, ""), len(queries), len(stretched)

    stretched.clear()
    code = fresh_code()
    assert answered("Quiet Fox", code) == answered("Quiet Vox", code) == answered("Quiet Vox", fox.code)
    assert stretched == []


def test_the_code_is_not_tried_while_the_new_passphrase_is_wrong(client: Client, fox: Account) -> None:
    page = client.post(ADDRESS, typed(fox, new="too short", again="too short"))
    assert page.context["form"].errors == {"new": ["Please take at least 15 characters."]}
    assert account_by_code(fox.handle, fox.code) == (fox.user, fox.secret)


@pytest.mark.abuse(23)
def test_five_wrong_codes_an_hour_and_nobody_elsewhere_is_kept_out(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        stranger = Client(REMOTE_ADDR="203.0.113.77")
        for _ in range(5):
            stranger.post(ADDRESS, typed(fox, code=fresh_code()))
        page = stranger.post(ADDRESS, typed(fox))
        assert page.context["form"].errors == {
            "__all__": ["There were too many tries. Please wait five minutes and try again."]
        }
        assert Client(REMOTE_ADDR="198.51.100.5").post(ADDRESS, typed(fox)).headers["Location"] == KEEP
        clock.shift(3600)
        assert stranger.post(ADDRESS, typed(fox)).status_code == 200


def test_the_second_step_is_asked_as_before(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        fox.add_app(MOMENT.timestamp())
        clock.shift(30)
        fox.browser.post(ADDRESS, typed(fox))
        fox.browser = Client()
        answer = fox.browser.post(reverse("account_login"), {"login": fox.handle, "password": NEW})
        assert answer.headers["Location"] == reverse("mfa_authenticate")


def test_whoever_was_signed_in_here_is_signed_out(fox: Account) -> None:
    fox.sign_in()
    fox.browser.post(ADDRESS, typed(fox))
    assert list(fox.browser.session.keys()) == ["code_to_keep"]


def test_who_signs_in_next_on_this_device_does_not_see_the_code(fox: Account, wren: Account) -> None:
    fox.browser.post(ADDRESS, typed(fox))
    wren.browser = fox.browser
    assert "code_to_keep" not in wren.sign_in().session
    assert wren.browser.get(KEEP).headers["Location"] == reverse("accounts:security")


def test_a_planted_session_does_not_show_the_code(client: Client, fox: Account, wren: Account) -> None:
    planted = wren.sign_in().session.session_key
    client.cookies = wren.browser.cookies
    client.post(ADDRESS, typed(fox))
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = str(planted)
    assert thief.get(KEEP).headers["Location"] == reverse("account_login")
    assert client.get(KEEP).status_code == 200


def test_a_new_code_is_made_with_the_passphrase(fox: Account) -> None:
    address = reverse("accounts:recovery_code")
    page = fox.sign_in().post(address, {"passphrase": "wrong words, all of them"})
    assert page.context["form"].errors == {
        "passphrase": ["This is not the passphrase of this account. Please try again."]
    }
    assert account_by_code(fox.handle, fox.code) == (fox.user, fox.secret)
    answer = fox.browser.post(address, {"passphrase": fox.passphrase})
    page = fox.browser.get(answer.headers["Location"])
    assert account_by_code(fox.handle, page.context["code"]) == (fox.user, fox.secret)
    assert account_by_code(fox.handle, fox.code) is None
    kept = fox.browser.post(answer.headers["Location"], groups(page))
    assert kept.headers["Location"] == reverse("accounts:security")
    assert AuditLeaf.objects.order_by("index").last().kind == "recovery_code.renewed"  # type: ignore[union-attr]


@pytest.mark.parametrize("elsewhere", ["//elsewhere.example/", "https://elsewhere.example/"])
def test_the_way_on_leads_nowhere_outside(client: Client, fox: Account, elsewhere: str) -> None:
    client.post(ADDRESS, typed(fox))
    page = client.get(KEEP, {"next": elsewhere})
    kept = client.post(f"{KEEP}?next={elsewhere}", groups(page))
    assert kept.headers["Location"] == reverse("account_login")

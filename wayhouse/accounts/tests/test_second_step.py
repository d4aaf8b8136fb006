import base64
import re
from datetime import UTC, datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from wayhouse.accounts.session_store import SessionStore
from wayhouse.accounts.tests.conftest import Account, code_of, whole_database
from wayhouse.audit.models import AuditLeaf

MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOON = MOMENT.timestamp()
SECOND = "/account/login/second/"
NOT_ACCEPTED = {"code": ["This code was not accepted. It works once and not for long: please take the next one."]}


def second_step(account: Account, code: str) -> str:
    """Sign in with the passphrase, give a code, and say where that led."""
    account.browser = Client()
    account.sign_in()
    return str(account.browser.post(SECOND, {"code": code}).headers.get("Location", "refused"))


def spare_codes(account: Account) -> list[str]:
    step = Authenticator.objects.get(user=account.user, type="recovery_codes")
    return list(step.wrap().get_unused_codes())


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"])
@pytest.mark.abuse(6)
def test_a_change_asks_for_the_passphrase_first(fox: Account, name: str) -> None:
    answer = fox.sign_in().get(reverse(name))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_a_wrong_passphrase_proves_nothing(fox: Account) -> None:
    fox.sign_in()
    page = fox.browser.post(reverse("account_reauthenticate"), {"password": "wrong words, all of them"})
    assert page.context["form"].errors == {
        "password": ["This is not the passphrase of this account. Please try again."]
    }
    assert fox.browser.get(reverse("mfa_activate_totp")).status_code == 302


def test_after_five_minutes_it_asks_again(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        fox.sign_in()
        fox.prove()
        clock.shift(299)
        assert fox.browser.get(reverse("mfa_activate_totp")).status_code == 200
        clock.shift(1)
        assert fox.browser.get(reverse("mfa_activate_totp")).status_code == 302


def test_the_page_draws_the_code_itself_and_names_nobody(fox: Account) -> None:
    fox.sign_in()
    page = fox.prove().get(reverse("mfa_activate_totp"))
    text, seed = page.content.decode(), page.context["form"].secret
    assert "<svg width=" in text
    assert "data:" not in text
    assert " ".join(re.findall("....", seed)) in text
    assert page.context["totp_url"] == f"otpauth://totp/Open%20Circle?secret={seed}&issuer=Open%20Circle"


def test_no_seed_lies_in_the_database(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False):
        fox.sign_in()
        pending = fox.prove().get(reverse("mfa_activate_totp")).context["form"].secret
        while_the_page_is_open = whole_database()
        fox.browser = Client()
        seed = fox.add_app(NOON)
        second_step(fox, code_of(seed, NOON + 30))
    assert pending not in while_the_page_is_open
    stored, raw = whole_database(), base64.b32decode(seed)
    codes = Authenticator.objects.get(type="recovery_codes").wrap()
    assert len(codes.generate_codes()) == 10
    forms = [seed, raw.hex(), base64.b64encode(raw).decode(), str(int(NOON) // 30), *codes.generate_codes()]
    assert [form for form in forms if form in stored] == []


def test_an_app_is_asked_after_the_passphrase(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        seed = fox.add_app(NOON)
        clock.shift(30)
        answer = fox.browser.post(reverse("account_login"), {"login": fox.handle, "password": fox.passphrase})
        assert answer.headers["Location"] == SECOND
        assert fox.browser.get(reverse("accounts:security")).status_code == 302
        page = fox.browser.post(SECOND, {"code": "000000"})
        assert page.context["form"].errors == NOT_ACCEPTED
        assert fox.browser.post(SECOND, {"code": code_of(seed, NOON + 30)}).headers["Location"] == "/account/"
        assert fox.browser.session["key"] == fox.secret.hex()


def test_digits_may_be_arabic_and_spaced(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        seed = fox.add_app(NOON)
        clock.shift(30)
        shown = code_of(seed, NOON + 30).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        assert second_step(fox, f"{shown[:3]} {shown[3:]}") == "/account/"


@pytest.mark.abuse(24)
def test_a_code_works_once_whichever_worker_is_asked(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        seed = fox.add_app(NOON)
        clock.shift(30)
        code = code_of(seed, NOON + 30)
        assert second_step(fox, code) == "/account/"
        cache.clear()
        assert second_step(fox, code) == "refused"
        assert second_step(fox, code_of(seed, NOON)) == "refused"
        assert second_step(fox, code_of(seed, NOON + 60)) == "/account/"


@pytest.mark.parametrize(("off", "led"), [(-60, "refused"), (-30, "/account/"), (30, "/account/"), (60, "refused")])
@pytest.mark.abuse(24)
def test_a_clock_may_be_half_a_minute_off(fox: Account, off: int, led: str) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        seed = fox.add_app(NOON)
        clock.shift(600)
        assert second_step(fox, code_of(seed, NOON + 600 + off)) == led


def test_five_wrong_codes_and_then_a_rest(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        seed = fox.add_app(NOON)
        clock.shift(30)
        fox.sign_in()
        for _ in range(5):
            fox.browser.post(SECOND, {"code": "000000"})
        page = fox.browser.post(SECOND, {"code": code_of(seed, NOON + 30)})
        assert page.context["form"].errors["code"] == [
            "There were too many tries. Please wait five minutes and try again."
        ]
        clock.shift(300)
        assert fox.browser.post(SECOND, {"code": code_of(seed, NOON + 330)}).headers["Location"] == "/account/"


def test_a_spare_code_replaces_the_app_once(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        fox.add_app(NOON)
        clock.shift(30)
        first, *others = spare_codes(fox)
        assert second_step(fox, first) == "/account/"
        assert second_step(fox, first) == "refused"
        assert spare_codes(fox) == others
        assert len(others) == 9


def test_spare_codes_are_shown_saved_and_made_anew(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        seed = fox.add_app(NOON)
        clock.shift(30)
        second_step(fox, code_of(seed, NOON + 30))
        fox.prove()
        codes = spare_codes(fox)
        page = fox.browser.get(reverse("mfa_view_recovery_codes")).content.decode()
        assert [code for code in codes if f"<li>{code}</li>" not in page] == []
        file = fox.browser.get(reverse("mfa_download_recovery_codes"))
        assert file.content.decode().split() == codes
        assert file.headers["Content-Disposition"] == 'attachment; filename="list.txt"'
        fox.browser.post(reverse("mfa_generate_recovery_codes"))
        assert set(spare_codes(fox)).isdisjoint(codes)
        assert second_step(fox, codes[0]) == "refused"


def test_spare_codes_are_shown_only_to_who_proved_it(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        seed = fox.add_app(NOON)
        clock.shift(30)
        second_step(fox, code_of(seed, NOON + 30))
        for name in ("mfa_view_recovery_codes", "mfa_download_recovery_codes"):
            assert fox.browser.get(reverse(name)).headers["Location"].startswith("/account/again/")


def test_without_the_app_the_passphrase_is_enough_again(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        seed = fox.add_app(NOON)
        clock.shift(30)
        second_step(fox, code_of(seed, NOON + 30))
        fox.prove()
        answer = fox.browser.post(reverse("mfa_deactivate_totp"))
        assert answer.headers["Location"] == reverse("mfa_index")
        assert Authenticator.objects.count() == 0
        fox.browser = Client()
        assert fox.sign_in().session["key"] == fox.secret.hex()


def test_it_is_not_written_down_when_a_step_was_used(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        seed = fox.add_app(NOON)
        clock.shift(30)
        second_step(fox, code_of(seed, NOON + 30))
        fox.prove().get(reverse("mfa_view_recovery_codes"))
    times = Authenticator.objects.values_list("last_used_at", "created_at")
    assert set(times) == {(None, MOMENT.replace(hour=0))}
    assert Authenticator.objects.get(type="recovery_codes").data["viewed_at"] is True


def test_every_change_stands_in_the_log(fox: Account) -> None:
    before = AuditLeaf.objects.count()
    with time_machine.travel(MOMENT, tick=False) as clock:
        seed = fox.add_app(NOON)
        clock.shift(30)
        second_step(fox, code_of(seed, NOON + 30))
        fox.prove()
        fox.browser.post(reverse("mfa_generate_recovery_codes"))
        fox.browser.post(reverse("mfa_deactivate_totp"))
    kinds = [leaf.kind for leaf in AuditLeaf.objects.order_by("index")[before:]]
    assert kinds == ["second_step.added", "spare_codes.renewed", "second_step.removed"]


def test_a_code_proves_it_too_and_changes_the_token(fox: Account) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        seed = fox.add_app(NOON)
        clock.shift(30)
        second_step(fox, code_of(seed, NOON + 30))
        token = fox.browser.session.session_key
        again = reverse("mfa_reauthenticate")
        assert fox.browser.post(again, {"code": code_of(seed, NOON + 30)}).context["form"].errors == NOT_ACCEPTED
        answer = fox.browser.post(f"{again}?next=/account/codes/", {"code": code_of(seed, NOON + 60)})
        assert answer.headers["Location"] == "/account/codes/"
        assert fox.browser.session.session_key != token
        assert SessionStore(token).load() == {}


@pytest.mark.abuse(6)
def test_the_steps_of_others_do_not_exist(fox: Account, wren: Account) -> None:
    passkey = Authenticator.objects.create(user=fox.user, type="webauthn", data={"name": "phone", "credential": {}})
    wren.sign_in()
    wren.prove()
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        address = reverse(name, args=[passkey.pk])
        assert [wren.browser.get(address).status_code, wren.browser.post(address).status_code] == [404, 404]
    assert Authenticator.objects.count() == 1

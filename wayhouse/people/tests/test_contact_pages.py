from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from conftest import Acting, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto.tests.browser import Browser
from wayhouse.notices.channels import WAYS, Way
from wayhouse.notices.delivering import deliver_due
from wayhouse.notices.kinds import Channel
from wayhouse.notices.models import ContactPlan, PushDevice
from wayhouse.notices.tests.conftest import Outside, everything_goes_out, put_in, stands
from wayhouse.people.actions import choose_language
from wayhouse.people.models import Person

FILLED: dict[str, Any] = {
    "first": "email",
    "then": "",
    "email": "fern@example.org",
    "phone": "",
    "start": "17:00",
    "end": "19:30",
    "days": ["0", "3"],
    "title": "Chor",
    "words": "",
    "stays": "yes",
}


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    return everything_goes_out(monkeypatch)


@pytest.fixture
def page(signed_in: SignedIn, cass: Person, outside: Outside, settings: Settings) -> Client:
    settings.WAYHOUSE_PUSH_CONTACT = "mailto:post@example.org"
    return signed_in(cass)


def send(page: Client, **changed: Any) -> Any:
    return page.post("/messages/", {**FILLED, **changed})


def test_without_a_plan_the_page_says_that_nobody_writes(page: Client) -> None:
    said = page.get("/messages/").content.decode()
    assert "Nobody writes to you." in said
    assert "Write to me no more" not in said


def test_what_was_agreed_is_shown_as_a_locked_screen_shows_it(page: Client, cass: Person) -> None:
    assert send(page).status_code == 302
    plan = ContactPlan.objects.get().plan()
    assert (plan.channels, plan.email, plan.hours.days) == ((Channel.EMAIL,), "fern@example.org", (0, 3))
    assert (plan.hours.start.hour, plan.hours.zone, plan.language) == (17, "Europe/Berlin", "en")
    said = page.get("/messages/").content.decode()
    assert [said.count(words) for words in ("<bdi>Chor</bdi>", "You have a reminder.", "Please call in.")] == [4, 1, 0]


def test_showing_first_agrees_to_nothing(page: Client) -> None:
    said = send(page, do="show", words="Noten mitbringen").content.decode()
    assert said.count("Noten mitbringen</bdi>") == 1
    assert "Nothing is saved yet." in said
    assert ContactPlan.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "fern"}, "email"),
        ({"then": "sms"}, "phone"),
        ({"then": "sms", "phone": "0170 123"}, "phone"),
        ({"stays": "no"}, "stays"),
        ({"stays": ""}, "stays"),
        ({"days": []}, "days"),
        ({"first": "pigeon"}, "first"),
        ({"title": "x" * 41}, "title"),
    ],
)
def test_what_does_not_fit_together_is_said_at_its_field(page: Client, changed: dict[str, Any], field: str) -> None:
    answer = send(page, **changed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert ContactPlan.objects.count() == 0


def test_addresses_that_no_way_needs_are_not_kept(page: Client) -> None:
    send(page, first="push", phone="+49 170 1234567", stays="no")
    plan = ContactPlan.objects.get().plan()
    assert (plan.email, plan.phone, plan.may_stay) == ("", "", False)


def test_only_who_helps_to_run_things_can_be_paged(page: Client, signed_in: SignedIn, bo: Person) -> None:
    send(page, paged="on")
    assert not ContactPlan.objects.get().plan().paged
    at_work = signed_in(bo)
    at_work.post("/messages/", {**FILLED, "paged": "on"})
    assert ContactPlan.objects.get(person_id=bo.pk).plan().paged
    assert "Please call in now." in at_work.get("/messages/").content.decode()


def test_a_test_is_sent_and_the_list_says_what_became_of_it(page: Client, outside: Outside) -> None:
    send(page, days=["0"], start="03:00", end="03:01")
    for _tap in range(2):
        page.post("/messages/try/")
    deliver_due()
    assert [(letter.title, letter.words) for letter in outside.arrived] == [("Chor", "This is only a test.")]
    said = page.get("/messages/sent/").content.decode()
    assert (said.count("This is only a test."), said.count("e-mail")) == (1, 1)


def test_one_tap_and_nothing_is_left(page: Client, cass: Person) -> None:
    send(page)
    put_in(cass)
    page.post("/messages/stop/")
    assert (ContactPlan.objects.count(), stands()) == (0, [("", "skipped", "handled")])
    assert AuditLeaf.objects.filter(kind="contact.stopped").count() == 1


def test_each_sees_their_own_deliveries_and_nobody_elses(
    page: Client, signed_in: SignedIn, cass: Person, dee: Person
) -> None:
    put_in(cass)
    deliver_due()
    assert "you have agreed to no messages" in page.get("/messages/sent/").content.decode()
    assert "Nothing was sent yet" in signed_in(dee).get("/messages/sent/").content.decode()


def test_the_list_costs_no_more_with_many_rows(page: Client, cass: Person) -> None:
    counts = []
    for number in (1, 20):
        for each in range(number):
            put_in(cass, once=f"evening:{number}:{each}")
        with CaptureQueriesContext(connection) as asked:
            page.get("/messages/sent/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


def test_a_browser_of_a_maker_that_the_house_knows_takes_messages(page: Client, cass: Person) -> None:
    browser = Browser("https://fcm.googleapis.com/take/this")
    keys = {"p256dh": browser.p256dh, "auth": browser.auth}
    page.post("/messages/browser/", {**keys, "endpoint": "https://10.0.0.1/"})
    page.post("/messages/browser/", {**keys, "endpoint": browser.endpoint})
    assert [device.open()["endpoint"] for device in PushDevice.objects.all()] == [browser.endpoint]
    page.post("/messages/browser/stop/")
    assert PushDevice.objects.count() == 0


def test_nobody_is_asked_for_what_this_house_does_not_use(
    page: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for channel in (Channel.EMAIL, Channel.SMS):
        monkeypatch.setitem(WAYS, channel, Way(lambda: False, WAYS[channel].send))
    send(page, first="push", stays="no")
    answer = page.get("/messages/")
    assert {"then", "email", "phone", "paged"}.isdisjoint(answer.context["form"].fields)
    assert "no browser of yours takes them yet" in answer.content.decode()


def test_only_the_page_of_messages_may_start_a_script_in_the_background(page: Client) -> None:
    policies = [page.get(address).headers["Content-Security-Policy"] for address in ("/messages/", "/people/me/")]
    assert ["worker-src 'self'" in policy for policy in policies] == [True, False]
    assert ["trusted-types default worker" in policy for policy in policies] == [True, False]
    script = Client().get("/messages/worker.js")
    assert (script.status_code, script.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")


def test_another_language_is_the_language_of_messages_too(page: Client, cass: Person, acting: Acting) -> None:
    send(page)
    with acting(cass):
        choose_language(cass, "de", actor=cass)
    plan = ContactPlan.objects.get().plan()
    assert (plan.language, plan.email) == ("de", "fern@example.org")


def test_a_page_of_a_house_without_any_way_says_so(signed_in: SignedIn, cass: Person, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "Nobody can write to you from here" in signed_in(cass).get("/messages/").content.decode()

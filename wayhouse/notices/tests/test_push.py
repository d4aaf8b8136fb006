from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from pytest_django.fixtures import Settings

from wayhouse.crypto import webpush
from wayhouse.crypto.tests.browser import Browser
from wayhouse.notices.actions import agree_contact, stop_contact
from wayhouse.notices.delivering import deliver_due
from wayhouse.notices.kinds import Channel
from wayhouse.notices.models import PushDevice
from wayhouse.notices.push import add_device, devices_of, remove_devices
from wayhouse.notices.tests.conftest import BY_MAIL, NOON, Someone, put_in, stands
from wayhouse.notices.tests.outside import Service, service

BY_PUSH = replace(BY_MAIL, channels=(Channel.PUSH,), title="Chor")


@pytest.fixture
def push_service(settings: Settings) -> Iterator[Service]:
    with service() as found:
        settings.WAYHOUSE_PUSH_CONTACT = "mailto:post@example.org"
        settings.WAYHOUSE_PUSH_HOSTS, settings.WAYHOUSE_INSIDE_HOSTS = ["localhost"], [found.host]
        yield found


@pytest.fixture
def browser(someone: Someone, push_service: Service, clock: time_machine.Traveller) -> Browser:
    found = Browser(push_service.url)
    agree_contact(BY_PUSH, actor=someone)
    add_device(found.endpoint, found.p256dh, found.auth, actor=someone)
    return found


@pytest.mark.abuse(10)
def test_a_push_service_knows_the_house_and_only_the_browser_reads(
    someone: Someone, browser: Browser, push_service: Service
) -> None:
    put_in(someone, ends_at=NOON + timedelta(hours=2))
    deliver_due()
    assert stands() == [("push", "delivered", "")]
    ((headers, body),) = push_service.requests
    read = browser.reads(body)
    assert (read["title"], read["body"], read["brief"]) == ("Chor", "You have a reminder.", False)
    assert {name: headers[name] for name in ("TTL", "Urgency", "Content-Encoding")} == {
        "TTL": "7200", "Urgency": "normal", "Content-Encoding": "aes128gcm"
    }  # fmt: skip
    assert push_service.claims == {
        "aud": f"http://{push_service.host}",
        "exp": int((NOON + timedelta(hours=12)).timestamp()),
        "sub": "mailto:post@example.org",
    }
    assert f"k={webpush.public_key()}" in headers["Authorization"]


def test_every_message_is_as_long_as_every_other(someone: Someone, browser: Browser, push_service: Service) -> None:
    put_in(someone)
    deliver_due()
    agree_contact(replace(BY_PUSH, words="Noten nicht vergessen, und den Schlüssel"), actor=someone)
    put_in(someone, once="evening:2", urgent=True)
    deliver_due()
    assert len({len(body) for _headers, body in push_service.requests}) == 1
    assert [headers["Urgency"] for headers, _body in push_service.requests] == ["normal", "high"]


def test_where_nothing_may_stay_it_arrives_now_or_never(
    someone: Someone, browser: Browser, push_service: Service
) -> None:
    agree_contact(replace(BY_PUSH, may_stay=False), actor=someone)
    put_in(someone)
    deliver_due()
    ((headers, body),) = push_service.requests
    assert (headers["TTL"], browser.reads(body)["brief"]) == ("0", True)


@pytest.mark.parametrize(
    ("status", "state", "devices"),
    [
        (410, ("push", "failed", "no_device"), 0),
        (403, ("push", "failed", "no_device"), 1),
        (503, ("push", "due", ""), 1),
        (307, ("push", "due", ""), 1),
    ],
)
def test_what_the_service_answers_is_obeyed(
    someone: Someone, browser: Browser, push_service: Service, status: int, state: tuple[str, str, str], devices: int
) -> None:
    push_service.status = status
    put_in(someone)
    deliver_due()
    assert (stands(), devices_of(someone.pk), len(push_service.requests)) == ([state], devices, 1)


def test_a_service_that_is_gone_is_tried_again(someone: Someone, settings: Settings, push_service: Service) -> None:
    found = Browser("http://localhost:1/nobody")
    settings.WAYHOUSE_INSIDE_HOSTS = ["localhost"]
    agree_contact(BY_PUSH, actor=someone)
    add_device(found.endpoint, found.p256dh, found.auth, actor=someone)
    put_in(someone)
    deliver_due()
    assert stands() == [("push", "due", "")]


def test_one_browser_of_two_is_enough(someone: Someone, browser: Browser, push_service: Service) -> None:
    other = Browser("http://localhost:1/nobody")
    agree_contact(BY_PUSH, actor=someone)
    PushDevice.objects.create(person_id=someone.pk, created_at=NOON, box=PushDevice.objects.get().box)
    put_in(someone)
    deliver_due()
    assert (stands(), other.p256dh == browser.p256dh) == ([("push", "delivered", "")], False)


def test_a_browser_is_known_once_and_the_oldest_of_six_stops(
    someone: Someone, browser: Browser, push_service: Service, clock: time_machine.Traveller
) -> None:
    add_device(browser.endpoint, browser.p256dh, browser.auth, actor=someone)
    assert devices_of(someone.pk) == 1
    for number in range(5):
        clock.shift(1)
        add_device(f"{push_service.url}/{number}", browser.p256dh, browser.auth, actor=someone)
    endpoints = [device.open()["endpoint"][-2:] for device in PushDevice.objects.order_by("created_at")]
    assert endpoints == ["/0", "/1", "/2", "/3", "/4"]


def test_browsers_stop_with_all_messages_and_by_themselves(someone: Someone, browser: Browser) -> None:
    remove_devices(actor=someone)
    assert devices_of(someone.pk) == 0
    add_device(browser.endpoint, browser.p256dh, browser.auth, actor=someone)
    stop_contact(actor=someone)
    assert devices_of(someone.pk) == 0


@pytest.mark.abuse(13)
@pytest.mark.parametrize(
    "endpoint",
    [
        "https://example.org/take",
        "https://localhost.example.org/take",
        "https://localhost@example.org/take",
        "http://localhost:2/take",
        "https://localhost:8443/take",
        "ftp://localhost/take",
        "https://[::1/take",
        "",
    ],
)
def test_an_address_that_the_operator_did_not_name_is_refused(
    someone: Someone, browser: Browser, endpoint: str
) -> None:
    with pytest.raises(ValueError, match="push service"):
        add_device(endpoint, browser.p256dh, browser.auth, actor=someone)


@pytest.mark.parametrize(("p256dh", "auth"), [("AAAA", "AAECAwQFBgcICQoLDA0ODw"), (None, "AAAA"), ("é", "AAAA")])
def test_what_is_no_key_of_a_browser_is_refused(
    someone: Someone, browser: Browser, p256dh: str | None, auth: str
) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whatever the library says
        add_device(browser.endpoint, p256dh or browser.p256dh, auth, actor=someone)

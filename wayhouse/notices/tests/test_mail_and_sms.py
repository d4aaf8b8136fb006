import json
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from pytest_django.fixtures import Settings

from wayhouse.notices.actions import agree_contact
from wayhouse.notices.delivering import deliver_due
from wayhouse.notices.kinds import Channel
from wayhouse.notices.models import Delivery
from wayhouse.notices.sms import filled
from wayhouse.notices.tests.conftest import BY_MAIL, Someone, put_in, stands
from wayhouse.notices.tests.outside import Service, service

BY_SMS = replace(BY_MAIL, channels=(Channel.SMS,), phone="+491700000000", title="Chor & Tee")


@pytest.mark.abuse(10)
def test_a_mail_says_a_title_and_a_sentence_and_nothing_else(someone: Someone, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Post <post@example.org>"
    agree_contact(BY_MAIL, actor=someone)
    put_in(someone)
    deliver_due()
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to, sent.from_email) == (
        "Note", "You have a reminder.", ["fern@example.org"], "Post <post@example.org>"
    )  # fmt: skip
    assert sent.extra_headers["Message-ID"] == f"<{Delivery.objects.get().pk}@example.org>"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no")}), ("email", "failed", "refused")),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"later")}), ("email", "due", "")),
        (smtplib.SMTPDataError(554, b"no"), ("email", "failed", "refused")),
        (smtplib.SMTPConnectError(421, b"later"), ("email", "due", "")),
        (ConnectionRefusedError(), ("email", "due", "")),
        (TimeoutError(), ("email", "due", "")),
    ],
)
def test_what_a_mail_server_answers_is_obeyed(
    someone: Someone, monkeypatch: pytest.MonkeyPatch, error: Exception, state: tuple[str, str, str]
) -> None:
    def send(*_words: Any) -> None:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    agree_contact(BY_MAIL, actor=someone)
    put_in(someone)
    deliver_due()
    assert (stands(), Delivery.objects.get().repeated) == ([state], isinstance(error, TimeoutError))


@pytest.fixture
def gateway(settings: Settings, someone: Someone) -> Iterator[Service]:
    with service() as found:
        settings.WAYHOUSE_SMS_URL, settings.WAYHOUSE_INSIDE_HOSTS = found.url, [found.host]
        settings.WAYHOUSE_SMS_AUTHORIZATION = "Bearer of-the-gateway"
        agree_contact(BY_SMS, actor=someone)
        put_in(someone)
        yield found


def test_a_gateway_gets_one_request_with_a_number_of_its_own(gateway: Service) -> None:
    deliver_due()
    ((headers, body),) = gateway.requests
    number = str(Delivery.objects.get().pk)
    assert json.loads(body) == {"to": "+491700000000", "text": "Chor & Tee: You have a reminder.", "id": number}
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer of-the-gateway", number)


@pytest.mark.parametrize(
    ("status", "state"),
    [(400, ("sms", "failed", "refused")), (429, ("sms", "due", "")), (502, ("sms", "due", ""))],
)
def test_what_a_gateway_answers_is_obeyed(gateway: Service, status: int, state: tuple[str, str, str]) -> None:
    gateway.status = status
    deliver_due()
    assert stands() == [state]


def test_a_form_of_a_gateway_holds_nothing_that_was_not_asked_for() -> None:
    words = {"to": "+49&from=x", "text": "{id}", "id": "7"}
    form = filled("user=us&to={to}&text={text}", words)
    assert form == (b"user=us&to=%2B49%26from%3Dx&text=%7Bid%7D", "application/x-www-form-urlencoded")
    nested = filled('{"messages": [{"to": "{to}", "sort": "text"}]}', words)
    assert nested == (b'{"messages": [{"to": "+49&from=x", "sort": "text"}]}', "application/json")

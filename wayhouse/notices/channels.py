"""The ways out of the house. Each takes a letter that the plan allows, and says by an error where it did not go."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from wayhouse.notices.kinds import Channel
from wayhouse.notices.plan import Plan

# Nobody waits longer than this for the other side.
TIME_LIMIT = 10
_PERMANENT = 500


@dataclass(frozen=True, slots=True)
class Letter:
    """All that leaves the house for one person on one way."""

    # Stays the same when it is sent again, so that the other side can see that.
    id: UUID
    person_id: UUID
    channel: Channel
    plan: Plan
    title: str
    words: str
    ends_at: datetime
    urgent: bool = False


class NotSent(Exception):  # noqa: N818  an answer of the other side, not a fault
    """It did not go, and may be tried again."""


class Refused(NotSent):
    """It did not go and never will."""


class NoDevice(Refused):
    """There is no browser that takes messages."""


class Unsure(NotSent):
    """The other side did not answer in time: it may have gone."""


class Way(NamedTuple):
    """A way out: whether this house uses it, and how a letter goes. `send` raises `NotSent` or one of its kinds."""

    is_set_up: Callable[[], bool]
    send: Callable[[Letter], None]


def mail_is_set_up() -> bool:
    """Whether the operator named a mail server."""
    return not settings.EMAIL_BACKEND.endswith(".dummy.EmailBackend")


def send_mail(letter: Letter) -> None:
    """An e-mail from a neutral sender, without a word of its own."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">")
    headers = {"Message-ID": f"<{letter.id}@{domain}>", "Auto-Submitted": "auto-generated"}
    message = EmailMessage(letter.title, letter.words, to=[letter.plan.email], headers=headers)
    message.connection = get_connection(timeout=TIME_LIMIT)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        raise (Refused if min(codes, default=0) >= _PERMANENT else NotSent) from error
    except smtplib.SMTPResponseException as error:
        raise (Refused if error.smtp_code >= _PERMANENT else NotSent) from error
    except (TimeoutError, smtplib.SMTPServerDisconnected) as error:
        raise Unsure from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent from error


WAYS: dict[Channel, Way] = {Channel.EMAIL: Way(mail_is_set_up, send_mail)}


def is_set_up(channel: Channel) -> bool:
    """Whether this house uses a way."""
    return channel in WAYS and WAYS[channel].is_set_up()

"""E-mail, through the server that the operator named."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from wayhouse.notices.channels import TIME_LIMIT, Letter, NotSent, Refused, Unsure

_PERMANENT = 500


def is_set_up() -> bool:
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
    except ValueError as error:
        # An address or a title that no mail can have.
        raise Refused from error
    except (TimeoutError, smtplib.SMTPServerDisconnected) as error:
        raise Unsure from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent from error

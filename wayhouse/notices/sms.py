"""Text messages through a gateway that the operator has: one HTTP request, in the form that the gateway wants."""

import json
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from wayhouse.notices import egress
from wayhouse.notices.channels import Letter, NotSent, Refused

_TRY_AGAIN = frozenset({408, 425, 429})


def is_set_up() -> bool:
    """Whether the operator named a gateway."""
    return bool(settings.WAYHOUSE_SMS_URL)


def send_sms(letter: Letter) -> None:
    """One text message, to one number. The gateway gets the same number of the message again where it is repeated."""
    words = {"to": letter.plan.phone, "text": f"{letter.title}: {letter.words}", "id": str(letter.id)}
    body, sort = filled(settings.WAYHOUSE_SMS_BODY, words)
    headers = {"Content-Type": sort, "Idempotency-Key": str(letter.id)}
    if settings.WAYHOUSE_SMS_AUTHORIZATION:
        headers["Authorization"] = settings.WAYHOUSE_SMS_AUTHORIZATION
    host = urlsplit(settings.WAYHOUSE_SMS_URL).hostname or ""
    status = egress.post(settings.WAYHOUSE_SMS_URL, body, headers, hosts=[host])
    if status in _TRY_AGAIN or status >= 500:  # noqa: PLR2004  RFC 9110: an error of the other side
        raise NotSent
    if not 200 <= status < 300:  # noqa: PLR2004  RFC 9110: this is what success means
        raise Refused


def filled(template: str, words: dict[str, str]) -> tuple[bytes, str]:
    """The body for a gateway and its content type: JSON where the template is JSON, else a form.

    `{to}`, `{text}` and `{id}` are put in where they stand in the values; nothing that is put in can end a value.
    """
    if template.lstrip().startswith(("{", "[")):
        whole = _put(json.loads(template), words)
        return json.dumps(whole).encode(), "application/json"
    for name, word in words.items():
        template = template.replace(f"{{{name}}}", quote(word, safe=""))
    return template.encode(), "application/x-www-form-urlencoded"


def _put(part: Any, words: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _put(value, words) for name, value in part.items()}
    if isinstance(part, list):
        return [_put(value, words) for value in part]
    if isinstance(part, str):
        for name, word in words.items():
            if part == f"{{{name}}}":
                return word
    return part

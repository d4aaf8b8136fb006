"""Devices that somebody asked us to know again, so that strangers who try their name cannot keep them out.

A device cookie as in OWASP's "Slow Down Online Guessing Attacks with Device Cookies": whoever holds one is counted by
it, and not with the tries that all others make for the name. It opens nothing and names nobody; the house keeps none.
"""

import hmac
import secrets
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from wayhouse.accounts.models import handle_tag
from wayhouse.core import clock
from wayhouse.crypto import server

COOKIE = "mine"
LASTS = timedelta(days=90)


def know(request: HttpRequest, response: HttpResponse, handle: str) -> None:
    """Ask the browser to show at the next sign-in that it was here with this name."""
    token = secrets.token_hex(16)
    today = clock.today()
    response.set_cookie(
        COOKIE,
        f"{today.isoformat()}.{token}.{_seal(handle, today, token)}",
        max_age=LASTS,
        path=reverse("account_login"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )


def device(request: HttpRequest, handle: str) -> str | None:
    """The token (32 hex digits) of a device that was here with this name in the last ninety days."""
    try:
        day, token, seal = request.COOKIES.get(COOKIE, "").split(".")
        since = date.fromisoformat(day)
    except ValueError:
        return None
    is_ours = hmac.compare_digest(seal.encode(), _seal(handle, since, token).encode())
    return token if is_ours and clock.today() - since < LASTS else None


def forget(response: HttpResponse) -> None:
    """Take the cookie back from whoever left in a hurry."""
    response.delete_cookie(COOKIE, path=reverse("account_login"), samesite="Strict")


def _seal(handle: str, day: date, token: str) -> str:
    return server.blind_tag("device", f"{handle_tag(handle)}:{day.isoformat()}:{token}")

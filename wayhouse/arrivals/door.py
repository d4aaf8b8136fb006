"""The door for people without a name: what their sealed session keeps while they are here, and who stands at it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wayhouse.arrivals.models import Contact
from wayhouse.arrivals.writing import Opened
from wayhouse.core.gate import public
from wayhouse.crypto.keyring import use

_OPENED, _CODE = "contact", "contact_code"


def remember(request: HttpRequest, opened: Opened, code: str = "") -> None:
    """Keep in the sealed session what is open, and the code until it was typed back. The session ends by itself."""
    # A new token: whoever planted the old one must not read along.
    request.session.cycle_key()
    put_away(request)
    request.session[_OPENED] = [str(opened.contact.pk), opened.secret.hex()]
    if code:
        request.session[_CODE] = code


def put_away(request: HttpRequest) -> None:
    """Forget everything about a contact: whoever signs in is somebody else from then on."""
    for kept in (_OPENED, _CODE):
        request.session.pop(kept, None)


def opened_by(request: HttpRequest) -> Opened | None:
    """What this session has open, as long as it is there."""
    kept = request.session.get(_OPENED)
    if not kept:
        return None
    found = Contact.objects.select_related("programme", "scope").filter(pk=UUID(kept[0])).first()
    return Opened(found, bytes.fromhex(kept[1])) if found else None


def code_to_keep(request: HttpRequest) -> str:
    """The code that was not typed back yet."""
    code: str = request.session.get(_CODE, "")
    return code


def forget_code(request: HttpRequest) -> None:
    """The code is on paper now."""
    request.session.pop(_CODE, None)


def for_visitors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For people who are not signed in: what somebody writes without a name must not meet their account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.session.get(SESSION_KEY):
            return render(request, "arrivals/signed_in.html", {"page": _("You are signed in")})
        return view(request, *args, **kwargs)

    return public(guarded)


def for_writers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever has a contact open; others are asked for their code. Their key is in use while the page is made."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        opened = opened_by(request)
        if opened is None:
            return redirect("arrivals:come_back")
        with use(opened.keyring):
            return view(request, opened, *args, **kwargs)

    return public(for_visitors(guarded))

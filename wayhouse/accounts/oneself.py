"""Pages about nobody but the reader, in rooms that do not know who people are."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from wayhouse.accounts import unlocking
from wayhouse.core.gate import declare

# In the address of the page that asks who one is: what was sent did not arrive.
UNSENT = "unsent"
SAFE = ("GET", "HEAD")


class Oneself(Protocol):
    """Whoever reads, as far as rooms below `people` know them: `people.present` puts them into the request."""

    @property
    def pk(self) -> UUID: ...  # noqa: D102

    language: str

    @property
    def opens_words_of_others(self) -> bool: ...  # noqa: D102


class OwnRequest(HttpRequest):
    """A request of somebody who belongs to a programme."""

    person: Oneself


def for_oneself(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for signed-in people whose keys are open; others are led to sign in or unlock.

    For pages about nobody but the reader: pausing, leaving, and being left in peace never wait for a second step.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = getattr(request, "person", None)
        if person is None:
            return to_sign_in(request)
        if not unlocking.is_unlocked(request):
            return to_unlock(request)
        return view(cast("OwnRequest", request), *args, **kwargs)

    return declare(guarded, "people")


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """To where one signs in, and back here."""
    if request.session.get(SESSION_KEY):
        raise Http404  # an account without a current role: nothing exists for it here
    return HttpResponseRedirect(f"{reverse('account_login')}?{way_on(request)}")


def to_unlock(request: HttpRequest) -> HttpResponse:
    """To where one types the passphrase once more, and back here."""
    if not request.session.get(SESSION_KEY):
        return to_sign_in(request)
    return HttpResponseRedirect(f"{reverse('accounts:unlock')}?{way_on(request)}")


def way_on(request: HttpRequest) -> str:
    """Where one goes on afterwards: here; or where the form stood that was sent and did not arrive, which is said."""
    if request.method in SAFE:
        return urlencode({"next": request.path}, safe="/")
    return urlencode({"next": _page_of_the_form(request), UNSENT: "yes"}, safe="/")


def _page_of_the_form(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return urlsplit(came_from).path if came_from and ours else "/"

"""The pages that need no sign-in and know no subject: help, the way out, language, theme."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from wayhouse.core import clock, language, theme
from wayhouse.core.gate import public
from wayhouse.core.help import numbers
from wayhouse.core.month import weeks
from wayhouse.core.page import exit_url, house_name


class SeeOther(HttpResponseRedirect):
    """303: the browser asks for the next page with GET and forgets what it posted."""

    status_code = HTTPStatus.SEE_OTHER


@public
@require_GET
def help_now(request: HttpRequest) -> HttpResponse:
    """Whom to call right now, the country of the house first."""
    country = getattr(settings, "WAYHOUSE_COUNTRY", "")
    return render(request, "core/help.html", {"countries": numbers.by_country(first=country)})


@public
@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """What this is, what is promised, and what is not."""
    return render(request, "core/about.html")


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out and go to a page that says nothing. Works without a script and without being signed in."""
    logout(request)
    response = SeeOther(reverse("core:elsewhere"))
    # Not "storage": it holds nothing personal, and it would take away the offline copy of public files.
    response.headers["Clear-Site-Data"] = '"cache", "cookies"'
    for cookie in (settings.CSRF_COOKIE_NAME, language.COOKIE, theme.COOKIE):
        response.delete_cookie(cookie, samesite="Strict")
    return response


@public
@require_GET
def elsewhere(request: HttpRequest) -> HttpResponse:
    """A page that says nothing: this month. Passes on to the address the organisation chose, if it did."""
    here = reverse("core:elsewhere")
    onward = exit_url() if exit_url() != here else ""
    today = clock.today()
    return render(request, "core/elsewhere.html", {"onward": onward, "today": today, "weeks": weeks(today)})


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language for this browser session."""
    response = _back(request)
    code = request.POST.get("lang", "")
    if language.is_offered(code):
        _remember(request, response, language.COOKIE, code)
    return response


@public
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark for this browser session; anything else forgets it."""
    response = _back(request)
    chosen = request.POST.get("theme", "")
    if chosen in theme.THEMES:
        _remember(request, response, theme.COOKIE, chosen)
    else:
        response.delete_cookie(theme.COOKIE, samesite="Strict")
    return response


@public
@require_GET
def manifest(_request: HttpRequest) -> JsonResponse:
    """The web app manifest; it says nothing but the neutral name."""
    icons = [
        {"src": static("core/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("core/icon-192.png"), "sizes": "192x192", "type": "image/png"},
    ]
    content = {
        "name": house_name(),
        "short_name": house_name(),
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": "#f6f3ec",
        "theme_color": "#f6f3ec",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@public
@require_GET
def health(_request: HttpRequest) -> HttpResponse:
    """The process answers. Says nothing about anything else."""
    return HttpResponse("ok", content_type="text/plain")


@public
def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form without its token (setting CSRF_FAILURE_VIEW): the same page as any other refusal."""
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def _back(request: HttpRequest) -> SeeOther:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return SeeOther(target if safe else "/")


def _remember(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    # No age: the cookie ends with the browser session and leaves no trace on a shared device.
    response.set_cookie(name, value, httponly=True, samesite="Strict", secure=request.is_secure())

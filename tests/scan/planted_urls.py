"""The addresses of the house, a page with a reflected script, and one with SQL put together from what is asked."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from wayhouse.core.gate import public

_FORM = '<!doctype html><title>x</title><form action="/planted/{0}/"><input name="{1}"><button>Go</button></form>'


@public
def planted(_request: HttpRequest) -> HttpResponse:
    """The way to both."""
    return HttpResponse(_FORM.format("echo", "words") + _FORM.format("find", "week"))


@public
def echo(request: HttpRequest) -> HttpResponse:
    """BUG, on purpose: what was asked stands in the page as it came."""
    return HttpResponse(f"<!doctype html><title>x</title><p>You asked for {request.GET.get('words', '')}</p>")


@public
def find(request: HttpRequest) -> HttpResponse:
    """BUG, on purpose: what was asked becomes part of the SQL, and the error is shown."""
    asked = request.GET.get("week", "1")
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT week, guide_key FROM meetings_meeting WHERE week = '{asked}' LIMIT 5")  # noqa: S608
            rows = cursor.fetchall()
    except DatabaseError as error:
        cause = type(error.__cause__)
        return HttpResponse(f"<!doctype html><title>x</title><p>{cause.__module__}.{cause.__name__}: {error}</p>")
    return HttpResponse("<!doctype html><title>x</title><p>" + " ".join(f"{week} {key}" for week, key in rows) + "</p>")


urlpatterns = [
    path("planted/", planted),
    path("planted/echo/", echo),
    path("planted/find/", find),
    path("", include("wayhouse.config.urls")),
]

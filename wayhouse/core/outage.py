"""What is answered where something failed: plainly, without a word of what happened, and 503 where it will pass."""

import sys
from collections.abc import Callable
from http import HTTPMethod, HTTPStatus

from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

# A full disk, a database that restarts, a lock that was not let go: the request was rolled back and may be sent again.
PASSING = (OperationalError, InterfaceError)
# What PostgreSQL has no name for, such as a quota that is used up.
UNNAMED = "XX000"
# It shuts down, fell, or is not up yet.
GOING = {"57P01", "57P02", "57P03"}
# Two that waited for each other.
ENTANGLED = {"40001", "40P01"}
RETRY_AFTER = 30
READING = {HTTPMethod.GET, HTTPMethod.HEAD}


def failed(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`, also for errors outside of views. The answer needs no database."""
    error = sys.exc_info()[1]
    if not isinstance(error, DatabaseError | InterfaceError) or not _will_pass(error):
        return server_error(request)
    cut, reads = _was_cut(error), request.method in READING
    unsure = not reads and (cut or getattr(request, "was_done", False))
    response = HttpResponse(render_to_string("core/outage.html", {"unsure": unsure}), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.once_more = reads and (cut or _state(error) in ENTANGLED)  # type: ignore[attr-defined]
    return response


class OnceMoreMiddleware:
    """Reads a page once more by itself where its connection was cut, or two requests waited for each other.

    Nothing that writes: it may have been taken in, and only whoever sent it can look (decision 42).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; the second answer stands, whatever it is."""
        response = self.get_response(request)
        if not getattr(response, "once_more", False):
            return response
        connection.close()
        # Another request, as if the page had been loaded again: the first one carries what was found out before.
        return self.get_response(type(request)(request.META))  # type: ignore[call-arg]


class DoneMiddleware:
    """Marks a request whose view is done, next to the view: what fails afterwards does not take that back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and mark."""
        response = self.get_response(request)
        request.was_done = response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR  # type: ignore[attr-defined]
        return response


def _will_pass(error: Exception) -> bool:
    return isinstance(error, PASSING) or (isinstance(error, InternalError) and _state(error) == UNNAMED)


def _was_cut(error: Exception) -> bool:
    """Whether PostgreSQL went away in the middle of something, which it may have finished."""
    cause = error.__cause__
    # What came of waiting for a connection comes from the pool, and waiting once more would not be shorter.
    began = not type(cause).__module__.startswith("psycopg_pool")
    return began and hasattr(cause, "sqlstate") and (_state(error) is None or _state(error) in GOING)


def _state(error: Exception) -> str | None:
    """The code that PostgreSQL gave; None for none, as SQLite has none."""
    state: str | None = getattr(error.__cause__, "sqlstate", None)
    return state

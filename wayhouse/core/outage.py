"""What is answered where something failed: plainly, without a word of what happened, and 503 where it will pass."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

# A full disk, a database that restarts, a lock that was not let go: the request was rolled back and may be sent again.
PASSING = (OperationalError, InterfaceError)
RETRY_AFTER = 30


def failed(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`, also for errors outside of views. The answer needs no database."""
    if not isinstance(sys.exc_info()[1], PASSING):
        return server_error(request)
    response = HttpResponse(render_to_string("core/outage.html"), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response

"""Whoever left quickly is gone at once, even where the sign-out that was sent behind them has not arrived yet."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from wayhouse.accounts import known

# Set by `core/app.js` in the moment of leaving. It says nothing, and lasts until the next answer.
COOKIE = "left"


class GoneMiddleware:
    """Ends the session of a browser that left; comes right after the sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django's middleware protocol."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as to a stranger, and take the mark back."""
        left = COOKIE in request.COOKIES
        if left:
            request.session.flush()
        response = self.get_response(request)
        if left:
            response.delete_cookie(COOKIE, samesite="Strict")
        # Without a script there is no mark, and not every browser obeys "Clear-Site-Data".
        if left or (request.resolver_match and request.resolver_match.view_name == "core:leave"):
            known.forget(response)
        return response

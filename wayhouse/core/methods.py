"""Addresses that only take what a form sends: opened by hand, or from a tab of yesterday, they show a page, too."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


class MethodsMiddleware:
    """Gives an answer without a page, which browsers fill with a page of their own, the one of what cannot be shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; the status and the methods that are allowed stay as they are."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            response.content = render_to_string("core/error.html", request=request).encode()
        return response

"""The language of a request: what the reader chose, else what the browser asks for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

COOKIE = "lang"


def is_offered(language: str) -> bool:
    """Whether the house speaks this language (setting LANGUAGES)."""
    return language in dict(settings.LANGUAGES)


def chosen(request: HttpRequest) -> str:
    """The code of the language to answer in."""
    cookie = request.COOKIES.get(COOKIE, "")
    if is_offered(cookie):
        return cookie
    return translation.get_language_from_request(request)


class LanguageMiddleware:
    """Answers in the language of the reader, and says so in the header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then complete the answer."""
        language = chosen(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

"""What every page knows: the name of the house, the language of the reader, the theme, the way out."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi

from wayhouse.core import theme
from wayhouse.core.frame import ways

DEFAULT_NAME = "Open Circle"


def house_name() -> str:
    """The neutral name the organisation chose (setting WAYHOUSE_NAME)."""
    return getattr(settings, "WAYHOUSE_NAME", "") or DEFAULT_NAME


def exit_url() -> str:
    """Where "Leave quickly" leads: the https address of setting WAYHOUSE_EXIT_URL, else a page of our own."""
    chosen = getattr(settings, "WAYHOUSE_EXIT_URL", "") or ""
    return chosen if chosen.startswith("https://") else reverse("core:elsewhere")


def page(request: HttpRequest) -> dict[str, object]:
    """The context processor of all pages."""
    return {
        "house_name": house_name(),
        "lang": get_language() or settings.LANGUAGE_CODE,
        "dir": "rtl" if get_language_bidi() else "ltr",
        "languages": settings.LANGUAGES,
        "theme": theme.chosen(request),
        "themes": theme.CHOICES,
        "exit_url": exit_url(),
        "here": request.path,
        "ways": ways(),
        # Lazy: the policy names a nonce only where a page uses it. django-htmx asks for this name.
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }

"""The parts of a page that are the same for everybody: drawn once for each language and choice, then kept.

Nothing of a person goes in here; what is kept outlives the request.
"""

from functools import cache, lru_cache
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from wayhouse.core import theme


class Tab(NamedTuple):
    """One entry of the main menu."""

    url: str
    icon: str
    label: str
    current: bool


@cache
def ways() -> dict[str, str]:
    """The addresses that stand on every page. They never change, and looking them up is not free."""
    return {name: reverse(f"core:{name}") for name in ("about", "help", "language", "leave", "theme")}


@cache
def head() -> SafeString:
    """What stands in the head of every page."""
    return render_to_string("core/head.html")


@lru_cache(maxsize=256)
def menu(tabs: tuple[Tab, ...], *, help_is_open: bool, language: str) -> SafeString:
    """The main menu with "Help now" at its end. `language` is the one in use."""
    del language  # only what is kept depends on it
    return render_to_string("core/menu.html", {"tabs": tabs, "help_is_open": help_is_open, "ways": ways()})


@lru_cache(maxsize=16)
def waiting_page(*, language: str) -> SafeString:
    """What takes the place of a page that waited too long for its reader."""
    del language  # only what is kept depends on it
    return render_to_string("core/waiting.html", {"ways": ways()})


@lru_cache(maxsize=64)
def choices(*, language: str, colours: str) -> SafeString:
    """The buttons of language and colours at the end of a page."""
    known = {"languages": settings.LANGUAGES, "themes": theme.CHOICES, "ways": ways()}
    return render_to_string("core/choices.html", {"lang": language, "theme": colours, **known})

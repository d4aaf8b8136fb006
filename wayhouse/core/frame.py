"""The parts of a page that are the same for everybody: drawn once for each language and choice, then kept.

Nothing of a person goes in here; what is kept outlives the request. Where a page has something of its own, such as
the token of its forms, what is kept holds a mark, and the page puts its own in.
"""

from functools import cache, lru_cache
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django_htmx.jinja import htmx_script

from wayhouse.core import theme

_NONCE, _FIELD, _HERE = "@nonce@", "@field@", "@here@"


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


def scripts(nonce: str, *, waits: bool) -> SafeString:
    """The scripts of every page; those that `wait` for their reader have one more."""
    return _marked(_scripts(waits=waits), _NONCE, nonce)


def htmx(nonce: str) -> SafeString:
    """The script that makes forms smoother, for pages that do not leave it out."""
    return _marked(_htmx(), _NONCE, nonce)


def top(field: str, *, house: str, onward: str, worry: str, language: str) -> SafeString:
    """The beginning of every page with the way out. `field`: the form token's; `onward`: where leaving leads.

    `worry`: where whoever is worried about somebody tells it; empty for those who take no part.
    """
    return _marked(_top(house=house, onward=onward, worry=worry, language=language), _FIELD, field)


def foot(field: str, *, here: str, language: str, colours: str) -> SafeString:
    """The end of every page, with the buttons of language and colours that lead back `here`."""
    return _marked(_foot(language=language, colours=colours), _FIELD, field, _HERE, escape(here))


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


@cache
def _scripts(*, waits: bool) -> str:
    return render_to_string("core/scripts.html", {"nonce": _NONCE, "waits": waits})


@cache
def _htmx() -> str:
    return htmx_script(nonce=_NONCE)


@lru_cache(maxsize=64)
def _top(*, house: str, onward: str, worry: str, language: str) -> str:
    del language  # only what is kept depends on it
    known = {"house": house, "onward": onward, "worry": worry, "ways": ways(), "field": _FIELD}
    return render_to_string("core/top.html", known)


@lru_cache(maxsize=64)
def _foot(*, language: str, colours: str) -> str:
    known = {"languages": settings.LANGUAGES, "themes": theme.CHOICES, "ways": ways(), "field": _FIELD, "here": _HERE}
    return render_to_string("core/foot.html", {"lang": language, "theme": colours, **known})


def _marked(kept: str, *marks: str) -> SafeString:
    """What is kept, with its own words for each mark; they are escaped already."""
    for mark, words in zip(marks[::2], marks[1::2], strict=True):
        kept = kept.replace(mark, words)
    return mark_safe(kept)  # noqa: S308 - a rendered template and what the callers above escaped

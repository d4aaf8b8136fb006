"""Where Django takes a long way round at each word of a page, and these go straight to the same.

- Which language and which time zone hold now: Django asks what also follows tasks of `asyncio`, under a lock. Here each
  request is answered in one thread from its beginning to its end, so what belongs to the thread is enough.
- What fixed words are in a language: Django looks through the catalogue of every app, twice where there is nothing,
  as with all words in English. Here they are gathered once; words of somebody are never among them.
- Text in a template: Django looks whether it is a moment, a number or HTML. Text is none of these.
"""

import re
import threading
from functools import cached_property
from html import escape
from typing import Any

from django.conf import settings
from django.template import base
from django.template.context import Context
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import trans_real

_marked = re.compile("[&<>\"']").search
as_django_has_it = base.render_value_in_context


class Gathered(trans_real.DjangoTranslation):
    """The words of a language as Django has them, those of all apps in one place."""

    @cached_property
    def words(self) -> dict[str, str]:
        """All fixed words of the source, by what they are in it: those that some language has a translation of."""
        languages: Any = [trans_real.translation(code) for code, _name in settings.LANGUAGES]
        known = {words for one in languages for words, _said in one._catalog.items() if isinstance(words, str)}  # noqa: SLF001
        return {words: super(Gathered, self).gettext(words) for words in known}

    def gettext(self, message: str) -> str:
        """What these words are in this language."""
        found = self.words.get(message)
        return super().gettext(message) if found is None else found


def go_straight() -> None:
    """Put these in the place of what Django has. Before anything is translated or drawn."""
    trans_real._active = threading.local()  # type: ignore[attr-defined]  # noqa: SLF001  no other way in
    timezone._active = threading.local()  # type: ignore[attr-defined]  # noqa: SLF001
    trans_real.DjangoTranslation = Gathered  # type: ignore[misc]
    # What was read meanwhile, by modules that translate while they are imported.
    trans_real._translations.clear()  # type: ignore[attr-defined]  # noqa: SLF001
    trans_real._default = None  # type: ignore[attr-defined]  # noqa: SLF001
    base.render_value_in_context = shown


def shown(value: Any, context: Context) -> str:
    """As `render_value_in_context`: a value as it stands on a page."""
    if type(value) is SafeString:
        return value
    if type(value) is not str:
        return as_django_has_it(value, context)
    return escape(value) if context.autoescape and _marked(value) else value

"""Words that a cell may hold, whatever language of the house or spelling somebody writes them in."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import override

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_SEPARATORS = re.compile(r"[,;،؛\n]")
_LOOSE = re.compile(r"[\s\-_./]+")
_NEAR = 0.7


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a cell can say: its code in the records, its label, and what else people write for it."""

    code: str
    label: "_StrOrPromise"
    also: tuple[str, ...] = ()


class Vocabulary:
    """The choices of one column, found by code, by label in any language of the house, or by another word."""

    def __init__(self, *choices: Choice) -> None:
        """The order of the choices is the order in which lists of them are kept."""
        self.choices = choices
        self.codes = tuple(choice.code for choice in choices)
        self._labels = {choice.code: choice.label for choice in choices}

    def find(self, text: str) -> str | None:
        """The code that a text stands for, or None."""
        return self._known.get(fold(text))

    def label(self, code: str) -> str:
        """The word for a code in the reader's language; a code of elsewhere stands for itself."""
        return str(self._labels.get(code, code))

    def labels(self) -> list[str]:
        """All words in the reader's language, in order."""
        return [str(choice.label) for choice in self.choices]

    def nearest(self, text: str) -> str:
        """The word in the reader's language that somebody may have meant, or an empty text."""
        near = closest(fold(text), self._known)
        return self.label(self._known[near]) if near else ""

    def ordered(self, codes: Iterable[str]) -> list[str]:
        """Each code once, in the order of the choices."""
        wanted = set(codes)
        return [code for code in self.codes if code in wanted]

    @cached_property
    def _known(self) -> dict[str, str]:
        known: dict[str, str] = {}
        for choice in self.choices:
            for word in (choice.code, *choice.also, *in_all_languages(choice.label)):
                known.setdefault(fold(word), choice.code)
        return known


def in_all_languages(text: "_StrOrPromise") -> list[str]:
    """A translatable text in every language of the house."""
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.append(str(text))
    return found


def fold(text: str) -> str:
    """Two spellings of one word become equal: case, accents, vowel signs, hyphens and spaces do not count."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(char for char in plain if unicodedata.category(char) != "Mn")
    return _LOOSE.sub(" ", unicodedata.normalize("NFKC", letters)).strip()


def split(text: str) -> list[str]:
    """The parts of a cell with several entries, separated by commas, semicolons or line breaks."""
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def closest(word: str, known: Iterable[str]) -> str:
    """The known word nearest to this one, or an empty text where none is near."""
    candidates: Sequence[str] = list(known)
    found = difflib.get_close_matches(word[:60], candidates, n=1, cutoff=_NEAR)
    return found[0] if found else ""

"""What is wrong with a spreadsheet, said by row and column."""

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_QUOTED_AT_MOST = 30


class Refused(ValueError):  # noqa: N818  an answer to a person, not a fault
    """A cell that cannot be taken as it is; its text says why and what would do."""

    @property
    def sentence(self) -> str:
        """Its text by itself, as a form says it. Behind a row and a column it goes on from a colon."""
        text = str(self)
        return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "؟")) else ".")


class Unreadable(Exception):  # noqa: N818  an answer to a person, not a fault
    """A file that cannot be read at all; its text says why and what would do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct: in which row (None: the file itself), which column, and what is wrong."""

    row: int | None
    letter: str
    label: "_StrOrPromise"
    what: str

    def __str__(self) -> str:
        """The whole sentence: where, then what."""
        words = {"row": self.row, "letter": self.letter, "label": self.label, "what": self.what}
        if self.row and self.letter:
            return _("Row %(row)s, column %(letter)s (%(label)s): %(what)s") % words
        if self.row:
            return _("Row %(row)s (%(label)s): %(what)s") % words if self.label else _("Row %(row)s: %(what)s") % words
        return self.what


def quoted(text: str) -> str:
    """A cell's text to show in a message: short, and without characters that hide or turn round."""
    seen = "".join("·" if unicodedata.category(char)[0] == "C" else char for char in text.strip())
    return seen if len(seen) <= _QUOTED_AT_MOST else f"{seen[:_QUOTED_AT_MOST]}…"


def letter_of(index: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

"""HTML from words, escaped as `django.utils.html` does it, with a third of the calls: lists are drawn of hundreds.

Both take a format that stands in the source, never words of somebody.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString

_marked = re.compile("[&<>\"']").search


def markup(line: str, *words: object) -> SafeString:
    """The format with these words, each escaped unless it is HTML already."""
    return SafeString(line.format(*map(_escaped, words)))  # escaped here


def each(line: str, rows: Iterable[Sequence[object]], between: str = "") -> SafeString:
    """The format once for each row of words."""
    return SafeString(between.join([line.format(*map(_escaped, row)) for row in rows]))  # escaped here


def _escaped(words: object) -> str:
    if type(words) is SafeString:
        return words
    if type(words) is str:
        # Most words have nothing to escape, and looking for it costs a fifth of escaping them.
        return escape(words) if _marked(words) else words
    if hasattr(words, "__html__"):
        return str(words.__html__())
    # Lazy words may turn out to be HTML.
    text = str(words)
    return text if isinstance(text, SafeString) else escape(text)

"""What pages weigh, compressed: by themselves, and on a first visit with the style and scripts they bring along."""

import re
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

# Bytes; interface.md, "Every page". Fonts are not among them.
LATER, FIRST = 15_000, 60_000
_BROUGHT = re.compile(rf'(?:src|href)="{re.escape(settings.STATIC_URL)}([^"]+\.(?:css|js))"')


def weight(response: Any) -> tuple[int, int]:
    """Bytes of a page, and with style and scripts; 0 where the answer is no page."""
    if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
        return 0, 0
    page = _compressed(response.content)
    return page, page + sum(_of_file(name) for name in set(_BROUGHT.findall(response.content.decode())))


def heavier(one: tuple[int, int] | None, other: tuple[int, int]) -> tuple[int, int]:
    """Of two weights the greater ones."""
    return other if one is None else (max(one[0], other[0]), max(one[1], other[1]))


@cache
def _of_file(name: str) -> int:
    found = finders.find(name) or staticfiles_storage.path(name)
    return _compressed(Path(found).read_bytes())


def _compressed(words: bytes) -> int:
    return len(zlib.compress(words, 6))

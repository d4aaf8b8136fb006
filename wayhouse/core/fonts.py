"""The legible font of the house, cut out of its package when static files are collected.

Nothing is copied into the repository: a finder makes two small woff2 files, holding the letters of European
languages. Arabic and everything else come from the fonts of the device.
"""

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FAMILY = "Atkinson Hyperlegible"
# The name within the static files, and the weight it holds.
FILES = {"core/fonts/atkinson-400.woff2": 400, "core/fonts/atkinson-700.woff2": 700}
# Latin, Latin-1, Latin Extended-A, the comma-below letters of Romanian, punctuation, euro, minus.
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x218, 0x21B),
    (0x2010, 0x2027),
    (0x2030, 0x203A),
    (0x20AC, 0x20AC),
    (0x2212, 0x2212),
)


class FontFinder(BaseFinder):
    """Finds the font files for `collectstatic` and for a server that reads static files where they lie."""

    def check(self, **_kwargs: Any) -> list[Any]:
        """Nothing of it can be configured wrongly."""
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's
        """The file of a static path; an empty list where it is none of ours, a list for `find_all`."""
        if path not in FILES:
            return []
        found = str(_build(_folder(), path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every font file with the storage that holds it."""
        folder = _folder()
        storage = FileSystemStorage(location=folder)
        for path in FILES:
            _build(folder, path)
            yield path, storage


def source(weight: int) -> Path:
    """The full font file in its package. Error: `fontpkg.FontpkgError` where the package is missing."""
    return Path(fontpkg.path(FAMILY, weight=weight))


def _folder() -> Path:
    """Where built files are kept: setting WAYHOUSE_FONTS, else a folder that goes with this process."""
    kept = getattr(settings, "WAYHOUSE_FONTS", None)
    return Path(kept) if kept else _passing_folder()


@cache
def _passing_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _build(folder: Path, path: str) -> Path:
    font = source(FILES[path])
    # A changed package or a changed choice of letters makes a new file.
    mark = hashlib.sha256(font.read_bytes() + repr(RANGES).encode()).hexdigest()
    target, note = folder / path, folder / f"{path}.{mark[:16]}"
    if not (target.exists() and note.exists()):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(subset(font))
        note.touch()
    return target


def subset(font: Path) -> bytes:
    """The letters of RANGES of a font file, without hints, as woff2."""
    # Only needed where files are collected, and slow to import.
    from io import BytesIO

    from fontTools import subset as cutter

    options = cutter.Options(
        flavor="woff2",
        hinting=False,
        desubroutinize=True,
        layout_features=["kern", "liga", "mark", "mkmk", "locl", "ccmp"],
    )
    with cutter.load_font(str(font), options) as opened:
        knife = cutter.Subsetter(options)
        knife.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
        knife.subset(opened)
        out = BytesIO()
        cutter.save_font(opened, out, options)
    return out.getvalue()

"""Law sheets: what the law of a country asks for, dated and reviewed by somebody, as files that an organisation edits.

A sheet is no legal advice. One that nobody has reviewed for twelve months says so. A sheet of the organisation that
cannot be read stops nothing: the shipped one of that country stands in for it until somebody mends it.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

from wayhouse.core import clock
from wayhouse.safeguarding.law_reading import Broken, ClosedBySheet, Sheet, read

SHIPPED = Path(__file__).with_name("sheets")
GOOD_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class _Found:
    """Sheets that can be read, by code, and what is wrong with the others; the organisation's own ones first."""

    own: dict[str, Sheet]
    shipped: dict[str, Sheet]
    broken: tuple[Broken, ...]


def sheets() -> list[Sheet]:
    """All sheets: those of the organisation (setting WAYHOUSE_DATA, folder "law"), and shipped ones beside them."""
    found = _found()
    return list((found.shipped | found.own).values())


def broken() -> tuple[Broken, ...]:
    """What is wrong with sheets of the organisation: the file, its field, and why. They count for nothing."""
    return _found().broken


def is_old(sheet: Sheet) -> bool:
    """Nobody has reviewed it, or not for twelve months."""
    return sheet.reviewed_on is None or sheet.reviewed_on < clock.today() - GOOD_FOR


def closed_by_sheet(country: str) -> ClosedBySheet:
    """What the own sheet of a country closes, or else the shipped one, also where the own one says nothing of days."""
    found, code = _found(), country.lower()
    for sheet in (found.own.get(code), found.shipped.get(code)):
        if sheet is not None and sheet.closed is not None:
            return sheet.closed
    return ClosedBySheet()


def choices(country: str) -> list[tuple[str, str]]:
    """Names and titles to choose from, the country's first."""
    return [(sheet.name, f"{sheet.title} ({sheet.version:%Y-%m-%d})") for sheet in in_order(country)]


def in_order(country: str) -> list[Sheet]:
    """All sheets, that of a country first, then by title in the language of the reader."""
    return sorted(sheets(), key=lambda sheet: (sheet.code != country.lower(), str(sheet.title)))


def _own() -> Path:
    return Path(settings.WAYHOUSE_DATA) / "law"


def _found() -> _Found:
    own, broken_ones = _in(_own())
    shipped, _none = _in(SHIPPED)
    return _Found(own, shipped, broken_ones)


def _in(folder: Path) -> tuple[dict[str, Sheet], tuple[Broken, ...]]:
    good: dict[str, Sheet] = {}
    bad: list[Broken] = []
    for path in sorted(folder.glob("*.yaml")):
        found = _read(path, _changed(path))
        if isinstance(found, Sheet):
            good[found.code] = found
        else:
            bad.append(found)
    return good, tuple(bad)


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        # Reading it says what is wrong.
        return 0


@cache
def _read(path: Path, _changed_at: int) -> Sheet | Broken:
    return read(path, clock.today().year)

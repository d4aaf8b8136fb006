"""Law sheets: what the law of a country asks for, dated and reviewed by somebody, as files that an organisation edits.

A sheet is no legal advice. One that nobody has reviewed for twelve months says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from wayhouse.core import clock

SHIPPED = Path(__file__).with_name("sheets")
GOOD_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `code` and `version` name it in a record: the sheet as it was when something was decided."""

    code: str
    title: str
    version: date
    reviewed_on: date | None
    reviewed_by: str
    duties: tuple[dict[str, str], ...]

    @property
    def name(self) -> str:
        """How a record names it."""
        return f"{self.code} {self.version.isoformat()}"

    @property
    def is_old(self) -> bool:
        """Nobody has reviewed it, or not for twelve months."""
        return self.reviewed_on is None or self.reviewed_on < clock.today() - GOOD_FOR


def sheets() -> list[Sheet]:
    """All sheets: those of the organisation (setting WAYHOUSE_DATA, folder "law"), and shipped ones beside them."""
    own = Path(settings.WAYHOUSE_DATA) / "law"
    found = {path.stem: path for folder in (SHIPPED, own) for path in sorted(folder.glob("*.yaml"))}
    return [_read(path, path.stat().st_mtime_ns) for path in found.values()]


def choices(country: str) -> list[tuple[str, str]]:
    """Names and titles to choose from, the country's first."""
    ordered = sorted(sheets(), key=lambda sheet: (sheet.code != country.lower(), sheet.title))
    return [(sheet.name, f"{sheet.title} ({sheet.version:%Y-%m-%d})") for sheet in ordered]


@cache
def _read(path: Path, _changed: int) -> Sheet:
    """Error: `KeyError` for a sheet without its fields."""
    words: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Sheet(
        code=path.stem,
        title=words["title"],
        version=words["version"],
        reviewed_on=words["reviewed_on"],
        reviewed_by=words["reviewed_by"] or "",
        duties=tuple(words["duties"]),
    )

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
from wayhouse.safeguarding.protocol.closed import Rule

SHIPPED = Path(__file__).with_name("sheets")
GOOD_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ClosedBySheet:
    """The days that a sheet closes, each year. `checked_on`: when somebody compared them with `source`."""

    rules: tuple[Rule, ...] = ()
    source: str = ""
    checked_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `code` and `version` name it in a record: the sheet as it was when something was decided."""

    code: str
    title: str
    version: date
    reviewed_on: date | None
    reviewed_by: str
    duties: tuple[dict[str, str], ...]
    # Days on which nobody works, where they were read, and when; None in a sheet from before there were such days.
    closed: "ClosedBySheet | None" = None

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
    found = {path.stem: path for folder in (SHIPPED, _own()) for path in sorted(folder.glob("*.yaml"))}
    return [_read(path, path.stat().st_mtime_ns) for path in found.values()]


def closed_by_sheet(country: str) -> ClosedBySheet:
    """What the organisation's own sheet of a country closes; where it says nothing of days, what the shipped one does.

    Error: `ValueError` or `KeyError` for words that are no rule.
    """
    name = f"{country.lower()}.yaml"
    for folder in (_own(), SHIPPED):
        path = folder / name
        if path.exists() and (found := _read(path, path.stat().st_mtime_ns).closed) is not None:
            return found
    return ClosedBySheet()


def choices(country: str) -> list[tuple[str, str]]:
    """Names and titles to choose from, the country's first."""
    ordered = sorted(sheets(), key=lambda sheet: (sheet.code != country.lower(), sheet.title))
    return [(sheet.name, f"{sheet.title} ({sheet.version:%Y-%m-%d})") for sheet in ordered]


def _own() -> Path:
    return Path(settings.WAYHOUSE_DATA) / "law"


def _closed(words: dict[str, Any]) -> ClosedBySheet:
    rules = tuple(Rule(row["name"], row["when"], row.get("moved", "")) for row in words["days"])
    for rule in rules:
        # A rule that is none is found when the sheet is read, and not on the day.
        rule.day(clock.today().year)
    return ClosedBySheet(rules, words.get("source") or "", words.get("checked_on"), words.get("note") or "")


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
        closed=_closed(words["closed_days"]) if words.get("closed_days") else None,
    )

"""Reads numbers.yaml: emergency numbers that somebody looked up, each with its source and the day.

An organisation has a file of its own, "numbers.yaml" in its data folder: the countries in it take the place of the
shipped ones. One with a mistake counts for nothing, so that a wrong comma never takes the numbers off a page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILE = Path(__file__).with_name("numbers.yaml")

COUNTRIES: dict[str, Promise] = {
    "EU": _("European Union"),
    "AT": _("Austria"),
    "AU": _("Australia"),
    "BE": _("Belgium"),
    "CA": _("Canada"),
    "CH": _("Switzerland"),
    "DE": _("Germany"),
    "FR": _("France"),
    "GB": _("United Kingdom"),
    "IE": _("Ireland"),
    "NL": _("Netherlands"),
    "NO": _("Norway"),
    "SE": _("Sweden"),
    "US": _("United States"),
}
KINDS: dict[str, Promise] = {
    "emergency": _("Any emergency: police, ambulance, fire"),
    "medical": _("Ambulance and fire brigade"),
    "ambulance": _("Ambulance"),
    "police": _("Police"),
    "talk": _("Somebody to talk to, day and night"),
}


@dataclass(frozen=True)
class Number:
    """One number somebody can call right now."""

    country: str
    kind: str
    number: str
    source: str
    checked_on: date
    name: str = ""
    text: bool = False

    @property
    def dial(self) -> str:
        """The number as a telephone link wants it."""
        return self.number.replace(" ", "")

    @property
    def label(self) -> Promise:
        """What the number is for, in the language of the reader."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class Country:
    """A country and its numbers in the order of the file: the most urgent first."""

    code: str
    name: Promise | str
    numbers: Sequence[Number]

    @property
    def checked_on(self) -> date:
        """The day on which the oldest of its numbers was looked up."""
        return min(number.checked_on for number in self.numbers)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why the organisation's own file counts for nothing: the field of which entry, or nothing for the whole file."""

    field: str
    why: Promise


def every() -> tuple[Number, ...]:
    """All numbers, each country's from the organisation's own file where that has the country."""
    shipped, own = _shipped(), _own()
    if isinstance(own, Mistake):
        return shipped
    countries = {number.country for number in own}
    return own + tuple(number for number in shipped if number.country not in countries)


def mistake() -> Mistake | None:
    """What is wrong with the organisation's own file, if there is one and something is."""
    own = _own()
    return own if isinstance(own, Mistake) else None


def by_country(first: str = "") -> list[Country]:
    """All countries by name in the language of the reader, the country `first` (a code) before all."""
    known: dict[str, list[Number]] = {}
    for number in every():
        known.setdefault(number.country, []).append(number)
    found = [Country(code, COUNTRIES.get(code, code), numbers) for code, numbers in known.items()]
    return sorted(found, key=lambda country: (country.code != first, country.code != "EU", str(country.name)))


@cache
def _shipped() -> tuple[Number, ...]:
    return tuple(Number(**entry) for entry in yaml.safe_load(FILE.read_text(encoding="utf-8")))


def _own() -> tuple[Number, ...] | Mistake:
    path = Path(settings.WAYHOUSE_DATA) / FILE.name
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return ()
    except OSError:
        return Mistake("", _("the file cannot be read"))


@cache
def _read(path: Path, _changed: int) -> tuple[Number, ...] | Mistake:
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (ValueError, yaml.YAMLError, RecursionError):
        return Mistake("", _("the file cannot be read"))
    if not isinstance(entries, list):
        return Mistake("", _("a list is expected here"))
    for place, entry in enumerate(entries, start=1):
        if wrong := _wrong(entry):
            return Mistake(
                f"[{place}].{wrong}", _("it is missing, or not written as in the file that came with the house")
            )
    return tuple(Number(**entry) for entry in entries)


def _wrong(entry: Any) -> str:
    """The first field of an entry that is not as it should be."""
    if not isinstance(entry, dict):
        return "country"
    fine = {
        "country": re.fullmatch("[A-Z]{2}", str(entry.get("country"))),
        "kind": entry.get("kind") in set(KINDS),
        # In quotes: as a number, 0800 would lose its zero.
        "number": isinstance(entry.get("number"), str) and re.fullmatch(r"\+?[0-9 ]{3,20}", entry["number"]),
        "source": isinstance(entry.get("source"), str) and entry["source"],
        "checked_on": isinstance(entry.get("checked_on"), date) and not isinstance(entry["checked_on"], datetime),
        "name": isinstance(entry.get("name", ""), str),
        "text": isinstance(entry.get("text", False), bool),
    }
    unknown = (str(field) for field in entry if field not in fine)
    return next((field for field, is_fine in fine.items() if not is_fine), next(unknown, ""))

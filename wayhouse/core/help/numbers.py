"""Reads numbers.yaml: emergency numbers that somebody looked up, each with its source and the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml
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
    name: Promise
    numbers: Sequence[Number]

    @property
    def checked_on(self) -> date:
        """The day on which the oldest of its numbers was looked up."""
        return min(number.checked_on for number in self.numbers)


@cache
def every() -> tuple[Number, ...]:
    """All numbers. Error: `TypeError` for an entry with a missing or unknown field."""
    return tuple(Number(**entry) for entry in yaml.safe_load(FILE.read_text(encoding="utf-8")))


def by_country(first: str = "") -> list[Country]:
    """All countries by name in the language of the reader, the country `first` (a code) before all."""
    known: dict[str, list[Number]] = {}
    for number in every():
        known.setdefault(number.country, []).append(number)
    found = [Country(code, COUNTRIES[code], numbers) for code, numbers in known.items()]
    return sorted(found, key=lambda country: (country.code != first, country.code != "EU", str(country.name)))

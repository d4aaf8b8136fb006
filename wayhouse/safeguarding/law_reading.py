"""Reading one law sheet, so that what is wrong names the file and the field in words that its writer understands."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhouse.safeguarding.protocol.closed import MOVES, Rule

# A rule is tried in so many years when it is read: one of them is a leap year, and others are not.
TRIED_YEARS = 5
# More days than this in a sheet are a mistake, and would make working days hard to find.
MOST_RULES = 60


@dataclass(frozen=True, slots=True)
class Broken:
    """A sheet that cannot be used. `file` is its name, `field` where in it (empty: the whole file), `why` in words."""

    file: str
    field: str
    why: str | Promise

    def __str__(self) -> str:
        """One line."""
        return f"{self.file}: {self.field}: {self.why}" if self.field else f"{self.file}: {self.why}"


@dataclass(frozen=True, slots=True)
class ClosedBySheet:
    """The days that a sheet closes, each year. `checked_on`: when somebody compared them with `source`."""

    rules: tuple[Rule, ...] = ()
    source: str = ""
    checked_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class LegalDuty:
    """One thing that a law asks for: what, how, and which statute says so."""

    duty: str
    text: str
    law: str
    source: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `code` and `version` name it in a record: the sheet as it was when something was decided."""

    code: str
    title: str
    version: date
    reviewed_on: date | None
    reviewed_by: str
    duties: tuple[LegalDuty, ...]
    # Days on which nobody works, where they were read, and when; None in a sheet from before there were such days.
    closed: ClosedBySheet | None = None

    @property
    def name(self) -> str:
        """How a record names it."""
        return f"{self.code} {self.version.isoformat()}"


class _WrongError(Exception):
    """A field that is not as it should be; `read` adds the file."""

    def __init__(self, field: str, why: str | Promise) -> None:
        self.field, self.why = field, why
        super().__init__(field)


def read(path: Path, year: int) -> Sheet | Broken:
    """Read a sheet, or say what is wrong with it; its rules are tried from `year` on."""
    try:
        words = _mapping(yaml.safe_load(path.read_text(encoding="utf-8")), "")
        return Sheet(
            code=path.stem,
            title=_text(words, "title"),
            version=_day(words, "version"),
            reviewed_on=_day_or_none(words, "reviewed_on"),
            reviewed_by=_text_or_none(words, "reviewed_by"),
            duties=tuple(_duty(row, f"duties[{number}]") for number, row in _rows(words, "duties")),
            closed=_closed(_mapping(words["closed_days"], "closed_days"), year) if words.get("closed_days") else None,
        )
    except _WrongError as wrong:
        return Broken(path.name, wrong.field, wrong.why)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Broken(path.name, "", _("line %(line)s is not written as YAML") % {"line": line})
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        return Broken(path.name, "", _("the file cannot be read"))


def _duty(row: Any, field: str) -> LegalDuty:
    words = _mapping(row, field)
    with _inside(field):
        return LegalDuty(
            _text(words, "duty"), _text(words, "text"), _text_or_none(words, "law"), _text_or_none(words, "source")
        )


def _closed(words: dict[str, Any], year: int) -> ClosedBySheet:
    with _inside("closed_days"):
        rows = list(_rows(words, "days"))
        if len(rows) > MOST_RULES:
            raise _WrongError("days", _("at most %(count)s days") % {"count": MOST_RULES})
        rules = tuple(_rule(row, f"days[{number}]", year) for number, row in rows)
        return ClosedBySheet(
            rules, _text_or_none(words, "source"), _day_or_none(words, "checked_on"), _text_or_none(words, "note")
        )


def _rule(row: Any, field: str, year: int) -> Rule:
    """A rule that is none, or not in every year, is found when the sheet is read, and not on the day."""
    words = _mapping(row, field)
    with _inside(field):
        rule = Rule(_text(words, "name"), _text(words, "when"), _text_or_none(words, "moved"))
        if rule.moved not in MOVES:
            raise _WrongError("moved", _("write later or nearest, or leave it out"))
        for tried in range(year, year + TRIED_YEARS):
            try:
                rule.day(tried)
            except (ValueError, KeyError, OverflowError) as error:
                raise _WrongError(
                    "when", _("this is no day of every year: %(words)s") % {"words": rule.when}
                ) from error
        return rule


@contextmanager
def _inside(field: str) -> Iterator[None]:
    """What is wrong within says that it is in `field`."""
    try:
        yield
    except _WrongError as wrong:
        raise _WrongError(f"{field}.{wrong.field}", wrong.why) from wrong


def _mapping(found: Any, field: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise _WrongError(field, _("fields with a name are expected here"))
    return found


def _rows(words: dict[str, Any], field: str) -> Iterator[tuple[int, Any]]:
    found = words.get(field)
    if not isinstance(found, list):
        raise _WrongError(field, _("a list is expected here"))
    return enumerate(found, start=1)


def _text(words: dict[str, Any], field: str) -> str:
    found = _text_or_none(words, field)
    if not found:
        raise _WrongError(field, _("it is missing"))
    return found


def _text_or_none(words: dict[str, Any], field: str) -> str:
    found = words.get(field)
    if found is not None and not isinstance(found, str):
        # 12-25 without quotes is text in YAML, and 2026-12-25 is a day: whoever meant text puts it into quotes.
        raise _WrongError(field, _("text is expected here; put it into quotes"))
    return found or ""


def _day(words: dict[str, Any], field: str) -> date:
    found = _day_or_none(words, field)
    if found is None:
        raise _WrongError(field, _("it is missing"))
    return found


def _day_or_none(words: dict[str, Any], field: str) -> date | None:
    found = words.get(field)
    if found is not None and (not isinstance(found, date) or isinstance(found, datetime)):
        raise _WrongError(field, _("a day is expected here, written like 2026-11-28"))
    return found

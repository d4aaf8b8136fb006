"""Reading one law sheet, so that what is wrong names the file and the field in words that its writer understands."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wayhouse.safeguarding.protocol.closed import MOVES, Rule

# The language of a sheet that does not say another one.
SOURCE = "en"
# A rule is tried in so many years when it is read: one of them is a leap year, and others are not.
TRIED_YEARS = 5
# More days than this in a sheet are a mistake, and would make working days hard to find.
MOST_RULES = 60


class Topic(StrEnum):
    """What a sheet should have an answer to (practice handbook 4 and 6)."""

    CRIME = "crime"
    CHILD = "child"
    SECRECY = "secrecy"
    BREACH = "breach"
    DEMANDS = "demands"
    KEEPING = "keeping"


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
class Words:
    """What a sheet says, in one language or several: as (code of the language, text), in the order of the file."""

    said: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """In the language of the reader, or else in English, or else as it stands first."""
        return dict(self.said).get(self.language, "")

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return bool(self.said)

    @property
    def language(self) -> str:
        """The code of the language in which it is shown."""
        known = [language for language, _text in self.said]
        wanted = (get_language() or SOURCE).split("-")[0]
        return next((language for language in (wanted, SOURCE, *known) if language in known), SOURCE)


@dataclass(frozen=True, slots=True)
class ClosedBySheet:
    """The days that a sheet closes, each year. `checked_on`: when somebody compared them with `source`."""

    rules: tuple[Rule, ...] = ()
    source: str = ""
    checked_on: date | None = None
    note: Words = Words()


@dataclass(frozen=True, slots=True)
class LegalDuty:
    """One thing that a law asks for: what, how, and which statute says so.

    `source` is the address of the official text. `checked_on`: when somebody compared it, with the pages `read_in`
    where there are any, and otherwise with the source itself; None: nobody did.
    """

    topic: Topic | None
    duty: Words
    text: Words
    law: Words
    source: str
    checked_on: date | None
    read_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `code` and `version` name it in a record: the sheet as it was when something was decided."""

    code: str
    title: Words
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
        language = _text_or_none(words, "language") or SOURCE
        closed = words.get("closed_days")
        return Sheet(
            code=path.stem,
            title=_said(words, "title", language),
            version=_day(words, "version"),
            reviewed_on=_day_or_none(words, "reviewed_on"),
            reviewed_by=_text_or_none(words, "reviewed_by"),
            duties=tuple(_duty(row, f"duties[{number}]", language) for number, row in _rows(words, "duties")),
            closed=_closed(_mapping(closed, "closed_days"), year, language) if closed else None,
        )
    except _WrongError as wrong:
        return Broken(path.name, wrong.field, wrong.why)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Broken(path.name, "", _("line %(line)s is not written as YAML") % {"line": line})
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        return Broken(path.name, "", _("the file cannot be read"))


def _duty(row: Any, field: str, language: str) -> LegalDuty:
    words = _mapping(row, field)
    with _inside(field):
        return LegalDuty(
            topic=_topic(words),
            duty=_said(words, "duty", language),
            text=_said(words, "text", language),
            law=_said_or_none(words, "law", language),
            source=_text_or_none(words, "source"),
            checked_on=_day_or_none(words, "checked_on"),
            read_in=tuple(str(address) for _number, address in _rows(words, "read_in")) if words.get("read_in") else (),
        )


def _topic(words: dict[str, Any]) -> Topic | None:
    found = _text_or_none(words, "topic")
    if found and found not in set(Topic):
        raise _WrongError("topic", _("one of these: %(names)s") % {"names": ", ".join(Topic)})
    return Topic(found) if found else None


def _said(words: dict[str, Any], field: str, language: str) -> Words:
    found = _said_or_none(words, field, language)
    if not found:
        raise _WrongError(field, _("it is missing"))
    return found


def _said_or_none(words: dict[str, Any], field: str, language: str) -> Words:
    """Text in the language of the sheet, or a text for each of several languages."""
    found = words.get(field)
    if isinstance(found, dict):
        with _inside(field):
            return Words(tuple((str(code), _text(found, code)) for code in found))
    text = _text_or_none(words, field)
    return Words(((language, text),)) if text else Words()


def _closed(words: dict[str, Any], year: int, language: str) -> ClosedBySheet:
    with _inside("closed_days"):
        rows = list(_rows(words, "days"))
        if len(rows) > MOST_RULES:
            raise _WrongError("days", _("at most %(count)s days") % {"count": MOST_RULES})
        rules = tuple(_rule(row, f"days[{number}]", year) for number, row in rows)
        note = _said_or_none(words, "note", language)
        return ClosedBySheet(rules, _text_or_none(words, "source"), _day_or_none(words, "checked_on"), note)


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

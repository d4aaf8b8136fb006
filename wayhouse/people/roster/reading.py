"""From the bytes of a file to the rows of a roster. Whatever the bytes are, the answer is rows or plain words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhouse.core.sheet import begins_formula
from wayhouse.people.roster.columns import Column
from wayhouse.people.roster.delimited import read_delimited
from wayhouse.people.roster.headings import known_headings, letters, read_headings
from wayhouse.people.roster.lines import LONGEST_CELL, MOST_BYTES, Line
from wayhouse.people.roster.names import folded
from wayhouse.people.roster.parsing import KEEP_APART
from wayhouse.people.roster.problems import Problem, Refused, Unreadable, letter_of
from wayhouse.people.roster.vocabulary import in_all_languages
from wayhouse.people.roster.workbook import read_workbook

EXAMPLE = gettext_lazy("Example")
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(slots=True)
class Row:
    """One row: what it says (only words of columns that the file has), and whom it wants kept apart."""

    number: int
    words: dict[str, Any] = field(default_factory=dict)
    apart: list[str | int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The chosen name, or an empty text where the cell could not be taken."""
        return str(self.words.get("name", ""))


@dataclass(slots=True)
class Reading:
    """A file as it was read: its rows, the letters of its columns, and what is wrong with the file as a whole."""

    rows: list[Row] = field(default_factory=list)
    letters: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    examples: int = 0


def read_roster(data: bytes) -> Reading:
    """Read an Excel workbook or CSV held in memory. Never raises: what is wrong stands in the answer."""
    try:
        lines = _lines(data)
    except Unreadable as error:
        return Reading(problems=[Problem(None, "", "", str(error))])
    columns, problems = read_headings(lines[0])
    if problems:
        return Reading(problems=problems)
    reading = Reading(letters=letters(columns))
    for line in lines[1:]:
        if is_example(_name_of(line, columns)):
            reading.examples += 1
        else:
            reading.rows.append(_row(line, columns))
    _refuse_twins(reading)
    if not reading.rows:
        reading.problems.append(Problem(None, "", "", _("There is nobody in this file yet.")))
    return reading


def is_example(name: str) -> bool:
    """Whether a row is one of the template's examples, "Example: Quiet Fox". They are skipped."""
    mark, colon, _rest = name.partition(":")
    return bool(colon) and mark.strip().casefold() in {word.casefold() for word in in_all_languages(EXAMPLE)}


def _lines(data: bytes) -> list[Line]:
    if len(data) > MOST_BYTES:
        raise Unreadable(_("This file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1024**2})
    if data.startswith(_OLD_OFFICE):
        raise Unreadable(
            _("This file has a password, or it is an old Excel file. Save it as .xlsx, without a password.")
        )
    read = read_workbook if data.startswith(_ZIP) else read_delimited
    lines = read(data, known_headings)
    if not lines:
        raise Unreadable(_("This file is empty."))
    return lines


def _row(line: Line, columns: Mapping[int, Column]) -> Row:
    row = Row(line.number)
    for index, column in columns.items():
        try:
            _add(row.words, column.parse(_plain(line.cell(index))))
        except Refused as refusal:
            row.problems.append(Problem(line.number, letter_of(index), column.label, str(refusal)))
    for index, cell in enumerate(line.cells):
        if cell and index not in columns:
            message = _("there is something in a column without a heading")
            row.problems.append(Problem(line.number, letter_of(index), "–", message))
    row.apart = row.words.pop(KEEP_APART, [])
    return row


def _plain(text: str) -> str:
    """The text of a cell, where it is neither a formula nor far too long. Error: `Refused`."""
    if text[:1] == "'" and begins_formula(text[1:]):  # written so by us, or by whoever wants a text: no formula
        text = text[1:]
    elif begins_formula(text):
        raise Refused(_("this is a formula, or could be taken for one; write the plain value"))
    if len(text) > LONGEST_CELL:
        raise Refused(_("at most %(most)s characters fit") % {"most": LONGEST_CELL})
    return text


def _add(words: dict[str, Any], said: Mapping[str, Any]) -> None:
    """Take in what a cell says. Preferred times may be said in two columns."""
    for word, value in said.items():
        known = words.get(word)
        words[word] = [*known, *(one for one in value if one not in known)] if isinstance(known, list) else value


def _name_of(line: Line, columns: Mapping[int, Column]) -> str:
    return next(line.cell(index) for index, column in columns.items() if column.key == "name")


def _refuse_twins(reading: Reading) -> None:
    seen: dict[str, int] = {}
    for row in reading.rows:
        first = seen.setdefault(folded(row.name), row.number) if row.name else row.number
        if first != row.number:
            message = _("row %(row)s has the same name; give one of them another") % {"row": first}
            row.problems.append(Problem(row.number, reading.letters["name"], _("Chosen name"), message))

"""CSV: which encoding and which separator it was saved with, found out or said plainly that it cannot be."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from wayhouse.people.roster.lines import MOST_ROWS, Line, counted
from wayhouse.people.roster.problems import Unreadable

# Cells may hold line breaks, and files end in empty lines; beyond this it is no roster.
_MOST_LINES = 20 * MOST_ROWS
DELIMITERS = ",;\t"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEP_LINE = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)
# In the code page of Western Europe three foreign letters in a row hardly occur; in a wrongly read Arabic,
# Greek or Cyrillic file every word is made of them.
_WRONGLY_READ = re.compile(r"[^\W\d_a-zA-Z]{3}")
_WESTERN_SIGNS = frozenset("‘’‚“”„–—…€°«»´¨\xa0")


def read_delimited(data: bytes, fits: Callable[[Line], int]) -> list[Line]:
    """The lines of a CSV file; `fits` counts the headings it knows in a line. Error: `Unreadable`."""
    text = decoded(data)
    announced = _SEP_LINE.match(text)
    if announced:
        text = "\n" + text[announced.end() :]
    if text.count("\n") > _MOST_LINES:
        raise Unreadable(_("There are more than %(most)s rows. Split the file.") % {"most": MOST_ROWS})
    candidates = announced[1] if announced and announced[1] in DELIMITERS else DELIMITERS
    try:
        best = max(candidates, key=lambda delimiter: fits(_first(text, delimiter)))
        return counted(_lines(text, best))
    except csv.Error as error:
        message = _("The quotation marks in this CSV file do not match. Save it anew from the spreadsheet program.")
        raise Unreadable(message) from error


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16, or the code page of Western Europe. Error: `Unreadable`."""
    named = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    for encoding in [named] if named else ["utf-8", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise Unreadable(_("This is not a spreadsheet. Send an Excel workbook (.xlsx) or CSV."))
        if encoding != "cp1252" or _is_western(text):
            return text
    message = _("We cannot tell which alphabet this file was saved in. Save it as 'CSV UTF-8' or as .xlsx.")
    raise Unreadable(message)


def _is_western(text: str) -> bool:
    strange = {char for char in text if ord(char) > 127}  # noqa: PLR2004  beyond ASCII
    letters = all(unicodedata.category(char) in {"Ll", "Lu"} or char in _WESTERN_SIGNS for char in strange)
    return letters and not _WRONGLY_READ.search(text)


def _first(text: str, delimiter: str) -> Line:
    return next((line for line in _lines(text, delimiter) if any(line.cells)), Line(1, []))


def _lines(text: str, delimiter: str) -> Iterator[Line]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number, row in enumerate(rows, start=1):
        yield Line(number, [cell.strip() for cell in row])

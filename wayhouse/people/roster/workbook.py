"""Excel workbooks: what they may weigh is checked before anything in them is parsed, and nothing is evaluated."""

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from wayhouse.people.roster.lines import Line, counted
from wayhouse.people.roster.problems import Unreadable, quoted

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_MEMBERS = 200
MOST_UNPACKED = 24 * 1024 * 1024
HIGHEST_RATIO = 200
_RATIO_COUNTS_FROM = 256 * 1024
_LAST_ROW = 1_048_576
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?)"')


def read_workbook(data: bytes, fits: Callable[[Line], int]) -> list[Line]:
    """The lines of the one sheet whose first line is the heading; `fits` counts the headings it knows in a line.

    Error: `Unreadable`, whatever the bytes are.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_archive(archive)
        return _read(data, fits)
    except Unreadable:
        raise
    except Exception as error:  # the library raises whatever a broken file makes it stumble over
        raise Unreadable(_("This workbook is broken. Open it, save it anew as .xlsx, and send that file.")) from error


def _check_archive(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if "mimetype" in names:
        raise Unreadable(_("This is an OpenDocument table. Save it as an Excel workbook (.xlsx) or as CSV."))
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Unreadable(_("This workbook unpacks to more than a roster can need. Use the template."))
    if any(_ratio(member) > HIGHEST_RATIO for member in members if member.file_size > _RATIO_COUNTS_FROM):
        raise Unreadable(_("This workbook unpacks to more than a roster can need. Use the template."))
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise Unreadable(_("This file has a password. Save it without one."))
    if any(member.compress_type not in _METHODS for member in members) or len(set(names)) < len(names):
        raise Unreadable(_("This workbook is broken. Open it, save it anew as .xlsx, and send that file."))
    if "[Content_Types].xml" not in names:
        raise Unreadable(_("This is not a spreadsheet. Send an Excel workbook (.xlsx) or CSV."))
    macros = any(name.lower().endswith(("vbaproject.bin", ".xlsb")) for name in names)
    if macros or b"macroenabled" in archive.read("[Content_Types].xml").lower():
        raise Unreadable(_("This workbook holds macros. Save it as an Excel workbook without macros (.xlsx)."))


def _ratio(member: zipfile.ZipInfo) -> float:
    return member.file_size / max(member.compress_size, 1)


def _read(data: bytes, fits: Callable[[Line], int]) -> list[Line]:
    with warnings.catch_warnings():
        # Remarks about decorations that a table does not need.
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            sheet = _chosen(book, fits)
            _refuse_merged(data, sheet)
            return counted(_lines(sheet))
        finally:
            book.close()


def _chosen(book: "Workbook", fits: Callable[[Line], int]) -> Any:
    sheets: list[Any] = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    known = [(fits(_first(sheet)), sheet) for sheet in sheets]
    best = max((count for count, _sheet in known), default=0)
    if best == 0:
        titles = ", ".join(f"'{quoted(sheet.title)}'" for sheet in sheets) or "–"
        message = _(
            "The first row of the sheet has to hold the headings of the template. Sheets in this file: %(titles)s."
        )
        raise Unreadable(message % {"titles": titles})
    chosen = [sheet for count, sheet in known if count == best]
    if len(chosen) > 1:
        titles = ", ".join(f"'{quoted(sheet.title)}'" for sheet in chosen)
        message = _("Several sheets look like a roster: %(titles)s. Keep one of them in the file.")
        raise Unreadable(message % {"titles": titles})
    return chosen[0]


def _first(sheet: Any) -> Line:
    return next((line for line in _lines(sheet) if any(line.cells)), Line(1, []))


def _lines(sheet: Any) -> Iterator[Line]:
    # What a file says about its own size is often wrong, and rows beyond it would be lost without a word.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_row=_LAST_ROW, values_only=True), start=1):
        yield Line(number, [_text(value) for value in row])


def _refuse_merged(data: bytes, sheet: Any) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        found = _MERGED.findall(archive.read(sheet._worksheet_path))  # noqa: SLF001  reading only: no public name
    if found:
        places = ", ".join(place.decode() for place in found[:5])
        message = _("The cells %(places)s are merged. Separate them and write the value into each of them.")
        raise Unreadable(message % {"places": places})


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    # Formulas over several cells come as objects of their own.
    return "="

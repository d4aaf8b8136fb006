"""Files for tests: workbooks and CSV from rows of cells, and workbooks that a spreadsheet program would not make."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from wayhouse.people.roster.reading import Reading, read_roster

HEAD = ("Chosen name", "Languages", "Availability")
FOX = ("Quiet Fox", "en", "tue-evening")
SHEET = "xl/worksheets/sheet1.xml"
LANTERN = ("Amber Lantern", "en, ar", "tue-evening!, sat-morning")


def workbook(
    *rows: Sequence[Any], title: str = "Table", more: Mapping[str, Sequence[Sequence[Any]]] | None = None
) -> bytes:
    """A workbook with one sheet of these rows, and perhaps more sheets."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for name, others in (more or {}).items():
        other = book.create_sheet(name)
        for row in others:
            other.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def delimited(*rows: Sequence[str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV file of these rows, without quotation marks."""
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def repacked(data: bytes, changes: Mapping[str, bytes | None], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook with some members replaced, added, or (None) left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", method) as new:
        kept = {name: old.read(name) for name in old.namelist()}
        for name, content in {**kept, **changes}.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def member(data: bytes, name: str) -> bytes:
    """One member of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def refusal(data: bytes) -> str:
    """The one reason why a file cannot be read at all."""
    reading = read_roster(data)
    assert reading.rows == []
    (problem,) = reading.problems
    return str(problem)


def complaints(reading: Reading) -> list[str]:
    """What is wrong with the rows, in their order."""
    return [str(problem) for row in reading.rows for problem in row.problems]

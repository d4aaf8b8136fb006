"""Tables to take away. What people wrote is never a formula for the program that opens them (OWASP, CSV injection)."""

import csv
import io
from collections.abc import Iterable, Sequence

_BEGINS_A_FORMULA = frozenset("=+-@\t\r\n|＝＋－＠")  # also in full width, which spreadsheets read as the same


def csv_of(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV with a mark of order, so that spreadsheets read letters beyond ASCII; each cell a harmless text."""
    text = io.StringIO()
    text.write("\ufeff")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: str) -> str:
    """The cell with an apostrophe before whatever a spreadsheet would calculate."""
    return f"'{cell}" if begins_formula(cell) else cell


def begins_formula(cell: str) -> bool:
    """Whether a spreadsheet could calculate this, also behind spaces."""
    begins = {cell[:1], cell.lstrip()[:1]} - {""}
    return not begins.isdisjoint(_BEGINS_A_FORMULA)

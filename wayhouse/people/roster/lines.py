"""The lines of a table, whatever file they came from, and how large such a file may be."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from wayhouse.people.roster.problems import Unreadable

MOST_BYTES = 4 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 40
LONGEST_CELL = 1_000


class Line(NamedTuple):
    """One line that holds something: its number as the spreadsheet program shows it, and its cells as text."""

    number: int
    cells: list[str]

    def cell(self, index: int) -> str:
        """The text of a cell; beyond the end of the line it is empty."""
        return self.cells[index] if index < len(self.cells) else ""


def counted(lines: Iterator[Line]) -> list[Line]:
    """The lines that hold something, as long as they are not too many or too wide. Error: `Unreadable`."""
    kept: list[Line] = []
    for line in lines:
        while line.cells and not line.cells[-1]:
            line.cells.pop()
        if not line.cells:
            continue
        if len(line.cells) > MOST_COLUMNS:
            raise Unreadable(_("There are more than %(most)s columns. Use the template.") % {"most": MOST_COLUMNS})
        kept.append(line)
        if len(kept) > MOST_ROWS + 1:
            raise Unreadable(_("There are more than %(most)s rows. Split the file.") % {"most": MOST_ROWS})
    return kept

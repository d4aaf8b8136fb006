"""The first line of a table: which column is which."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from wayhouse.people.roster.columns import COLUMN, Column, headings
from wayhouse.people.roster.lines import MOST_COLUMNS, Line
from wayhouse.people.roster.problems import Problem, letter_of, quoted
from wayhouse.people.roster.vocabulary import closest, fold


def known_headings(line: Line) -> int:
    """How many cells of a line are headings of the roster."""
    return sum(fold(cell) in headings() for cell in line.cells[:MOST_COLUMNS])


def read_headings(line: Line) -> tuple[dict[int, Column], list[Problem]]:
    """Columns by their place (0 is A), and what is wrong with the heading."""
    columns: dict[int, Column] = {}
    problems: list[Problem] = []
    places: dict[str, str] = {}
    for index, cell in enumerate(line.cells):
        key = headings().get(fold(cell))
        if key is None:
            problems += [_unknown(line, index, cell)] if cell else []
        elif key in places:
            message = _("column %(letter)s is the same one; keep one of them") % {"letter": places[key]}
            problems.append(Problem(line.number, letter_of(index), COLUMN[key].label, message))
        else:
            columns[index], places[key] = COLUMN[key], letter_of(index)
    if "name" not in places:
        problems.append(_missing(COLUMN["name"]))
    return columns, problems


def letters(columns: Mapping[int, Column]) -> dict[str, str]:
    """The letter of each column that the table has, by its key."""
    return {column.key: letter_of(index) for index, column in columns.items()}


def _unknown(line: Line, index: int, cell: str) -> Problem:
    near = closest(fold(cell), headings())
    if near:
        meant = COLUMN[headings()[near]].label
        message = _("this is not a column of the roster. Did you mean '%(near)s'?") % {"near": meant}
    else:
        message = _("this is not a column of the roster. Take it out: nothing else about people is kept here")
    return Problem(line.number, letter_of(index), quoted(cell), message)


def _missing(column: Column) -> Problem:
    message = _("The column '%(label)s' is missing. The first row has to hold the headings of the template.")
    return Problem(None, "", column.label, message % {"label": column.label})

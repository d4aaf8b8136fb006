"""The table that coordinators fill in: headings, an explanation of each column, lists to choose from, two examples.

File names and properties are neutral: a downloads folder is seen by others.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from wayhouse.core.sheet import harmless
from wayhouse.people.roster.columns import COLUMNS, Column, shown
from wayhouse.people.roster.lines import MOST_ROWS
from wayhouse.people.roster.problems import letter_of
from wayhouse.people.roster.reading import EXAMPLE

TableRow = Mapping[str, str]
_LANGUAGES_WITH_SEMICOLONS = frozenset({"de"})
_WIDTHS = {"name": 24, "availability": 40, "preferred": 28, "keep_apart": 24, "languages": 20, "area": 24, "needs": 28}
_HEAD, _SAMPLE = PatternFill("solid", fgColor="D8EBE6"), Font(italic=True, color="4C5A5A")


def template_workbook() -> bytes:
    """The empty template as an Excel workbook, in the reader's language."""
    return workbook_of(examples())


def template_csv() -> bytes:
    """The empty template as CSV, with the separator that spreadsheet programs expect in the reader's language."""
    return csv_of(examples())


def examples() -> list[TableRow]:
    """Two invented rows, marked so that the reader skips them."""
    rows = [{column.key: _in_words(column, column.examples[number]) for column in COLUMNS} for number in (0, 1)]
    return [{**row, "name": f"{EXAMPLE}: {row['name']}"} for row in rows]


def workbook_of(rows: Iterable[TableRow], columns: Sequence[Column] = COLUMNS) -> bytes:
    """Rows as an Excel workbook with the explanation beside them; each row maps keys of columns to texts."""
    book = Workbook()
    book.properties.creator = ""
    table = book.worksheets[0]
    table.title = _("Table")
    _fill(table, rows, columns)
    _explain(book.create_sheet(_("Explanation")), columns)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_of(rows: Iterable[TableRow], columns: Sequence[Column] = COLUMNS) -> bytes:
    """Rows as CSV in UTF-8 with a mark, by which Excel knows the encoding."""
    out = io.StringIO(newline="")
    delimiter = ";" if (get_language() or "")[:2] in _LANGUAGES_WITH_SEMICOLONS else ","
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(str(column.label) for column in columns)
    writer.writerows([harmless(row.get(column.key, "")) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _fill(table: Worksheet, rows: Iterable[TableRow], columns: Sequence[Column]) -> None:
    table.append([str(column.label) for column in columns])
    for row in rows:
        table.append([harmless(row.get(column.key, "")) for column in columns])
        if row.get("name", "").startswith(f"{EXAMPLE}:"):
            for cell in table[table.max_row]:
                cell.font = _SAMPLE
    for index, column in enumerate(columns):
        letter = letter_of(index)
        head, dimension = table[f"{letter}1"], table.column_dimensions[letter]
        head.font, head.fill = Font(bold=True), _HEAD
        dimension.width = _WIDTHS.get(column.key, 16)
        # As text: a spreadsheet program would make a number of "3,4" and a date of "18-26".
        dimension.number_format = "@"
        _guide(table, letter, column)
    table.freeze_panes = "B2"
    table.sheet_view.rightToLeft = get_language_bidi()


def _guide(table: Worksheet, letter: str, column: Column) -> None:
    """The explanation beside the cell, and a list to choose from where there is one answer of a set."""
    guide = DataValidation(showInputMessage=True, promptTitle=str(column.label)[:32], prompt=str(column.help)[:255])
    answers = _answers(column)
    if answers:
        guide.type, guide.formula1, guide.allow_blank = "list", f'"{",".join(answers)}"', True
        guide.showErrorMessage = True
        guide.error = _("Choose one of the answers in the list.")
    guide.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
    table.add_data_validation(guide)


def _answers(column: Column) -> list[str]:
    if column.key == "meetings_a_week":
        return ["1", "2", "3"]
    return column.choices.labels() if column.choices and column.single else []


def _explain(sheet: Worksheet, columns: Sequence[Column]) -> None:
    sheet.append([_("Column"), _("What to write"), _("Answers"), str(EXAMPLE)])
    for column in columns:
        answers = "\n".join(column.choices.labels() if column.choices else _answers(column))
        samples = "\n".join(text for text in (_in_words(column, example) for example in column.examples) if text)
        sheet.append([str(column.label), str(column.help), answers, samples])
    for letter, width in zip("ABCD", (24, 70, 28, 44), strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font, sheet[f"{letter}1"].fill = Font(bold=True), _HEAD
        for cell in sheet[letter]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    sheet.sheet_view.rightToLeft = get_language_bidi()


def _in_words(column: Column, text: str) -> str:
    """An example in the reader's language; chosen names, areas and labels stay as they are."""
    if not text or column.key in {"name", "area", "mix", "meetings_a_week"}:
        return text
    said = column.parse(text)
    if column.key == "availability":
        best = said.get("preferred_slots", [])
        return ", ".join(shown("slots", slot) + ("!" if slot in best else "") for slot in said["slots"])
    return shown(column.word, said[column.word])

import io

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from conftest import Cast, SignedIn
from wayhouse.people.models import Person
from wayhouse.people.roster.columns import COLUMNS
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.roster.template import template_csv, template_workbook, workbook_of

ANSWERS = {
    "B": '"member,facilitator,mentor"',
    "G": '"in person,online,either of them"',
    "I": '"in the district,in the town,anywhere"',
    "K": '"mixed,women,young adults"',
    "N": '"1,2,3"',
}


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("make", [template_workbook, template_csv])
def test_the_template_is_read_in_every_language_and_its_examples_are_skipped(language: str, make: object) -> None:
    with override(language):
        data = make()  # type: ignore[operator]
    reading = read_roster(data)
    assert list(reading.letters) == [column.key for column in COLUMNS]
    assert (reading.examples, reading.rows) == (2, [])


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_examples_would_be_read_without_a_complaint_if_somebody_unmarked_them(language: str) -> None:
    with override(language):
        lines = template_csv().decode("utf-8-sig").splitlines()
    unmarked = "\n".join([lines[0], *(line.partition(": ")[2] for line in lines[1:])])
    reading = read_roster(unmarked.encode())
    assert [(row.name, row.problems) for row in reading.rows] == [("Quiet Fox", []), ("Amber Lantern", [])]


def test_lists_to_choose_from_and_an_explanation_of_each_column() -> None:
    book = load_workbook(io.BytesIO(template_workbook()))
    table, explanation = book.worksheets
    lists = {str(one.sqref)[0]: one.formula1 for one in table.data_validations.dataValidation if one.type == "list"}
    assert lists == ANSWERS
    said = [(row[0], row[1]) for row in explanation.iter_rows(min_row=2, values_only=True)]
    assert said == [(str(column.label), str(column.help)) for column in COLUMNS]


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_a_list_to_choose_from_fits_into_the_format(language: str) -> None:
    with override(language):
        book = load_workbook(io.BytesIO(template_workbook()))
        for one in book.worksheets[0].data_validations.dataValidation:
            assert len(one.formula1 or "") <= 255
            assert '"' not in (one.formula1 or "")[1:-1]
        labels = [label for column in COLUMNS if column.choices for label in column.choices.labels()]
        assert [label for label in labels if "," in label] == []
        assert book.worksheets[0].sheet_view.rightToLeft == (language == "ar")


def test_cells_are_texts_so_that_no_program_makes_dates_and_numbers_of_them() -> None:
    table = load_workbook(io.BytesIO(template_workbook())).worksheets[0]
    formats = {table.column_dimensions[letter].number_format for letter in "ABCDEFGHIJKLMN"}
    assert formats == {"@"}


def test_rows_that_are_written_are_read_again() -> None:
    row = {"name": "Quiet Fox", "languages": "en", "availability": "tue-evening!", "mix": "18-26", "keep_apart": ""}
    (read,) = read_roster(workbook_of([row])).rows
    assert (read.problems, read.words["mix"], read.words["preferred_slots"]) == ([], "18-26", ["tue-evening"])


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), ("csv", "text/csv; charset=utf-8")],
)
def test_a_download_has_a_name_that_says_nothing(signed_in: SignedIn, ana: Person, suffix: str, kind: str) -> None:
    answer = signed_in(ana).get(f"/people/table.{suffix}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="table.{suffix}"'
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == "no-store"
    assert read_roster(answer.content).examples == 2


def test_no_other_kind_of_template_and_none_for_others(cast: Cast, ana: Person, dee: Person) -> None:
    assert cast.sign_in(ana).get("/people/table.exe").status_code == 404
    assert cast.sign_in(dee).get("/people/table.xlsx").status_code == 404

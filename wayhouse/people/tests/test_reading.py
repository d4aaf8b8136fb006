from datetime import date

import pytest
from openpyxl import Workbook

from wayhouse.people.roster.reading import read_roster
from wayhouse.people.tests.tables import (
    FOX,
    HEAD,
    LANTERN,
    SHEET,
    complaints,
    delimited,
    member,
    refusal,
    repacked,
    saved,
    workbook,
)

TIMES = "is not a time of the week; use a day and morning, afternoon or evening: Tuesday evening"
TAKE_OUT = "Take it out: nothing else about people is kept here"


@pytest.mark.parametrize(
    "data",
    [
        workbook(HEAD, FOX, LANTERN),
        delimited(HEAD, FOX, ("Amber Lantern", '"en, ar"', '"tue-evening!, sat-morning"')),
        delimited(HEAD, FOX, LANTERN, delimiter=";"),
        delimited(HEAD, FOX, LANTERN, delimiter="\t"),
        delimited(HEAD, FOX, LANTERN, delimiter=";", encoding="utf-8-sig"),
        delimited(HEAD, FOX, LANTERN, delimiter=";", encoding="utf-16"),
        delimited(HEAD, FOX, LANTERN, delimiter="\t", encoding="cp1252"),
        b"sep=;\r\n" + delimited(HEAD, FOX, LANTERN, delimiter=";"),
    ],
)
def test_the_same_rows_from_every_kind_of_file(data: bytes) -> None:
    reading = read_roster(data)
    assert (reading.problems, complaints(reading)) == ([], [])
    assert [row.words for row in reading.rows] == [
        {"name": "Quiet Fox", "languages": ["en"], "slots": ["tue-evening"]},
        {
            "name": "Amber Lantern",
            "languages": ["en", "ar"],
            "slots": ["tue-evening", "sat-morning"],
            "preferred_slots": ["tue-evening"],
        },
    ]


def test_empty_rows_and_columns_do_not_count_and_numbers_stay_those_of_the_program() -> None:
    reading = read_roster(workbook((), (None, *HEAD), (), (None, *FOX), (), (None, *LANTERN)))
    assert [row.number for row in reading.rows] == [4, 6]
    assert reading.letters == {"name": "B", "languages": "C", "availability": "D"}


def test_headings_in_any_language_of_the_house_and_any_order() -> None:
    reading = read_roster(workbook(("Verfügbarkeit", "الاسم", "Sprachen"), ("Di abends", "Quiet Fox", "Arabisch")))
    assert [row.words for row in reading.rows] == [{"slots": ["tue-evening"], "name": "Quiet Fox", "languages": ["ar"]}]


def test_each_complaint_names_row_and_column() -> None:
    reading = read_roster(workbook(HEAD, FOX, ("Amber Lantern", "en", "thu-night"), ("", "xx", "mon-morning")))
    assert complaints(reading) == [
        f"Row 3, column C (Availability): 'thu-night' {TIMES}",
        "Row 4, column A (Chosen name): this cell is empty",
        "Row 4, column B (Languages): 'xx' is not a language we know; write a name or a code such as en, de, ar",
    ]


def test_preferred_times_of_both_columns_add_up() -> None:
    row = ("Quiet Fox", "en", "tue-evening!, sat-morning", "sat-morning")
    reading = read_roster(workbook((*HEAD, "Preferred times"), row))
    assert reading.rows[0].words["preferred_slots"] == ["tue-evening", "sat-morning"]


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "＝1+1", "＠x"])
def test_formulas_are_refused_where_they_stand(formula: str) -> None:
    message = "this is a formula, or could be taken for one; write the plain value"
    for data in (
        workbook(HEAD, (formula, "en", "tue-evening")),
        delimited(HEAD, (f'"{formula.replace(chr(34), chr(34) * 2)}"', "en", "tue-evening")),
    ):
        assert complaints(read_roster(data)) == [f"Row 2, column A (Chosen name): {message}"]


def test_a_formula_that_an_author_gave_a_harmless_result_is_refused_too() -> None:
    data = workbook(HEAD, ("=A1", "en", "tue-evening"))
    sheet = member(data, SHEET).replace(b"<v></v>", b"<v>Quiet Fox</v>").replace(b"<v />", b"<v>Quiet Fox</v>")
    reading = read_roster(repacked(data, {SHEET: sheet}))
    assert [problem.letter for problem in reading.rows[0].problems] == ["A"]


def test_values_that_are_no_texts() -> None:
    head = (*HEAD, "Meetings a week", "Keep apart")
    reading = read_roster(
        workbook(head, ("Quiet Fox", "en", "tue-evening", 2.0, 3), ("Fox", True, date(2026, 1, 1), 1.5, 2.5))
    )
    assert reading.rows[0].words["meetings_a_week"] == 2
    assert reading.rows[0].apart == [3]
    assert [problem.letter for problem in reading.rows[1].problems] == ["B", "C", "D"]
    assert reading.rows[1].apart == ["2.5"]


def test_a_name_twice_is_refused_the_second_time() -> None:
    reading = read_roster(workbook(HEAD, FOX, LANTERN, ("QUIET fox", "en", "mon-morning")))
    message = "row 2 has the same name; give one of them another"
    assert complaints(reading) == [f"Row 4, column A (Chosen name): {message}"]


def test_examples_of_the_template_are_skipped_in_every_language() -> None:
    reading = read_roster(workbook(HEAD, ("Example: Quiet Fox", "en", "never"), FOX))
    assert (reading.examples, [row.number for row in reading.rows]) == (1, [3])


def test_a_file_of_nothing_but_examples_has_nobody() -> None:
    assert refusal(workbook(HEAD, ("Example: Quiet Fox", "en", "never"))) == "There is nobody in this file yet."


def test_what_stands_outside_of_the_columns_is_not_dropped_in_silence() -> None:
    reading = read_roster(workbook(HEAD, (*FOX, "", "left the party")))
    assert complaints(reading) == ["Row 2, column E (–): there is something in a column without a heading"]


def test_unknown_headings_are_named_with_what_may_be_meant() -> None:
    reading = read_roster(workbook(("Chosen name", "Langauges", "Phone number"), FOX))
    assert [str(problem) for problem in reading.problems] == [
        "Row 1, column B (Langauges): this is not a column of the roster. Did you mean 'Languages'?",
        f"Row 1, column C (Phone number): this is not a column of the roster. {TAKE_OUT}",
    ]


def test_a_heading_twice_and_a_missing_one() -> None:
    reading = read_roster(workbook(("Languages", "Sprachen"), ("en", "de")))
    assert [str(problem) for problem in reading.problems] == [
        "Row 1, column B (Languages): column A is the same one; keep one of them",
        "The column 'Chosen name' is missing. The first row has to hold the headings of the template.",
    ]


def test_the_sheet_with_the_headings_is_found_among_others() -> None:
    data = workbook(("Notes",), ("x",), title="Notes", more={"People": (HEAD, FOX), "Explanation": (("Column",),)})
    assert [row.name for row in read_roster(data).rows] == ["Quiet Fox"]


def test_two_sheets_that_look_alike_are_refused() -> None:
    message = "Several sheets look like a roster: 'Table', 'Copy'. Keep one of them in the file."
    assert refusal(workbook(HEAD, FOX, more={"Copy": (HEAD, FOX)})) == message


def test_no_sheet_with_the_headings() -> None:
    message = "The first row of the sheet has to hold the headings of the template. Sheets in this file: 'Notes'."
    assert refusal(workbook(("a", "b"), ("c", "d"), title="Notes")) == message


def test_hidden_sheets_are_left_alone() -> None:
    book = Workbook()
    book.worksheets[0].append(HEAD)
    book.worksheets[0].append(FOX)
    hidden = book.create_sheet("Old")
    hidden.append(HEAD)
    hidden.sheet_state = "hidden"
    assert [row.name for row in read_roster(saved(book)).rows] == ["Quiet Fox"]


def test_merged_cells_are_named() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (HEAD, FOX, LANTERN):
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    message = "The cells C2:C3 are merged. Separate them and write the value into each of them."
    assert refusal(saved(book)) == message


def test_a_false_size_written_in_the_file_loses_no_rows() -> None:
    data = workbook(HEAD, FOX, LANTERN)
    sheet = member(data, SHEET).replace(b'<dimension ref="A1:C3"', b'<dimension ref="A1:A1"')
    assert len(read_roster(repacked(data, {SHEET: sheet})).rows) == 2


def test_umlauts_of_an_old_german_file_are_read() -> None:
    reading = read_roster(
        delimited(("Name", "Sprachen"), ("Jürgen Größe", "Türkisch"), delimiter=";", encoding="cp1252")
    )
    assert [row.words for row in reading.rows] == [{"name": "Jürgen Größe", "languages": ["tr"]}]


def test_texts_shared_between_cells_as_spreadsheet_programs_write_them() -> None:
    data = workbook(HEAD, FOX)
    texts = [*HEAD, *FOX]
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts[:-1])
    shared += "<si><r><t>tue</t></r><r><t>-evening</t></r></si>"  # with a part in bold
    sheet = member(data, SHEET)
    for number, text in enumerate(texts):
        inline = f't="inlineStr"><is><t>{text}</t></is></c>'
        sheet = sheet.replace(inline.encode(), f't="s"><v>{number}</v></c>'.encode())
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = member(data, "[Content_Types].xml").replace(
        b"</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    )
    parts = {SHEET: sheet, "[Content_Types].xml": types}
    strings = f'<sst xmlns="{namespace}">{shared}</sst>'.encode()
    reading = read_roster(repacked(data, {**parts, "xl/sharedStrings.xml": strings}))
    assert [row.words for row in reading.rows] == [{"name": "Quiet Fox", "languages": ["en"], "slots": ["tue-evening"]}]

"""Files that are broken, huge, packed with something else, or made to hurt."""

import io
import tracemalloc
import zipfile

import pytest

from wayhouse.people.roster.lines import MOST_BYTES, MOST_COLUMNS, MOST_ROWS
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.tests.tables import FOX, HEAD, SHEET, complaints, delimited, member, refusal, repacked, workbook

BROKEN = "This workbook is broken. Open it, save it anew as .xlsx, and send that file."
TOO_MUCH = "This workbook unpacks to more than a roster can need. Use the template."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "This file is empty."),
        (b"\xef\xbb\xbf", "This file is empty."),
        (b"x" * (MOST_BYTES + 1), "This file is larger than 4 MB."),
        (
            b"\xd0\xcf\x11\xe0rest",
            "This file has a password, or it is an old Excel file. Save it as .xlsx, without a password.",
        ),
        (b"PK\x03\x04", BROKEN),
        (workbook(HEAD, FOX)[:-100], BROKEN),
        (workbook(HEAD, FOX)[:200], BROKEN),
        (b"%PDF-1.7\x00\x01", "This is not a spreadsheet. Send an Excel workbook (.xlsx) or CSV."),
        (b"\x89PNG\r\n\x1a\n\x00", "This is not a spreadsheet. Send an Excel workbook (.xlsx) or CSV."),
        (
            "Name,Sprache\nМария,ru".encode("cp1251"),
            "We cannot tell which alphabet this file was saved in. Save it as 'CSV UTF-8' or as .xlsx.",
        ),
        (
            "Name,Languages\nÚáí".encode("cp1252"),
            "We cannot tell which alphabet this file was saved in. Save it as 'CSV UTF-8' or as .xlsx.",
        ),
        (
            b"\xff\xfeN\x00a",
            "We cannot tell which alphabet this file was saved in. Save it as 'CSV UTF-8' or as .xlsx.",
        ),
        (
            b'name,languages\n"Quiet Fox,en',
            "The quotation marks in this CSV file do not match. Save it anew from the spreadsheet program.",
        ),
    ],
)
def test_files_that_are_no_tables(data: bytes, reason: str) -> None:
    assert refusal(data) == reason


@pytest.mark.abuse(16)
def test_too_many_rows_and_columns() -> None:
    many = delimited(HEAD, *(FOX for _ in range(MOST_ROWS + 1)))
    assert refusal(many) == "There are more than 5000 rows. Split the file."
    assert refusal(delimited(HEAD, FOX) + b"\r\n" * 100_001) == "There are more than 5000 rows. Split the file."
    wide = delimited((*HEAD, *(["x"] * MOST_COLUMNS)))
    assert refusal(wide) == "There are more than 40 columns. Use the template."


@pytest.mark.parametrize(("number", "rows"), [(b"1000000", [1_000_000]), (b"999999999999999999", [])])
def test_a_row_number_far_below_is_read_in_no_time(number: bytes, rows: list[int]) -> None:
    data = workbook(HEAD, FOX)
    sheet = member(data, SHEET).replace(b'<row r="2"', b'<row r="' + number + b'"')
    reading = read_roster(repacked(data, {SHEET: sheet}))
    assert [row.number for row in reading.rows] == rows


def test_a_cell_that_is_far_too_long() -> None:
    reading = read_roster(workbook(HEAD, ("Quiet Fox", "en" + ",en" * 400, "tue-evening")))
    assert complaints(reading) == ["Row 2, column B (Languages): at most 1000 characters fit"]


@pytest.mark.abuse(16)
def test_zip_bombs_are_refused_before_they_are_unpacked() -> None:
    data = workbook(HEAD, FOX)
    assert refusal(repacked(data, {"xl/media/a.bin": bytes(25 * 1024 * 1024)})) == TOO_MUCH
    assert refusal(repacked(data, {"xl/media/a.bin": bytes(1024 * 1024)})) == TOO_MUCH
    assert refusal(repacked(data, {f"xl/media/{number}.bin": b"" for number in range(201)})) == TOO_MUCH


@pytest.mark.abuse(16)
@pytest.mark.parametrize("part", ["xl/media/a.bin", SHEET, "xl/sharedStrings.xml"])
def test_a_zip_bomb_takes_no_memory(part: str) -> None:
    bomb = repacked(workbook(HEAD, FOX), {part: bytes(256 * 1024 * 1024)})
    tracemalloc.start()
    try:
        assert refusal(bomb) == TOO_MUCH
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


def test_a_member_that_lies_about_its_size_stays_harmless() -> None:
    data = bytearray(repacked(workbook(HEAD, FOX), {SHEET: b"<worksheet>" + b" " * 200_000 + b"</worksheet>"}))
    place = data.rindex(SHEET.encode()) - 46  # its entry in the directory at the end
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    assert refusal(bytes(data)) == BROKEN


def test_other_ways_of_packing_are_refused() -> None:
    assert refusal(repacked(workbook(HEAD, FOX), {}, method=zipfile.ZIP_LZMA)) == BROKEN


def test_entities_in_the_xml_are_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    data = workbook(HEAD, FOX)
    for name in (SHEET, "xl/workbook.xml", "[Content_Types].xml"):
        assert refusal(repacked(data, {name: bomb + member(data, name)})) == BROKEN


def test_macros_are_refused() -> None:
    message = "This workbook holds macros. Save it as an Excel workbook without macros (.xlsx)."
    data = workbook(HEAD, FOX)
    assert refusal(repacked(data, {"xl/vbaProject.bin": b"x"})) == message
    types = member(data, "[Content_Types].xml").replace(b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml")
    assert refusal(repacked(data, {"[Content_Types].xml": types})) == message


def test_a_password_inside_the_zip_is_refused() -> None:
    data = bytearray(workbook(HEAD, FOX))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == "This file has a password. Save it without one."


def test_zips_that_are_no_workbooks() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("holiday.jpg", b"x")
    assert refusal(out.getvalue()) == "This is not a spreadsheet. Send an Excel workbook (.xlsx) or CSV."
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
    message = "This is an OpenDocument table. Save it as an Excel workbook (.xlsx) or as CSV."
    assert refusal(out.getvalue()) == message


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET, "xl/styles.xml"])
def test_workbooks_with_a_part_missing_or_cut(name: str) -> None:
    data = workbook(HEAD, FOX)
    for content in (None, b"", member(data, name)[:-20], b"<x/>", b"\xff\xfe\x00"):
        reading = read_roster(repacked(data, {name: content}))
        assert bool(reading.problems) or [row.name for row in reading.rows] == ["Quiet Fox"]

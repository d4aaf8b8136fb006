"""Whatever the bytes are, the answer is rows or plain words, never an error."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wayhouse.people.roster.comparing import FATES, Known, compare
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.tests.tables import FOX, HEAD, LANTERN, delimited, member, repacked, workbook

BOOK = workbook((*HEAD, "Keep apart", "Role"), (*FOX, "3", "mentor"), (*LANTERN, "Quiet Fox", ""))
CSV = delimited((*HEAD, "Keep apart"), (*FOX, "3"), (*LANTERN, "2"), delimiter=";")
PARTS = ("worksheets/sheet1.xml", "workbook.xml", "styles.xml", "_rels/workbook.xml.rels")
CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6)), min_size=1, max_size=4)
CELLS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)

quickly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answer_to(data: bytes) -> None:
    """Read and compare; every row has a fate and every problem a text."""
    reading = read_roster(data)
    fates = compare(reading, Known({"p1": {"name": "Amber Lantern", "role": "member", "slots": ["mon-morning"]}}))
    assert len(fates) == len(reading.rows)
    assert all(fate.fate in FATES for fate in fates)
    assert all(str(problem) for problem in reading.problems)
    assert bool(fates) != bool(reading.problems)


@given(st.binary(max_size=2_000))
@example(b"\0")
@example(b"PK\x03\x04" + bytes(100))
@quickly
def test_any_bytes(data: bytes) -> None:
    answer_to(data)


@given(st.sampled_from([BOOK, CSV]), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8))
@quickly
def test_files_with_some_bytes_changed(data: bytes, changes: list[tuple[int, int]]) -> None:
    changed = bytearray(data)
    for place, value in changes:
        changed[place % len(changed)] = value
    answer_to(bytes(changed))


@given(st.sampled_from(PARTS), CHANGES)
@quickly
def test_workbooks_whose_parts_were_changed_before_packing(name: str, changes: list[tuple[int, bytes]]) -> None:
    part = bytearray(member(BOOK, f"xl/{name}"))
    for place, value in changes:
        start = place % len(part)
        part[start : start + len(value)] = value
    answer_to(repacked(BOOK, {f"xl/{name}": bytes(part)}))


@given(st.integers(0, len(BOOK)))
@quickly
def test_workbooks_cut_anywhere(length: int) -> None:
    answer_to(BOOK[:length])


@given(st.lists(st.lists(CELLS, min_size=3, max_size=4), max_size=5), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
@quickly
def test_any_texts_in_the_cells(rows: list[list[str]], encoding: str) -> None:
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in rows]
    answer_to(delimited((*HEAD, "Keep apart"), *quoted, encoding=encoding))

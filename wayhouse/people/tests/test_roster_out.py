import csv
import io
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation
from openpyxl import load_workbook

from conftest import PASSPHRASE, Acting, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.core.sheet import harmless
from wayhouse.people.entries import enter_person
from wayhouse.people.exporting import take_roster_out
from wayhouse.people.importing import draft_roster, import_roster
from wayhouse.people.models import KeepApart, Person
from wayhouse.people.roster.comparing import UNCHANGED, Known, compare
from wayhouse.people.roster.invent import invent
from wayhouse.people.roster.outgoing import OUTGOING, row_of
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.roster.template import TableRow, csv_of, workbook_of
from wayhouse.people.tests.tables import HEAD, complaints, workbook

Maker = Callable[..., bytes]
BY_KEY = {column.key: number for number, column in enumerate(OUTGOING)}


def known(rows: list[TableRow]) -> Known:
    """Invented people as if they were on the roster."""
    reading = read_roster(csv_of(rows))
    assert complaints(reading) == []
    return Known({str(fate.number): fate.words for fate in compare(reading, Known({}))})


@pytest.mark.parametrize("make", [csv_of, workbook_of])
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_what_goes_out_comes_back_as_it_was(make: Maker, language: str) -> None:
    roster = known([{**row, "keep_apart": ""} for row in invent(members=60, facilitators=9, mentors=14, seed=7)])
    with translation.override(language):
        rows = [row_of(words) for words in roster.entries.values()]
        reading = read_roster(make(rows, OUTGOING))
        fates = compare(reading, roster)
    assert {(fate.fate, *fate.problems) for fate in fates} == {(UNCHANGED,)}
    assert len(fates) == 83


@pytest.mark.abuse(14)
@pytest.mark.parametrize("first", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_begins_a_formula(first: str) -> None:
    row = {column.key: f"{first}1+1" for column in OUTGOING}
    with translation.override("en"):
        texts = list(csv.reader(io.StringIO(csv_of([row], OUTGOING).decode("utf-8-sig"))))[1]
        sheet = load_workbook(io.BytesIO(workbook_of([row], OUTGOING))).worksheets[0]
    assert set(texts) == {f"'{first}1+1"}
    assert {(cell.data_type, cell.value) for cell in sheet[2]} == {("s", f"'{first}1+1")}


@pytest.mark.abuse(14)
@pytest.mark.parametrize("make", [csv_of, workbook_of])
def test_names_and_labels_that_begin_like_a_formula_come_back_too(make: Maker) -> None:
    roster = Known({"1": {"name": "-Fox", "languages": ["en"], "slots": ["tue-evening"], "mix": "+40"}})
    reading = read_roster(make([row_of(roster.entries["1"])], OUTGOING))
    assert (complaints(reading), [fate.fate for fate in compare(reading, roster)]) == ([], [UNCHANGED])


def test_other_apostrophes_stay() -> None:
    assert [harmless(text) for text in ("'Olu", "O'Neil", "")] == ["'Olu", "O'Neil", ""]
    assert [row.name for row in read_roster(workbook(HEAD, ("'Olu", "en", "tue-evening"))).rows] == ["'Olu"]


def test_a_coordinator_takes_it_out_and_the_log_says_so(ana: Person, bo: Person, cass: Person, acting: Acting) -> None:
    with acting(ana):
        rows = take_roster_out(ana.programme, actor=ana)
    assert [row["name"] for row in rows] == ["Bo", "Cass"]
    assert AuditLeaf.objects.latest("index").kind == "roster.taken_out"


def test_nobody_else_does(ana: Person, bo: Person, dee: Person, acting: Acting) -> None:
    for person in (bo, dee):
        with acting(person), pytest.raises(PermissionDenied):
            take_roster_out(ana.programme, actor=person)


def test_who_must_not_meet_is_in_no_file_and_stays(ana: Person, cass: Person, acting: Acting) -> None:
    said = {"name": "Quiet Fox", "languages": ["en"], "slots": ["tue-evening"]}
    with acting(ana):
        enter_person(ana.programme, said, apart=[cass.pk], actor=ana)
        data = csv_of(take_roster_out(ana.programme, actor=ana), OUTGOING)
        import_roster(ana.programme, draft_roster(ana.programme, read_roster(data), actor=ana), actor=ana)
    assert data.decode("utf-8-sig").count("Cass") == 1
    assert KeepApart.objects.count() == 1


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_the_file_after_proving_again_who_one_is(suffix: str, ana: Person, cass: Person, signed_in: SignedIn) -> None:
    browser, address = signed_in(ana), f"/people/out/table.{suffix}"
    asked = browser.get(address).headers["Location"]
    assert asked.split("?")[0] == "/account/again/"
    browser.post(asked, {"password": PASSPHRASE})
    answer = browser.get(address)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="table.{suffix}"'
    assert [row.name for row in read_roster(answer.content).rows] == ["Cass"]


def test_another_kind_of_file_is_none(ana: Person, signed_in: SignedIn) -> None:
    browser = signed_in(ana)
    browser.post("/account/again/", {"password": PASSPHRASE})
    assert browser.get("/people/out/table.pdf").status_code == 404

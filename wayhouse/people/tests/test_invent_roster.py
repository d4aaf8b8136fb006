from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from wayhouse.people.roster.comparing import NEW, Known, compare
from wayhouse.people.roster.invent import invent, staff_for
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.roster.template import csv_of


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    first = invent(members=60, facilitators=9, mentors=14, seed=7)
    assert invent(members=60, facilitators=9, mentors=14, seed=7) == first
    assert invent(members=60, facilitators=9, mentors=14, seed=8) != first


def test_there_are_as_many_of_each_as_were_asked_for_and_every_name_is_another() -> None:
    rows = invent(members=60, facilitators=9, mentors=14, seed=7)
    assert Counter(row["role"] for row in rows) == {"member": 60, "facilitator": 9, "mentor": 14}
    assert len({row["name"] for row in rows}) == 83


def test_names_do_not_run_out() -> None:
    rows = invent(members=12_000, facilitators=0, mentors=0, seed=1)
    assert len({row["name"] for row in rows}) == 12_000


@pytest.mark.parametrize("members", [1, 60, 400])
def test_an_invented_roster_is_taken_without_a_complaint(members: int) -> None:
    facilitators, mentors = staff_for(members)
    rows = invent(members=members, facilitators=facilitators, mentors=mentors, seed=3)
    fates = compare(read_roster(csv_of(rows)), Known({}))
    assert {(fate.fate, *fate.problems) for fate in fates} == {(NEW,)}


def test_some_are_kept_apart_and_never_from_everybody() -> None:
    rows = invent(members=400, facilitators=0, mentors=0, seed=3)
    circles = [row["keep_apart"].split(", ") for row in rows if row.get("keep_apart")]
    assert 15 <= len(circles) <= 80
    assert max(len(circle) for circle in circles) <= 4


def test_the_command_writes_a_file_that_can_be_taken_in(tmp_path: Path) -> None:
    for name in ("roster.xlsx", "roster.csv"):
        call_command("invent_roster", members=12, seed=7, out=tmp_path / name, stdout=StringIO())
        facilitators, mentors = staff_for(12)
        assert len(read_roster((tmp_path / name).read_bytes()).rows) == 12 + facilitators + mentors


def test_the_command_refuses_other_kinds_of_files(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("invent_roster", out=tmp_path / "roster.pdf")
    assert list(tmp_path.iterdir()) == []

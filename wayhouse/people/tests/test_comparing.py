from typing import Any

from wayhouse.people.roster.comparing import CHANGED, NEW, REFUSED, UNCHANGED, Fate, Known, compare, merged
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.tests.tables import FOX, HEAD, LANTERN, workbook

FOX_WORDS = {
    "name": "Quiet Fox",
    "role": "member",
    "languages": ["en"],
    "slots": ["tue-evening"],
    "preferred_slots": [],
    "needs": [],
    "mode": "either",
    "area": "",
    "travel": "district",
    "kinds": ["mixed"],
    "preferred_kind": "",
    "mix": "",
    "meetings_a_week": 1,
}


def fates(*rows: tuple[str, ...], known: dict[str, dict[str, Any]] | None = None) -> list[Fate]:
    return compare(read_roster(workbook(*rows)), Known(known or {}))


def test_somebody_new_gets_what_the_file_says_and_the_usual_for_the_rest() -> None:
    assert fates(HEAD, FOX) == [Fate(2, NEW, FOX_WORDS)]


def test_the_same_again_is_unchanged_whatever_the_spelling_of_the_name() -> None:
    (fate,) = fates(HEAD, ("quiet  FOX", "en", "tue-evening"), known={"p1": {**FOX_WORDS, "name": "quiet FOX"}})
    assert (fate.fate, fate.person, fate.changes) == (UNCHANGED, "p1", [])


def test_a_name_in_other_letters_is_a_change_of_the_name() -> None:
    (fate,) = fates(HEAD, ("QUIET Fox", "en", "tue-evening"), known={"p1": FOX_WORDS})
    assert fate.changes == [["name", "Quiet Fox", "QUIET Fox"]]


def test_changes_are_listed_word_by_word() -> None:
    (fate,) = fates((*HEAD, "Needs"), ("Quiet Fox", "ar, en", "tue-evening", "childcare"), known={"p1": FOX_WORDS})
    assert fate.fate == CHANGED
    assert fate.changes == [["languages", ["en"], ["ar", "en"]], ["needs", [], ["childcare"]]]
    assert fate.words == {**FOX_WORDS, "languages": ["ar", "en"], "needs": ["childcare"]}


def test_a_column_that_the_file_does_not_have_changes_nothing() -> None:
    before = {**FOX_WORDS, "needs": ["childcare"], "role": "mentor", "meetings_a_week": 2}
    (fate,) = fates(("Chosen name", "Area"), ("Quiet Fox", "Harbourton"), known={"p1": before})
    assert fate.words == {**before, "area": "Harbourton"}


def test_an_empty_cell_empties_a_word_but_never_a_role() -> None:
    before = {**FOX_WORDS, "needs": ["childcare"], "role": "mentor", "meetings_a_week": 2, "mode": "online"}
    head = ("Chosen name", "Needs", "Role", "Meetings a week", "In person or online")
    (fate,) = fates(head, ("Quiet Fox", "", "", "", ""), known={"p1": before})
    assert fate.words == {**before, "needs": [], "mode": "either"}


def test_somebody_new_needs_languages_and_times() -> None:
    (fate,) = fates(("Chosen name", "Languages"), ("Quiet Fox", "en"))
    assert fate.problems == ["Row 2 (Availability): somebody new cannot be planned for without it"]
    (fate,) = fates(HEAD, ("Quiet Fox", "", "tue-evening"))
    expected = "Row 2, column B (Languages): write at least one language, for example: en, Arabic"
    assert fate.problems == [expected]


def test_members_have_no_number_of_meetings() -> None:
    (fate,) = fates((*HEAD, "Meetings a week"), (*FOX, "2"))
    message = "only facilitators and mentors have a number of meetings"
    assert fate.problems == [f"Row 2, column D (Meetings a week): {message}"]


def test_somebody_who_becomes_a_member_loses_the_number_of_meetings() -> None:
    before = {**FOX_WORDS, "role": "mentor", "meetings_a_week": 3}
    assert merged(before, {"role": "member"})["meetings_a_week"] == 1


def test_preferred_times_are_possible_times() -> None:
    words = merged(FOX_WORDS, {"preferred_slots": ["mon-morning"]})
    assert (words["slots"], words["preferred_slots"]) == (["mon-morning", "tue-evening"], ["mon-morning"])


def test_a_time_that_is_no_longer_possible_is_no_longer_preferred() -> None:
    before = {**FOX_WORDS, "slots": ["mon-morning", "tue-evening"], "preferred_slots": ["mon-morning"]}
    words = merged(before, {"slots": ["tue-evening"]})
    assert (words["slots"], words["preferred_slots"]) == (["tue-evening"], [])


def test_the_preferred_kind_is_a_possible_kind() -> None:
    words = merged(FOX_WORDS, {"preferred_kind": "women"})
    assert (words["kinds"], words["preferred_kind"]) == (["mixed", "women"], "women")
    before = {**FOX_WORDS, "kinds": ["women"], "preferred_kind": "women"}
    words = merged(before, {"kinds": ["mixed"]})
    assert (words["kinds"], words["preferred_kind"]) == (["mixed"], "")


def test_keep_apart_by_number_by_name_in_the_file_and_by_name_on_the_roster() -> None:
    head = (*HEAD, "Keep apart")
    known = {"p9": {**FOX_WORDS, "name": "Old Oak"}}
    found = fates(head, (*FOX, "3; amber lantern, old oak"), (*LANTERN, ""), known=known)
    assert [fate.apart for fate in found] == [[["row", 3], ["row", 3], ["person", "p9"]], []]
    assert [fate.fate for fate in found] == [NEW, NEW]


def test_what_keep_apart_cannot_mean_is_said_without_a_name() -> None:
    head = (*HEAD, "Keep apart")
    found = fates(head, (*FOX, "7, Nobody Here, 2, quiet fox, 1"), (*LANTERN, ""))
    place = "Row 2, column D (Keep apart):"
    assert [fate.problems for fate in found] == [
        [
            f"{place} entry 1 is neither in this file nor on the roster",
            f"{place} entry 2 is neither in this file nor on the roster",
            f"{place} entry 3 is the person themselves",
            f"{place} entry 4 is the person themselves",
        ],
        [],
    ]


def test_a_name_that_several_people_have_is_refused() -> None:
    (fate,) = fates(HEAD, FOX, known={"p1": FOX_WORDS, "p2": FOX_WORDS})
    message = "several people on the roster have this name; give them different ones first"
    assert fate.problems == [f"Row 2, column A (Chosen name): {message}"]


def test_a_change_of_who_is_kept_apart_does_not_show_in_the_fate_of_a_row() -> None:
    known = {"p1": FOX_WORDS, "p9": {**FOX_WORDS, "name": "Old Oak"}}
    (fate,) = fates((*HEAD, "Keep apart"), (*FOX, "Old Oak"), known=known)
    assert (fate.fate, fate.changes) == (UNCHANGED, [])


def test_refused_rows_come_first_then_new_changed_and_unchanged_ones() -> None:
    rows = (FOX, ("Old Oak", "en", "tue-evening"), LANTERN, ("Bad\u200bName", "en", "tue-evening"))
    known = {"p1": FOX_WORDS, "p2": {**FOX_WORDS, "name": "Old Oak", "languages": ["de"]}}
    found = fates(HEAD, *rows, known=known)
    assert [(fate.number, fate.fate) for fate in found] == [(5, REFUSED), (4, NEW), (3, CHANGED), (2, UNCHANGED)]


def test_a_refused_row_says_at_most_four_things() -> None:
    head = ("Chosen name", "Languages", "Availability", "Role", "Needs", "Area")
    (fate,) = fates(head, ("1", "xx", "never", "boss", "car", "Street 1"))
    assert [problem.split(":")[0] for problem in fate.problems] == [
        "Row 2, column A (Chosen name)",
        "Row 2, column B (Languages)",
        "Row 2, column C (Availability)",
        "Row 2, column D (Role)",
    ]


def test_a_fate_survives_being_sealed_as_json() -> None:
    (fate,) = fates((*HEAD, "Keep apart"), (*FOX, "Old Oak"), known={"p9": {**FOX_WORDS, "name": "Old Oak"}})
    assert Fate(**fate.as_json()) == fate

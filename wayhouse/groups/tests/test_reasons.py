"""Every reason that the kernel can give is said in words, and none of them speaks of keeping people apart."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

import wayhouse.groups.formation
from wayhouse.groups.reasons import PLAIN, Wording

VENUE, GROUP = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
CELL = f"{VENUE}:tue-evening:en:mixed"
WORDS = Wording({VENUE: "Library", GROUP: "Kestrel"})
ROOM, EARS = f"room:{VENUE}:tue-evening", "interpreter:tue-evening:ar"
HERE = "Library, Tuesday evening, English, mixed"


@pytest.mark.parametrize(
    ("code", "params", "sentence"),
    [
        ("no_suitable_group", {}, "No suitable group at these times."),
        ("groups_full", {"cell": CELL, "most": 12}, f"Full with 12 people: {HERE}."),
        ("groups_full", {"cell": GROUP, "most": 12}, "Full with 12 people: Kestrel."),
        (
            "pool_used_up",
            {"pool": ROOM, "cell": CELL, "people": 7},
            "No room is left: Library, Tuesday evening. One more could open a group; 7 people wait for it.",
        ),
        (
            "pool_used_up",
            {"pool": "lead:tue-evening:en", "cell": CELL, "people": 1},
            (
                "Nobody is left to lead in this language: English, Tuesday evening. "
                "One more could open a group; 1 person waits for it."
            ),
        ),
        (
            "pool_used_up",
            {"pool": "lead:tue-evening", "cell": CELL, "people": 7},
            "Nobody is left to lead: Tuesday evening. One more could open a group; 7 people wait for it.",
        ),
        (
            "pool_used_up",
            {"pool": "lead", "cell": CELL, "people": 7},
            "Those who lead take no further evening a week. One more could open a group; 7 people wait for it.",
        ),
        (
            "no_interpreter_left",
            {"pool": EARS, "people": 4},
            (
                "Every interpreter is taken: Arabic, Tuesday evening. "
                "One more could place people here; 4 people wait for it."
            ),
        ),
        (
            "too_few_people",
            {"cell": CELL, "people": 2, "least": 6},
            f"Too few for a group of their own ({HERE}): 2 people wait, 6 are needed.",
        ),
        (
            "cell_has_all_groups",
            {"cell": CELL, "most": 2, "people": 7},
            f"No further group can open here: {HERE}. One more could open a group; 7 people wait for it.",
        ),
        (
            "all_groups_open",
            {"cell": CELL, "most": 400, "people": 7},
            f"No further group can open here: {HERE}. One more could open a group; 7 people wait for it.",
        ),
    ],
)
def test_the_words_of_each_code(code: str, params: dict[str, Any], sentence: str) -> None:
    assert WORDS.sentences([{"code": code, "params": params}]) == [sentence]


@pytest.mark.parametrize("code", ["too_few_people", "cell_has_all_groups", "all_groups_open", "pool_used_up"])
def test_a_group_that_meets_already_opens_no_second_one(code: str) -> None:
    params = {"cell": GROUP, "people": 2, "least": 6, "most": 1, "pool": ROOM}
    assert WORDS.sentences([{"code": code, "params": params}]) == []


def test_every_code_of_the_kernel_has_words() -> None:
    folder = Path(wayhouse.groups.formation.__file__).parent
    schema = json.loads((folder / "result.schema.json").read_text("utf-8"))
    person = schema["properties"]["unplaced"]["items"]["properties"]["codes"]["items"]
    everything = {"cell": CELL, "pool": ROOM, "people": 3, "least": 6, "most": 12}
    unsaid = [
        code
        for code in person["properties"]["code"]["enum"]
        if not WORDS.sentences([{"code": code, "params": {} if code in PLAIN else everything}])
    ]
    assert unsaid == []


def test_the_same_sentence_is_said_once() -> None:
    code = {"code": "pool_used_up", "params": {"pool": ROOM, "cell": CELL, "people": 7}}
    assert len(WORDS.sentences([code, code])) == 1


def test_a_venue_that_is_gone_still_makes_a_sentence() -> None:
    with override("en"):
        assert Wording({}).where(CELL) == "a place, Tuesday evening, English, mixed"
        assert Wording({}).where(GROUP) == "a group that meets already"

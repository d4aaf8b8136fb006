"""Reading a problem: every fault has its place, and the published schema says the same as the dataclasses."""

import json
from collections.abc import Callable
from dataclasses import MISSING, fields
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from benchmarks.planning.formation import generate
from wayhouse.groups.formation import Cell, Option, Person, Pool, Previous, Problem, ProblemError, Size, Weights
from wayhouse.groups.formation.tests.tiny import problems

SCHEMA = json.loads(resources.files("wayhouse.groups.formation").joinpath("problem.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
HUGE = 10**30


def small() -> dict[str, Any]:
    return {
        "size": {"min": 2, "target": 3, "max": 4},
        "pools": [{"id": "room", "capacity": 1}, {"id": "ears", "capacity": 1}],
        "max_groups": 2,
        "cells": [{"id": "tue", "max_groups": 1, "uses": ["room"]}, {"id": "thu", "max_groups": 1}],
        "people": [
            {"id": "p1", "options": [{"cell": "tue", "cost": 3, "interpreter": "ears"}], "mix": "young"},
            {"id": "p2", "options": [], "previous": {"cell": "tue", "group": "g7"}},
            {"id": "p3", "options": [], "previous": None},
        ],
        "keep_apart": [["p1", "p2"]],
        "interpreter_ratio": 4,
        "weights": {"unplaced": 500},
    }


def at(*path: str | int, put: object) -> Callable[[dict[str, Any]], None]:
    """Put a value at a place."""

    def change(problem: dict[str, Any]) -> None:
        place: Any = problem
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = put

    return change


def without(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(problem: dict[str, Any]) -> None:
        place: Any = problem
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


TYPE_FAULTS = [
    (at("size", put=[]), "size: must be an object"),
    (without("size", "min"), "size.min: is missing"),
    (at("size", "min", put="6"), "size.min: must be a whole number"),
    (at("size", "min", put=2.5), "size.min: must be a whole number"),
    (at("size", "max", put=True), "size.max: must be a whole number"),
    (at("size", "min", put=0), "size.min: must be between 1 and 1000"),
    (at("size", "max", put=1001), "size.max: must be between 1 and 1000"),
    (without("people"), "people: is missing"),
    (at("people", put={}), "people: must be a list"),
    (at("people", 0, put="p1"), "people[0]: must be an object"),
    (at("people", 0, "id", put=1), "people[0].id: must be a text"),
    (at("people", 0, "id", put=""), "people[0].id: must be a text of 1 to 200 characters"),
    (at("people", 0, "mix", put="x" * 201), "people[0].mix: must be a text of 1 to 200 characters"),
    (at("people", 0, "mix", put=3), "people[0].mix: must be a text"),
    (at("people", 0, "belief", put="x"), "people[0]: an unknown member 'belief'"),
    (without("people", 0, "options"), "people[0].options: is missing"),
    (at("people", 0, "options", put=None), "people[0].options: must be a list"),
    (at("people", 0, "options", 0, "cost", put=-1), "people[0].options[0].cost: must be between 0 and 1000000"),
    (at("people", 0, "options", 0, "cost", put=HUGE), "people[0].options[0].cost: must be between 0 and 1000000"),
    (at("people", 0, "options", 0, "cost", put=float("inf")), "people[0].options[0].cost: must be a whole number"),
    (at("people", 0, "options", 0, "cost", put=float("nan")), "people[0].options[0].cost: must be a whole number"),
    (at("people", 1, "previous", put="g7"), "people[1].previous: must be an object"),
    (without("people", 1, "previous", "cell"), "people[1].previous.cell: is missing"),
    (at("people", 1, "previous", "group", put=""), "people[1].previous.group: must be a text of 1 to 200 characters"),
    (at("pools", 0, "capacity", put=-1), "pools[0].capacity: must be between 0 and 1000000"),
    (at("pools", 0, "capacity", put=10**12), "pools[0].capacity: must be between 0 and 1000000"),
    (at("cells", 0, "max_groups", put=-3), "cells[0].max_groups: must be between 0 and 1000000"),
    (at("cells", 0, "uses", put="room"), "cells[0].uses: must be a list"),
    (at("cells", 0, "uses", put=["room", "room"]), "cells[0].uses[1]: 'room' is there twice"),
    (at("max_groups", put=None), "max_groups: must be a whole number"),
    (at("keep_apart", put=[["p1"]]), "keep_apart[0]: needs two people or more"),
    (at("keep_apart", put=[["p1", "p1"]]), "keep_apart[0][1]: 'p1' is there twice"),
    (at("keep_apart", put=None), "keep_apart: must be a list"),
    (at("interpreter_ratio", put=0), "interpreter_ratio: must be between 1 and 1000"),
    (at("weights", "unplaced", put=-1), "weights.unplaced: must be between 0 and 1000000"),
    (at("weights", "loyalty", put=1), "weights: an unknown member 'loyalty'"),
]

MEANING_FAULTS = [
    (at("size", "target", put=1), "size.target: is less than size.min"),
    (at("size", "max", put=2), "size.max: is less than size.target"),
    (at("people", 1, "id", put="p1"), "people[1].id: 'p1' is there twice"),
    (at("pools", 1, "id", put="room"), "pools[1].id: 'room' is there twice"),
    (at("cells", 1, "id", put="tue"), "cells[1].id: 'tue' is there twice"),
    (at("people", 0, "options", 0, "cell", put="x"), "people[0].options[0].cell: an unknown cell 'x'"),
    (at("people", 0, "options", 0, "interpreter", put="x"), "people[0].options[0].interpreter: an unknown pool 'x'"),
    (
        at("people", 0, "options", put=[{"cell": "tue", "cost": 1}] * 2),
        "people[0].options[1].cell: 'tue' is there twice",
    ),
    (at("people", 1, "previous", "cell", put="x"), "people[1].previous.cell: an unknown cell 'x'"),
    (
        at("people", 2, "previous", put={"cell": "thu", "group": "g7"}),
        "people[2].previous.cell: the group 'g7' is in another cell elsewhere",
    ),
    (at("cells", 0, "uses", put=["y"]), "cells[0].uses[0]: an unknown pool 'y'"),
    (at("keep_apart", put=[["p1", "z" * 150]]), f"keep_apart[0][1]: an unknown person '{'z' * 59}..."),
]


@pytest.mark.parametrize(("change", "words"), TYPE_FAULTS + MEANING_FAULTS, ids=lambda case: str(case)[:60])
def test_every_fault_is_told_with_its_place(change: Callable[[dict[str, Any]], None], words: str) -> None:
    problem = small()
    change(problem)
    with pytest.raises(ProblemError) as told:
        Problem.from_json(problem)
    assert str(told.value) == words


@pytest.mark.parametrize("change", [change for change, _ in TYPE_FAULTS])
def test_the_schema_refuses_the_same_faults(change: Callable[[dict[str, Any]], None]) -> None:
    problem = small()
    assert VALIDATOR.is_valid(problem)
    change(problem)
    assert not VALIDATOR.is_valid(problem)


@pytest.mark.parametrize("problem", [[], None, "people", 3])
def test_a_problem_is_an_object(problem: Any) -> None:
    with pytest.raises(ProblemError) as told:
        Problem.from_json(problem)
    assert (told.value.path, told.value.message) == ("", "must be an object")


def test_a_number_too_long_to_write_is_refused_without_writing_it() -> None:
    problem = small()
    problem["people"][0]["options"][0]["cost"] = 10**5000
    with pytest.raises(ProblemError, match=r"cost: must be between 0 and 1000000$"):
        Problem.from_json(problem)


def test_too_much_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"^cells: more than 50000$"):
        Problem.from_json({**small(), "cells": [{"id": f"c{number}", "max_groups": 1} for number in range(50_001)]})


def test_dataclasses_are_checked_like_json() -> None:
    with pytest.raises(ProblemError, match=r"^people\[0\]\.options\[0\]\.cell: an unknown cell 'c'$"):
        Problem(Size(1, 1, 1), (), 1, (), (Person("p", (Option("c", 0),)),))


def test_what_is_left_out_has_its_default() -> None:
    problem = Problem.from_json({name: small()[name] for name in ("size", "pools", "max_groups", "cells", "people")})
    assert problem.weights == Weights(1000, 40, 2, 4, 15, 60)
    assert (problem.keep_apart, problem.interpreter_ratio, problem.cells[1].uses) == ((), 4, ())
    assert (problem.people[1].mix, problem.people[2].previous) == (None, None)


def test_a_whole_number_may_be_written_with_a_point() -> None:
    problem = small()
    problem["size"]["min"] = 2.0
    assert Problem.from_json(problem).size == Size(2, 3, 4)


@given(problems())
def test_there_and_back(problem: Problem) -> None:
    form = problem.to_json()
    VALIDATOR.validate(form)
    assert Problem.from_json(json.loads(json.dumps(form))) == problem


def test_realistic_problems_fit_the_schema() -> None:
    problem = generate(60)
    VALIDATOR.validate(problem)
    assert Problem.from_json(problem).to_json() == problem


@pytest.mark.parametrize(
    ("form", "part"),
    [
        (Problem, SCHEMA),
        (Size, SCHEMA["properties"]["size"]),
        (Pool, SCHEMA["properties"]["pools"]["items"]),
        (Cell, SCHEMA["properties"]["cells"]["items"]),
        (Person, SCHEMA["properties"]["people"]["items"]),
        (Weights, SCHEMA["properties"]["weights"]),
        (Option, SCHEMA["$defs"]["option"]),
        (Previous, SCHEMA["$defs"]["previous"]),
    ],
)
def test_the_schema_has_the_fields_of_the_dataclasses(form: Any, part: dict[str, Any]) -> None:
    assert set(part["properties"]) == {field.name for field in fields(form)}
    assert set(part.get("required", ())) == {field.name for field in fields(form) if field.default is MISSING}


def test_the_schema_has_the_defaults_of_the_dataclasses() -> None:
    stated = {name: part["default"] for name, part in SCHEMA["properties"]["weights"]["properties"].items()}
    assert stated == {field.name: field.default for field in fields(Weights)}
    assert SCHEMA["properties"]["interpreter_ratio"]["default"] == Problem.from_json(small()).interpreter_ratio

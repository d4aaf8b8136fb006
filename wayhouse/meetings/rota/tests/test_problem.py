"""Reading a problem: every fault has its place, and the published schema says the same as the dataclasses."""

import json
from collections.abc import Callable
from dataclasses import MISSING, fields
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from benchmarks.planning.rota import generate
from wayhouse.meetings.rota import Group, Locked, Option, Problem, ProblemError, Staff, Weights
from wayhouse.meetings.rota.tests.tiny import problems

SCHEMA = json.loads(resources.files("wayhouse.meetings.rota").joinpath("problem.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
HUGE = 10**30
Change = Callable[[dict[str, Any]], None]


def small() -> dict[str, Any]:
    limits = {"max_per_week": 2, "max_per_4_weeks": 6, "intensity_per_4_weeks": 14, "target": 3}
    return {
        "weeks": 4,
        "max_consecutive_weeks": 3,
        "groups": [
            {"id": "g1", "slot": "tue", "intensity": 2, "facilitators": 1, "mentors": 2},
            {"id": "g2", "slot": "tue", "intensity": 1, "facilitators": 1, "mentors": 1},
        ],
        "staff": [
            {"id": "s1", "role": "facilitator", **limits, "away": [3], "options": [{"group": "g1", "cost": 1}]},
            {"id": "s2", "role": "mentor", **limits, "options": []},
        ],
        "keep_apart": [["s1", "s2"]],
        "running": {"g1": [["s1"], None]},
        "fixed_weeks": 1,
        "weights": {"uncovered": 500},
    }


def at(*path: str | int, put: object) -> Change:
    """Put a value at a place."""

    def change(problem: dict[str, Any]) -> None:
        place: Any = problem
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = put

    return change


def without(*path: str | int) -> Change:
    def change(problem: dict[str, Any]) -> None:
        place: Any = problem
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


TYPE_FAULTS = [
    (without("weeks"), "weeks: is missing"),
    (at("weeks", put="12"), "weeks: must be a whole number"),
    (at("weeks", put=0), "weeks: must be between 1 and 104"),
    (at("weeks", put=105), "weeks: must be between 1 and 104"),
    (at("weeks", put=HUGE), "weeks: must be between 1 and 104"),
    (at("max_consecutive_weeks", put=0), "max_consecutive_weeks: must be between 1 and 104"),
    (at("max_consecutive_weeks", put=True), "max_consecutive_weeks: must be a whole number"),
    (at("fixed_weeks", put=-1), "fixed_weeks: must be between 0 and 4"),
    (at("fixed_weeks", put=1.5), "fixed_weeks: must be a whole number"),
    (without("groups"), "groups: is missing"),
    (at("groups", put={}), "groups: must be a list"),
    (at("groups", 0, put="g1"), "groups[0]: must be an object"),
    (without("groups", 0, "slot"), "groups[0].slot: is missing"),
    (at("groups", 0, "slot", put=""), "groups[0].slot: must be a text of 1 to 200 characters"),
    (at("groups", 0, "id", put=1), "groups[0].id: must be a text"),
    (at("groups", 0, "intensity", put=-1), "groups[0].intensity: must be between 0 and 1000000"),
    (at("groups", 0, "facilitators", put=21), "groups[0].facilitators: must be between 0 and 20"),
    (at("groups", 1, "mentors", put=HUGE), "groups[1].mentors: must be between 0 and 20"),
    (at("groups", 1, "venue", put="x"), "groups[1]: an unknown member 'venue'"),
    (at("staff", put=None), "staff: must be a list"),
    (at("staff", 0, "id", put="x" * 201), "staff[0].id: must be a text of 1 to 200 characters"),
    (at("staff", 0, "role", put="friend"), "staff[0].role: must be facilitator or mentor"),
    (at("staff", 0, "role", put=None), "staff[0].role: must be a text"),
    (at("staff", 1, "max_per_week", put=-1), "staff[1].max_per_week: must be between 0 and 1000000"),
    (at("staff", 1, "max_per_4_weeks", put="2"), "staff[1].max_per_4_weeks: must be a whole number"),
    (at("staff", 1, "intensity_per_4_weeks", put=[]), "staff[1].intensity_per_4_weeks: must be a whole number"),
    (without("staff", 1, "target"), "staff[1].target: is missing"),
    (at("staff", 1, "options", put=3), "staff[1].options: must be a list"),
    (at("staff", 0, "options", 0, "cost", put=HUGE), "staff[0].options[0].cost: must be between 0 and 1000000"),
    (without("staff", 0, "options", 0, "group"), "staff[0].options[0].group: is missing"),
    (at("staff", 0, "away", put=[0]), "staff[0].away[0]: must be between 1 and 4"),
    (at("staff", 0, "away", put=[2, 2]), "staff[0].away[1]: 2 is there twice"),
    (at("staff", 0, "away", put=["2"]), "staff[0].away[0]: must be a whole number"),
    (at("keep_apart", put=[["s1"]]), "keep_apart[0]: needs two people or more"),
    (at("keep_apart", put=[["s1", "s1"]]), "keep_apart[0][1]: 's1' is there twice"),
    (at("keep_apart", put=["s1"]), "keep_apart[0]: must be a list"),
    (at("running", put=[]), "running: must be an object"),
    (at("running", "g1", put="s1"), "running.g1: must be a list"),
    (at("running", "g1", 0, put="s1"), "running.g1[0]: must be a list"),
    (at("running", "g1", 0, put=["s1", "s1"]), "running.g1[0][1]: 's1' is there twice"),
    (at("running", "g1", 0, put=[7]), "running.g1[0][0]: must be a text"),
    (at("weights", put=3), "weights: must be an object"),
    (at("weights", "uncovered", put=-1), "weights.uncovered: must be between 0 and 1000000"),
    (at("weights", "fun", put=1), "weights: an unknown member 'fun'"),
    (at("colour", put=1), "an unknown member 'colour'"),
]
MEANING_FAULTS = [
    (at("fixed_weeks", put=5), "fixed_weeks: must be between 0 and 4"),
    (at("groups", 1, "id", put="g1"), "groups[1].id: 'g1' is there twice"),
    (at("staff", 1, "id", put="s1"), "staff[1].id: 's1' is there twice"),
    (at("staff", 0, "options", 0, "group", put="x"), "staff[0].options[0].group: an unknown group 'x'"),
    (at("staff", 0, "options", put=[{"group": "g1", "cost": 1}] * 2), "staff[0].options[1].group: 'g1' is there twice"),
    (at("staff", 0, "away", put=[5]), "staff[0].away[0]: must be between 1 and 4"),
    (at("keep_apart", put=[["s1", "x"]]), "keep_apart[0][1]: an unknown member of staff 'x'"),
    (at("locked", put=[{"group": "g1", "week": 5, "staff": "s1"}]), "locked[0].week: must be between 1 and 4"),
    (at("locked", put=[{"group": "x", "week": 1, "staff": "s1"}]), "locked[0].group: an unknown group 'x'"),
    (at("locked", put=[{"group": "g1", "week": 1, "staff": "x"}]), "locked[0].staff: an unknown member of staff 'x'"),
    (at("locked", put=[{"group": "g1", "week": 1, "staff": "s1"}] * 2), "locked[1]: 'g1 1 s1' is there twice"),
    (at("running", "x", put=[]), "running: an unknown group 'x'"),
    (at("running", "g1", put=[None] * 5), "running.g1: more than 4 weeks"),
    (at("running", "g1", put=[["s3"]]), "running.g1[0][0]: an unknown member of staff 's3'"),
]


@pytest.mark.parametrize(("change", "words"), TYPE_FAULTS + MEANING_FAULTS, ids=lambda case: str(case)[:60])
def test_every_fault_is_told_with_its_place(change: Change, words: str) -> None:
    problem = small()
    change(problem)
    with pytest.raises(ProblemError) as told:
        Problem.from_json(problem)
    assert str(told.value) == words


@pytest.mark.parametrize("change", [change for change, _ in TYPE_FAULTS])
def test_the_schema_refuses_the_same_faults(change: Change) -> None:
    problem = small()
    assert VALIDATOR.is_valid(problem)
    change(problem)
    assert not VALIDATOR.is_valid(problem)


@pytest.mark.parametrize("problem", [[], None, "weeks", 3])
def test_a_problem_is_an_object(problem: Any) -> None:
    with pytest.raises(ProblemError) as told:
        Problem.from_json(problem)
    assert (told.value.path, told.value.message) == ("", "must be an object")


def test_too_much_is_refused() -> None:
    group = small()["groups"][0]
    with pytest.raises(ProblemError, match=r"^groups: more than 5000$"):
        Problem.from_json({**small(), "groups": [{**group, "id": f"g{number}"} for number in range(5_001)]})


def test_options_times_weeks_are_counted() -> None:
    groups = tuple(Group(f"g{number}", "tue", 1, 1, 1) for number in range(500))
    options = tuple(Option(group.id, 0) for group in groups)
    staff = tuple(Staff(f"s{number}", "mentor", 1, 1, 1, 1, options) for number in range(97))
    with pytest.raises(ProblemError, match=r"^staff: more than 5000000 options times weeks$"):
        Problem(weeks=104, groups=groups, staff=staff)


def test_dataclasses_are_checked_like_json() -> None:
    with pytest.raises(ProblemError, match=r"^staff\[0\]\.options\[0\]\.group: an unknown group 'g'$"):
        Problem(weeks=1, groups=(), staff=(Staff("s", "mentor", 1, 1, 1, 1, (Option("g", 0),)),))


def test_what_is_left_out_has_its_default() -> None:
    problem = Problem.from_json({name: small()[name] for name in ("weeks", "groups", "staff")})
    assert problem.weights == Weights(1000, 20, 200, 6, 4, 30)
    assert (problem.max_consecutive_weeks, problem.keep_apart, problem.running, problem.fixed_weeks) == (4, (), {}, 0)
    assert problem.staff[1].away == ()


def test_a_whole_number_may_be_written_with_a_point() -> None:
    problem = small()
    problem["weeks"] = 4.0
    assert Problem.from_json(problem).weeks == 4


@given(problems(announced=True, locked=True))
def test_there_and_back(problem: Problem) -> None:
    form = problem.to_json()
    VALIDATOR.validate(form)
    assert Problem.from_json(json.loads(json.dumps(form))) == problem


def test_realistic_problems_fit_the_schema() -> None:
    problem = generate(9, weeks=6)
    VALIDATOR.validate(problem)
    weights = {**problem["weights"], "unlocked": Weights().unlocked}
    assert Problem.from_json(problem).to_json() == {**problem, "locked": [], "weights": weights}


@pytest.mark.parametrize(
    ("form", "part"),
    [
        (Problem, SCHEMA),
        (Weights, SCHEMA["properties"]["weights"]),
        (Group, SCHEMA["$defs"]["group"]),
        (Staff, SCHEMA["$defs"]["staff"]),
        (Option, SCHEMA["$defs"]["option"]),
        (Locked, SCHEMA["properties"]["locked"]["items"]),
    ],
)
def test_the_schema_has_the_fields_of_the_dataclasses(form: Any, part: dict[str, Any]) -> None:
    needed = {field.name for field in fields(form) if field.default is MISSING and field.default_factory is MISSING}
    assert set(part["properties"]) == {field.name for field in fields(form)}
    assert set(part.get("required", ())) == needed


def test_the_schema_has_the_defaults_of_the_dataclasses() -> None:
    stated = {name: part["default"] for name, part in SCHEMA["properties"]["weights"]["properties"].items()}
    assert stated == {field.name: field.default for field in fields(Weights)}
    plain = {name: SCHEMA["properties"][name]["default"] for name in ("max_consecutive_weeks", "fixed_weeks")}
    assert plain == {field.name: field.default for field in fields(Problem) if field.name in plain}

"""Planning a rota: always valid, never better than possible, proven where it says so."""

import importlib
import json
from importlib import resources

from hypothesis import given, settings
from jsonschema import Draft202012Validator

from benchmarks.planning.rota import check
from wayhouse.meetings.rota import Problem, Result, solve
from wayhouse.meetings.rota.tests.tiny import best_price, problems

SCHEMA = json.loads(resources.files("wayhouse.meetings.rota").joinpath("result.schema.json").read_text("utf-8"))
MODULE = importlib.import_module("wayhouse.meetings.rota.solve")
LONG = 300.0


def valid(problem: Problem, result: Result) -> bool:
    """Whether the independent check finds no fault and the same price, and the JSON form is as published."""
    form = result.to_json()
    Draft202012Validator(SCHEMA).validate(form)
    broken, parts = check(problem.to_json(), form)
    assert broken == []
    return sum(parts.values()) == result.objective == form["objective"]


@settings(max_examples=100, deadline=None)
@given(problems())
def test_no_rota_is_better(problem: Problem) -> None:
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (result.objective, result.bound, result.optimal) == (best_price(problem),) * 2 + (True,)


@settings(max_examples=60, deadline=None)
@given(problems(groups=1, staff=3, weeks=6))
def test_no_rota_of_many_weeks_is_better(problem: Problem) -> None:
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (result.objective, result.optimal) == (best_price(problem), True)


@settings(max_examples=60, deadline=None)
@given(problems(announced=True))
def test_no_rota_that_goes_on_is_better(problem: Problem) -> None:
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (result.objective, result.optimal) == (best_price(problem), True)


@settings(max_examples=50, deadline=None)
@given(problems(announced=True))
def test_without_any_time_there_is_a_valid_rota_and_a_true_bound(problem: Problem) -> None:
    result = solve(problem, time_limit=0)
    assert valid(problem, result)
    assert result.bound <= best_price(problem) <= result.objective

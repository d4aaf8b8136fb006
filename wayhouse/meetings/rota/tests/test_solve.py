"""Planning a rota: always valid, never better than possible, proven where it says so."""

import importlib
import json
import threading
from importlib import resources
from itertools import count

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from benchmarks.planning.rota import check, generate
from wayhouse.meetings.rota import Group, Option, Problem, Progress, Result, Staff, solve
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


@settings(max_examples=60, deadline=None)
@given(problems())
def test_no_rota_is_better(problem: Problem) -> None:
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (result.objective, result.bound, result.optimal) == (best_price(problem),) * 2 + (True,)


@settings(max_examples=40, deadline=None)
@given(problems(groups=1, staff=3, weeks=6))
def test_no_rota_of_many_weeks_is_better(problem: Problem) -> None:
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (result.objective, result.bound) == (best_price(problem),) * 2


@settings(max_examples=60, deadline=None)
@given(problems(announced=True))
def test_no_rota_that_goes_on_is_better(problem: Problem) -> None:
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (result.objective, result.bound) == (best_price(problem),) * 2


@settings(max_examples=25, deadline=None)
@given(problems(announced=True, locked=True))
def test_what_is_locked_stays_wherever_a_rule_allows_it(problem: Problem) -> None:
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (result.objective, result.bound) == (best_price(problem),) * 2


@settings(max_examples=40, deadline=None)
@given(problems(announced=True))
def test_without_any_time_there_is_a_valid_rota_and_a_true_bound(problem: Problem) -> None:
    result = solve(problem, time_limit=0)
    assert valid(problem, result)
    assert result.bound <= best_price(problem) <= result.objective


@settings(max_examples=25, deadline=None)
@given(problems())
def test_faces_and_neighbourhoods_break_no_rule(problem: Problem) -> None:
    """What larger problems go through, with little work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MODULE, "SMALL", -1)
        result = solve(problem, time_limit=LONG, work_limit=0.1)
    assert valid(problem, result)
    assert result.bound <= best_price(problem) <= result.objective


def test_a_realistic_problem_is_close_to_its_bound() -> None:
    problem = Problem.from_json(generate(3, weeks=8, seed=1))
    result = solve(problem, time_limit=LONG, work_limit=2)
    assert valid(problem, result)
    assert result.unstaffed == ()
    assert result.gap < 0.1


def test_the_same_seed_and_work_give_the_same_rota() -> None:
    problem = Problem.from_json(generate(3, weeks=8, seed=2))
    first, second = (solve(problem, time_limit=LONG, seed=5, work_limit=0.8) for _ in range(2))
    assert valid(problem, first)
    assert (first.meetings, first.parts, first.unstaffed) == (second.meetings, second.parts, second.unstaffed)


def test_another_seed_proves_the_same_price() -> None:
    problem = Problem.from_json(generate(1, weeks=6, seed=4))
    first, second = (solve(problem, time_limit=LONG, seed=seed) for seed in (1, -(2**40)))
    assert (first.objective, first.optimal) == (second.objective, True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MODULE, "SMALL", -1)
        by_faces = solve(problem, time_limit=LONG, seed=1)
    assert (by_faces.objective, by_faces.optimal) == (first.objective, True)
    assert valid(problem, by_faces)


def test_nothing_to_plan_is_proven() -> None:
    result = solve(Problem(weeks=3, groups=(), staff=()), time_limit=LONG)
    assert (result.meetings, result.objective, result.bound, result.gap) == ((), 0, 0, 0.0)
    assert (result.optimal, result.unstaffed) == (True, ())


def test_nobody_at_all_leaves_every_meeting_without_anybody() -> None:
    result = solve(Problem(weeks=3, groups=(Group("g", "tue", 1, 1, 2),), staff=()), time_limit=LONG)
    assert [(meeting.week, meeting.staff) for meeting in result.meetings] == [(1, ()), (2, ()), (3, ())]
    assert result.parts["uncovered"] == 3 * 2 * 1000
    assert (result.optimal, len(result.unstaffed)) == (True, 3)


def test_limits_that_contradict_each_other_still_give_a_rota() -> None:
    """Nobody may lead anything, and everybody should lead much."""
    options = (Option("g", 0),)
    staff = (Staff("f", "facilitator", 0, 9, 9, 9, options), Staff("m", "mentor", 2, 0, 9, 9, options))
    result = solve(Problem(weeks=4, groups=(Group("g", "tue", 1, 1, 1),), staff=staff), time_limit=LONG)
    assert {meeting.staff for meeting in result.meetings} == {()}
    assert (result.parts["fairness"], result.optimal) == (2 * 8 * 4, True)


@pytest.mark.parametrize(("time_limit", "work_limit"), [(-1.0, 1.0), (float("nan"), 1.0), (1.0, -0.1)])
def test_a_limit_below_zero_is_refused(time_limit: float, work_limit: float) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        solve(Problem(weeks=1, groups=(), staff=()), time_limit=time_limit, work_limit=work_limit)


def test_the_rota_gets_better_and_the_bound_higher_while_it_is_watched() -> None:
    seen: list[Progress] = []
    threads: set[int] = set()

    def watch(progress: Progress) -> None:
        seen.append(progress)
        threads.add(threading.get_ident())

    result = solve(Problem.from_json(generate(3, weeks=8)), time_limit=LONG, work_limit=0.5, on_progress=watch)
    prices, bounds = [step.objective for step in seen], [step.bound for step in seen]
    assert prices == sorted(prices, reverse=True)
    assert bounds == sorted(bounds)
    assert (prices[-1], bounds[-1], seen[-1].unstaffed) == (result.objective, result.bound, len(result.unstaffed))
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("asked", [1, 2, 40, 90])
def test_it_can_be_stopped_at_any_moment(asked: int) -> None:
    problem = Problem.from_json(generate(6))
    calls = count(1)
    result = solve(problem, time_limit=LONG, should_stop=lambda: next(calls) >= asked)
    assert valid(problem, result)
    assert next(calls) < asked + 60


def test_whatever_a_hook_raises_comes_out() -> None:
    def stop() -> bool:
        if next(calls) > 40:
            raise KeyboardInterrupt
        return False

    calls = count(1)
    with pytest.raises(KeyboardInterrupt):
        solve(Problem.from_json(generate(6)), time_limit=LONG, should_stop=stop)

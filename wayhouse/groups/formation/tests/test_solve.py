"""Forming groups: always valid, never better than possible, proven where it says so."""

import importlib
import json
import threading
from importlib import resources
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from benchmarks.planning.formation import check, generate, running
from wayhouse.groups.formation import (
    Cell,
    Group,
    Option,
    Person,
    Pool,
    Previous,
    Problem,
    Progress,
    Result,
    Size,
    Weights,
    solve,
)
from wayhouse.groups.formation.tests.tiny import best_price, problems

SCHEMA = json.loads(resources.files("wayhouse.groups.formation").joinpath("result.schema.json").read_text("utf-8"))
MODULE = importlib.import_module("wayhouse.groups.formation.solve")
BLOCKS = importlib.import_module("wayhouse.groups.formation.blocks")
LONG = 300.0


def crowd(people: int | tuple[Person, ...], **changes: Any) -> Problem:
    """People, by number those who could all come on Tuesday, to groups of six to twelve in two rooms."""
    if isinstance(people, int):
        people = tuple(Person(f"p{number:03}", (Option("tue", 1),)) for number in range(people))
    scene = {"size": Size(6, 9, 12), "pools": (Pool("rooms", 2),), "cells": (Cell("tue", 5, ("rooms",)),)}
    return Problem(**{**scene, "max_groups": 5, "people": people, **changes})


def valid(problem: Problem, result: Result) -> bool:
    """Whether the independent check finds no fault and the same price, and the JSON form is as published."""
    form = result.to_json()
    Draft202012Validator(SCHEMA).validate(form)
    broken, parts = check(problem.to_json(), form)
    assert broken == []
    return sum(parts.values()) == result.objective == form["objective"]


@settings(max_examples=100, deadline=None)
@given(problems())
def test_no_plan_is_better(problem: Problem) -> None:
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (result.objective, result.bound, result.optimal) == (best_price(problem),) * 2 + (True,)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_without_any_time_there_is_a_valid_plan_and_a_true_bound(problem: Problem) -> None:
    result = solve(problem, time_limit=0)
    assert valid(problem, result)
    assert result.bound <= best_price(problem) <= result.objective


@settings(max_examples=50, deadline=None)
@given(problems(people=7, cells=2))
def test_blocks_and_the_whole_lead_to_the_same_price(problem: Problem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BLOCKS, "STALL", 8)
        patch.setattr(MODULE, "LARGE", -1)
        patch.setattr(MODULE, "can_cool", lambda _search: False)
        result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (result.objective, result.optimal) == (best_price(problem), True)


@settings(max_examples=30, deadline=None)
@given(problems(people=7, cells=2))
def test_blocks_alone_break_no_rule(problem: Problem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BLOCKS, "STALL", 8)
        patch.setattr(MODULE, "LARGE", -1)
        patch.setattr(MODULE, "can_cool", lambda _search: False)
        patch.setattr(MODULE, "VARIABLES_A_SECOND", -1)
        result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert result.bound <= best_price(problem) <= result.objective


@pytest.mark.parametrize(("people", "seed"), [(30, 1), (50, 2), (90, 3)])
def test_realistic_problems_are_proven(people: int, seed: int) -> None:
    problem = Problem.from_json(generate(people, seed))
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (result.optimal, result.gap) == (True, 0.0)


def test_a_larger_problem_is_close_to_its_bound_and_the_same_each_time() -> None:
    problem = Problem.from_json(generate(350, 1))
    first, second = (solve(problem, time_limit=LONG, seed=5, work_limit=1.5) for _ in range(2))
    assert valid(problem, first)
    assert first.gap < 0.05
    assert (first.groups, first.bound, first.unplaced) == (second.groups, second.bound, second.unplaced)


def test_another_seed_proves_the_same_price() -> None:
    problem = Problem.from_json(generate(60, 4))
    first, second = (solve(problem, time_limit=LONG, seed=seed) for seed in (1, -(2**40)))
    assert (first.objective, first.optimal) == (second.objective, second.optimal)


def test_newcomers_move_nobody() -> None:
    before = generate(90, 3)
    accepted = solve(Problem.from_json(before), time_limit=LONG).to_json()
    problem = Problem.from_json(running(before, accepted, newcomers=10))
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (result.parts["moved"], result.optimal) == (0, True)


def test_a_running_group_stays_together() -> None:
    """Two groups of one cell, whose people cost the same everywhere: only who sat with whom tells them apart."""
    people = tuple(
        Person(f"p{number:02}", (Option("tue", 1),), None, Previous("tue", f"g{number % 2}") if number < 14 else None)
        for number in range(18)
    )
    result = solve(crowd(people), time_limit=LONG)
    assert (result.parts["moved"], result.optimal) == (0, True)
    assert [(group.continues, len(group.members)) for group in result.groups] == [("g0", 9), ("g1", 9)]
    for group in result.groups:
        kept = {person.id for person in people if person.previous and person.previous.group == group.continues}
        assert kept < set(group.members)


def test_a_closed_cell_moves_its_group_as_a_whole() -> None:
    people = tuple(
        Person(f"p{number}", (Option("tue", 1), Option("thu", 1)), None, Previous("tue", "g")) for number in range(9)
    )
    result = solve(crowd(people, cells=(Cell("tue", 0), Cell("thu", 1))), time_limit=LONG)
    assert [(group.cell, len(group.members), group.continues) for group in result.groups] == [("thu", 9, None)]
    assert (result.parts["moved"], result.optimal) == (9 * 60, True)


def test_many_groups_of_one_cell_are_told_apart_until_proven() -> None:
    """The cell as a whole is mixed; only its groups can show that kept-apart people make some of them one-sided."""
    people = tuple(
        Person(f"p{number:02}", (Option("tue", number % 3),), "young" if number < 14 else "old") for number in range(27)
    )
    apart = tuple((f"p{one:02}", f"p{other:02}") for one in range(5) for other in range(14, 27))
    problem = crowd(people, pools=(Pool("rooms", 3),), keep_apart=apart)
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (len(result.groups), result.optimal, result.parts["mix_excess"] > 0) == (3, True, True)


@pytest.mark.parametrize(
    ("changes", "charged"),
    [
        ({"pools": (Pool("rooms", 0),)}, 20),
        ({"max_groups": 0}, 20),
        ({"cells": (Cell("tue", 0, ("rooms",)),)}, 20),
        ({"size": Size(21, 21, 30)}, 20),
        ({"cells": (Cell("tue", 1, ("rooms",)),), "size": Size(3, 4, 5)}, 15),
        ({"keep_apart": (tuple(f"p{number:03}" for number in range(20)),)}, 20),
    ],
)
def test_what_cannot_be_leaves_people_unplaced(changes: dict[str, Any], charged: int) -> None:
    problem = crowd(20, **changes)
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert (result.parts["unplaced"], len(result.unplaced), result.optimal) == (1000 * charged, charged, True)


@pytest.mark.parametrize(
    "changes",
    [{"people": ()}, {"people": (), "cells": (), "pools": ()}, {"people": (Person("a", ()), Person("b", ()))}],
)
def test_nothing_to_do_costs_nothing(changes: dict[str, Any]) -> None:
    problem = crowd(**changes)
    result = solve(problem, time_limit=LONG)
    assert (result.groups, result.objective, result.bound, result.optimal, result.gap) == ((), 0, 0, True, 0.0)
    assert [person.person for person in result.unplaced] == [person.id for person in problem.people]


def test_the_largest_numbers_are_exact() -> None:
    most = 1_000_000
    people = tuple(Person(f"p{number:03}", (Option("tue", most - number),), "same") for number in range(40))
    problem = crowd(people, max_groups=most, pools=(Pool("rooms", most),), weights=Weights(*[most] * 6))
    result = solve(problem, time_limit=LONG)
    assert valid(problem, result)
    assert result.optimal


def test_a_seat_that_costs_more_than_staying_without_is_not_taken() -> None:
    result = solve(crowd(9, weights=Weights(unplaced=1)), time_limit=LONG)
    assert (result.groups, result.objective, result.optimal) == ((), 9, True)


def test_stopping_at_once_still_gives_a_plan() -> None:
    problem = Problem.from_json(generate(350, 1))
    result = solve(problem, time_limit=LONG, should_stop=lambda: True)
    assert valid(problem, result)
    assert result.seconds < 30


def test_stopping_on_the_way_gives_the_best_so_far() -> None:
    problem = Problem.from_json(generate(350, 1))
    asked = count()
    told: list[Progress] = []
    result = solve(problem, time_limit=LONG, on_progress=told.append, should_stop=lambda: next(asked) > 700)
    assert valid(problem, result)
    assert not result.optimal
    assert (told[-1].objective, told[-1].bound) == (result.objective, result.bound)


def test_progress_only_gets_better_and_is_told_where_it_was_asked_for() -> None:
    problem = Problem.from_json(generate(90, 3))
    told: list[Progress] = []
    threads: set[int] = set()

    def on_progress(progress: Progress) -> None:
        told.append(progress)
        threads.add(threading.get_ident())

    result = solve(problem, time_limit=LONG, on_progress=on_progress)
    assert [step.objective for step in told] == sorted((step.objective for step in told), reverse=True)
    assert [step.bound for step in told] == sorted(step.bound for step in told)
    assert (told[-1].objective, told[-1].bound) == (result.objective, result.bound)
    assert told[-1].unplaced == result.parts["unplaced"] // 1000
    assert threads == {threading.get_ident()}


def test_a_fault_in_a_hook_ends_the_search() -> None:
    def stop() -> bool:
        if threading.active_count() > before:
            raise KeyboardInterrupt
        return False

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        solve(Problem.from_json(generate(90, 3)), time_limit=LONG, should_stop=stop)
    assert threading.active_count() == before


@pytest.mark.parametrize("limits", [{"time_limit": -1}, {"time_limit": float("nan")}, {"work_limit": -0.1}])
def test_a_limit_is_a_number_of_zero_or_more(limits: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        solve(crowd(6), **{"time_limit": 1, **limits})  # type: ignore[arg-type]  # a mapping of floats


def test_a_result_by_hand() -> None:
    result = solve(crowd(6), time_limit=LONG)
    assert result.groups == (Group("tue", ("p000", "p001", "p002", "p003", "p004", "p005")),)
    assert {name: cost for name, cost in result.parts.items() if cost} == {
        "open_group": 40,
        "size_deviation": 6,
        "options": 6,
    }
    assert {**result.to_json(), "seconds": 0} == {
        "groups": [{"cell": "tue", "members": [f"p00{number}" for number in range(6)], "continues": None}],
        "objective": 52, "bound": 52, "gap": 0.0, "optimal": True, "seconds": 0,
        "parts": dict(result.parts), "unplaced": [],
    }  # fmt: skip

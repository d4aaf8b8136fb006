"""Annealing: whatever is tried, no rule is broken and the price is that of the objective."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from benchmarks.planning.formation import generate
from wayhouse.core.chance import new_state
from wayhouse.groups.formation import Cell, Option, Person, Pool, Problem, Size, Weights, solve
from wayhouse.groups.formation.annealing import anneal
from wayhouse.groups.formation.attempt import new_log
from wayhouse.groups.formation.board import board_of, plan_of
from wayhouse.groups.formation.cooling import can_cool, cool
from wayhouse.groups.formation.greedy import greedy
from wayhouse.groups.formation.objective import evaluate, faults
from wayhouse.groups.formation.plan import Plan
from wayhouse.groups.formation.search import Search
from wayhouse.groups.formation.tables import Tables
from wayhouse.groups.formation.tests.tiny import best_price, problems


def price(plan: Plan) -> int:
    return sum(evaluate(plan.tables.problem, plan.groups()).values())


def searching(problem: Problem, work_limit: float, stop: Callable[[], bool] | None = None) -> Search:
    search = Search(Tables.of(problem), time_limit=600, work_limit=work_limit, on_progress=None, should_stop=stop)
    search.offer(greedy(search.tables))
    return search


def afresh(problem: Problem) -> Problem:
    """The problem as if nobody had a group yet."""
    return replace(problem, people=tuple(replace(person, previous=None) for person in problem.people))


@settings(max_examples=150, deadline=None)
@given(problems().map(afresh))
def test_every_change_keeps_the_rules_and_knows_its_price(problem: Problem) -> None:
    tables = Tables.of(problem)
    board = board_of(greedy(tables))
    log, state = new_log(board), new_state(7)
    for heat in (1e4, 20.0, 0.1):
        before = price(plan_of(board, tables))
        rise = anneal(board, state, log, heat, 200)
        after = plan_of(board, tables)
        assert price(after) - before == rise
        assert faults(problem, after.groups()) == []
        assert after.capacity == list(board.left[:-1])
        assert after.groups_left == board.left[-1]


@settings(max_examples=40, deadline=None)
@given(problems().map(afresh))
def test_an_annealed_plan_is_never_better_than_the_best(problem: Problem) -> None:
    search = searching(problem, work_limit=0.05)
    by_hand, best = search.objective, best_price(problem)
    cool(search, 1, 1.0)
    assert best <= search.objective <= by_hand


def test_a_room_is_given_to_those_who_can_go_nowhere_else() -> None:
    """Whoever has it could meet elsewhere, at a price that nobody would pay step by step when it is cold."""
    room, elsewhere = Cell("room", 1, ("room",)), Cell("elsewhere", 1, ())
    other = Cell("other", 1, ("room",))

    def person(name: str, *options: Option) -> Person:
        return Person(name, options, None, None)

    there = [person(name, Option("room", 0, None), Option("elsewhere", 200, None)) for name in "abcd"]
    waiting = [person(name, Option("other", 0, None)) for name in "wxyz"]
    problem = Problem(
        size=Size(4, 4, 4),
        pools=(Pool("room", 1),),
        max_groups=3,
        cells=(room, elsewhere, other),
        people=(*there, *waiting),
        weights=Weights(unplaced=1000, open_group=40),
    )
    plan = Plan(Tables.of(problem))
    circle = plan.open(0)
    for member in range(4):
        plan.sit(member, circle)
    board = board_of(plan)
    anneal(board, new_state(1), new_log(board), 1.0, 20_000)
    assert plan_of(board, plan.tables).unplaced_count() == 0


def test_a_town_is_annealed_the_same_way_each_time_far_below_by_hand() -> None:
    found = []
    for _ in range(2):
        search = searching(Problem.from_json(generate(120)), work_limit=0.5)
        by_hand = search.objective
        cool(search, 3, 1.0)
        found.append(search.best.groups())
        assert search.objective < 0.8 * by_hand
        assert search.work_left == pytest.approx(0, abs=0.02)
    assert found[0] == found[1]


def test_cooling_can_be_stopped() -> None:
    search = searching(Problem.from_json(generate(60)), math.inf, stop=lambda: True)
    before = search.objective
    cool(search, 1, 1.0)
    assert search.objective == before


def test_nobody_who_has_a_group_already_is_moved_by_chance() -> None:
    problem = Problem.from_json(generate(60))
    placed = solve(problem, time_limit=60, work_limit=1).groups
    previous = {member: group for group in placed for member in group.members}
    assert can_cool(searching(problem, 1))
    member = next(iter(previous))
    raw = problem.to_json()
    for person in raw["people"]:  # type: ignore[attr-defined]  # a list of mappings
        if person["id"] == member:
            person["previous"] = {"cell": previous[member].cell, "group": "g1"}
    assert not can_cool(searching(Problem.from_json(raw), 1))


def test_groups_too_large_for_annealing_are_left_to_blocks() -> None:
    problem = Problem.from_json(generate(60))
    large = replace(problem, size=replace(problem.size, max=101))
    assert not can_cool(searching(large, 1))
    assert can_cool(searching(replace(problem, weights=Weights(open_group=0)), 1))

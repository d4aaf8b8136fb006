"""Annealing: whatever is tried, no rule is broken and the price is that of the objective."""

import math

import numpy as np
import pytest
from hypothesis import given, settings

from benchmarks.planning.rota import generate
from wayhouse.core import compiled
from wayhouse.meetings.rota import Group, Meeting, Option, Problem, Staff, Weights
from wayhouse.meetings.rota.annealing import _cover, _take_back, _uncovered, anneal, new_log
from wayhouse.meetings.rota.board import board_of, staffing_of
from wayhouse.meetings.rota.bounder import Bounder
from wayhouse.meetings.rota.cooling import Cooling
from wayhouse.meetings.rota.greedy import greedy
from wayhouse.meetings.rota.objective import evaluate, faults
from wayhouse.meetings.rota.search import Search
from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Tables
from wayhouse.meetings.rota.tests.tiny import problems


def price(problem: Problem, staffing: Staffing) -> int:
    return sum(evaluate(problem, staffing.meetings()).values())


def searching(problem: Problem, work_limit: float) -> Search:
    return Search(Tables.of(problem), time_limit=600, work_limit=work_limit, on_progress=None, should_stop=None)


@settings(max_examples=60, deadline=None)
@given(problems(announced=True))
def test_every_change_keeps_the_rules_and_knows_its_price(problem: Problem) -> None:
    tables = Tables.of(problem)
    board, log, state = board_of(greedy(tables)), new_log(), np.array([7], np.int64)
    for heat in (1e3, 20.0, 0.1):
        before = price(problem, staffing_of(board, tables))
        rise = anneal(board, state, log, heat, heat, 200)
        after = staffing_of(board, tables)
        assert price(problem, after) - before == rise
        assert faults(problem, after.meetings()) == []


def test_who_could_cover_a_meeting_is_taken_from_another_that_has_somebody_else() -> None:
    """Also in another week: one proposal finds both, at a price that nobody would pay step by step when it is cold."""

    def leads(name: str, at_most: int, *options: Option, away: tuple[int, ...] = ()) -> Staff:
        return Staff(name, "facilitator", 1, at_most, 9, 1, options, away)

    problem = Problem(
        weeks=4,
        groups=(Group("a", "mon", 1, 1, 0), Group("b", "tue", 1, 1, 0)),
        staff=(
            leads("only", 1, Option("a", 0), Option("b", 0)),
            leads("dear", 4, Option("b", 300)),
            leads("later", 4, Option("a", 0), away=(1,)),
        ),
        weights=Weights(uncovered=1000, second_mentor=0, no_familiar_face=0, new_face=0, fairness=0),
    )
    tables = Tables.of(problem)
    others = [
        *(Meeting("a", week, ("later",)) for week in (2, 3, 4)),
        *(Meeting("b", week, ("dear",)) for week in (1, 3, 4)),
    ]
    before = [*others, Meeting("b", 2, ("only",))]
    board = board_of(Staffing.of(tables, before))
    ((week, post),), log, state = _uncovered(board), new_log(), np.array([7], np.int64)
    for _attempt in range(200):
        log[0, 0] = 0
        if (rise := _cover(board, state, log, week, post)) < 0:
            break
        _take_back(board, log)
    assert rise == 300 - 1000
    after = staffing_of(board, tables).meetings()
    assert set(after) == {*others, Meeting("a", 1, ("only",)), Meeting("b", 2, ("dear",))}


def test_cooling_finds_a_better_rota_and_the_same_one_for_the_same_seed() -> None:
    problem = Problem.from_json(generate(2, weeks=6))
    found = []
    for _ in range(2):
        search = searching(problem, work_limit=0.02)
        by_hand = greedy(search.tables)
        cooling = Cooling(search, by_hand, seed=3)
        cooling._steps = 1_000
        with Bounder(search) as bounder:
            bounder.begin()
            cooling.quick(0.2)
            cooling.guided(bounder.guide(60), 1.0)
        found.append(search.meetings)
        assert search.objective < price(problem, by_hand)
        assert search.work_left <= 0
    assert found[0] == found[1]


def test_cooling_can_be_stopped() -> None:
    problem = Problem.from_json(generate(2, weeks=6))
    search = Search(Tables.of(problem), time_limit=600, work_limit=math.inf, on_progress=None, should_stop=lambda: True)
    Cooling(search, greedy(search.tables), seed=3).quick(1.0)
    assert faults(problem, search.meetings) == []


def test_without_a_compiler_functions_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "can_compile", lambda: False)
    assert compiled.compiled(price) is price

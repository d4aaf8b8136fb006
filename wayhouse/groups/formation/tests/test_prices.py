"""Prices: no plan is below their bound, and they raise it."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings

from benchmarks.planning.formation import generate
from wayhouse.groups.formation import Problem
from wayhouse.groups.formation.greedy import greedy
from wayhouse.groups.formation.objective import faults
from wayhouse.groups.formation.prices import Prices, Pricing, raise_by_prices
from wayhouse.groups.formation.search import Search
from wayhouse.groups.formation.tables import Tables
from wayhouse.groups.formation.tests.tiny import best_price, problems


def searching(problem: Problem, work_limit: float = 60) -> Search:
    search = Search(
        Tables.of(problem), time_limit=60, work_limit=work_limit, on_progress=None, should_stop=lambda: False
    )
    search.offer(greedy(search.tables))
    return search


@settings(max_examples=80, deadline=None)
@given(problems())
def test_no_plan_is_below_the_bound_of_any_prices(problem: Problem) -> None:
    best, search = best_price(problem), searching(problem, work_limit=1e-4)
    prices = Prices(search.tables)
    for length in (1.0, 10.0, 3.0, 20.0, 1.0) if len(prices.cell) else ():
        judged = prices.judge()
        assert judged.bound + search.tables.nowhere_cost <= best + 1e-6
        prices.values += length * prices.wants(judged)
    raise_by_prices(search, 1.0)
    assert search.bound <= best <= search.objective
    assert faults(problem, search.best.groups()) == []


def test_prices_raise_the_bound_the_same_way_each_time() -> None:
    first, second = (searching(Problem.from_json(generate(300)), work_limit=0.02) for _ in range(2))
    simple = first.bound
    for search in (first, second):
        raise_by_prices(search, 1.0)
    assert simple * 1.02 < first.bound < first.objective
    assert (first.bound, first.objective) == (second.bound, second.objective)


def test_too_many_groups_in_one_cell_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wayhouse.groups.formation.prices.MOST_TRIALS", 10)
    search = searching(Problem.from_json(generate(60)))
    before = search.bound
    raise_by_prices(search, 1.0)
    assert search.bound == before


def test_a_limit_of_groups_in_all_has_its_price() -> None:
    problem = replace(Problem.from_json(generate(120)), max_groups=4)
    search, prices = searching(problem), Prices(Tables.of(problem))
    simple = search.bound
    raise_by_prices(search, 1.0)
    assert search.bound > 1.5 * simple
    prices.values += prices.wants(prices.judge())
    assert prices.more_groups > 0


def test_prices_raise_the_bound_beside_a_search() -> None:
    search = searching(Problem.from_json(generate(120)), work_limit=math.inf)
    simple = search.bound
    with Pricing(search, 1.0) as pricing:
        while search.bound == simple:
            assert not search.over()
    assert search.look is None
    assert pricing.ended
    assert simple < search.bound <= search.objective

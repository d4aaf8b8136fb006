"""Prices: no plan is below their bound, and they raise it."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings

from benchmarks.planning.formation import generate
from wayhouse.groups.formation import Cell, Option, Person, Pool, Problem, Size, Weights, solve
from wayhouse.groups.formation.branches import Branches
from wayhouse.groups.formation.climb import Climb
from wayhouse.groups.formation.greedy import greedy
from wayhouse.groups.formation.objective import faults
from wayhouse.groups.formation.prices import Prices
from wayhouse.groups.formation.pricing import Pricing, raise_by_prices
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
    monkeypatch.setattr("wayhouse.groups.formation.pricing.MOST_TRIALS", 10)
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


def test_where_a_town_lacks_rooms_their_prices_rise_soon() -> None:
    """Eight people of twenty have no seat in their one room, beside a town with seats for all."""
    town = [Person(f"t{number}", (Option("hall", 40, None),), None, None) for number in range(450)]
    small = [Cell(f"small-{number}", 1, ("room",)) for number in range(2)]
    there = [tuple(Option(cell.id, number % 7, None) for cell in small) for number in range(20)]
    village = [Person(f"v{number}", options, None, None) for number, options in enumerate(there)]
    problem = Problem(
        size=Size(6, 9, 12),
        pools=(Pool("room", 1),),
        max_groups=80,
        cells=(Cell("hall", 60, ()), *small),
        people=(*town, *village),
        weights=Weights(unplaced=1000, open_group=40, size_deviation=2),
    )
    climb, best = Climb(Prices(Tables.of(problem))), solve(problem, time_limit=60, work_limit=5).bound
    for _round in range(50):
        climb.step(2 * best)
    assert 0.95 * best < climb.best <= best


def torn(weights: Weights) -> Problem:
    """Two rooms, three people: one group suits `a`, two each `b` and `c`; one of the three has to stay out."""
    options = {"a": ("south-fr",), "b": ("south-en", "north-fr"), "c": ("south-en", "north-en")}
    return Problem(
        size=Size(1, 1, 4),
        pools=(Pool("south", 1), Pool("north", 1)),
        max_groups=4,
        cells=tuple(Cell(f"{room}-{tongue}", 1, (room,)) for room in ("south", "north") for tongue in ("en", "fr")),
        people=tuple(
            Person(name, tuple(Option(cell, 0, None) for cell in cells), None, None) for name, cells in options.items()
        ),
        weights=weights,
    )


def test_two_who_need_the_same_room_do_not_get_half_of_it_each() -> None:
    tables = Tables.of(torn(Weights(unplaced=1000, open_group=40, size_deviation=0)))
    climb, branches = Climb(Prices(tables)), Branches(Prices(tables))
    best = best_price(tables.problem)
    while not climb.ended:
        climb.step(best)
    for _round in range(6000):
        branches.step(best)
    # One group, and `a` stays out. With half of each room for either group only half of `a` does.
    assert best == 1040
    assert climb.best == pytest.approx(580, abs=5)
    assert branches.best == pytest.approx(1040, abs=5)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_no_plan_is_below_the_bound_of_all_branches(problem: Problem) -> None:
    tables = Tables.of(problem)
    prices = Prices(tables)
    if not len(prices.cell):
        return
    branches, best = Branches(prices), best_price(problem)
    for _round in range(1500):
        if branches.ended:
            break
        branches.step(best - tables.nowhere_cost)
    assert branches.best + tables.nowhere_cost <= best + 1e-6

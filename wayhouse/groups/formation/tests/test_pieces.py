"""What the search is made of: the price of a draft, splitting a cell, the greedy start, bins."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.planning.formation import generate
from wayhouse.groups.formation import Cell, Option, Person, Previous, Problem, Size
from wayhouse.groups.formation.draft import Bin, Filled, coarse_bins, finer_bins, price, price_of
from wayhouse.groups.formation.greedy import greedy
from wayhouse.groups.formation.objective import evaluate, faults
from wayhouse.groups.formation.plan import Plan
from wayhouse.groups.formation.search import simple_bound
from wayhouse.groups.formation.split import split
from wayhouse.groups.formation.tables import Tables
from wayhouse.groups.formation.tests.tiny import best_price, problems


def tuesday(people: tuple[Person, ...], least: int = 2, most: int = 4) -> Tables:
    return Tables.of(Problem(Size(least, 3, most), (), 9, (Cell("tue", 9),), people))


def chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311  a search repeats itself on purpose


@settings(deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_a_cell_as_a_whole_never_costs_more_than_its_groups(problem: Problem, rng: Random) -> None:
    tables = Tables.of(problem)
    for cell, people in enumerate(tables.people_of):
        groups: list[list[int]] = [[], []]
        for person in people:
            rng.choice(groups).append(person)
        kept = [group for group, home in enumerate(tables.previous_cell) if home == cell][:2] or [-1]
        apart = sum(
            price(tables, cell, members, (continues,))
            for members, continues in zip(groups, [*kept, -1][:2], strict=True)
        )
        assert price(tables, cell, people, kept, 2) <= apart


@settings(deadline=None)
@given(problems())
def test_the_greedy_start_is_valid_and_prices_agree(problem: Problem) -> None:
    tables = Tables.of(problem)
    plan = greedy(tables)
    groups = plan.groups()
    assert faults(problem, groups) == []
    unplaced = problem.weights.unplaced * plan.unplaced_count()
    seats = sum(price(tables, circle.cell, circle.members, (circle.continues,)) for circle in plan.circles)
    assert unplaced + seats == sum(evaluate(problem, groups).values())


@settings(deadline=None)
@given(problems())
def test_the_simple_bound_is_one(problem: Problem) -> None:
    assert simple_bound(Tables.of(problem)) <= best_price(problem)


@settings(deadline=None)
@given(problems())
def test_the_added_cost_of_a_seat_is_the_difference_of_prices(problem: Problem) -> None:
    tables = Tables.of(problem)
    for circle in (plan := greedy(tables)).circles:
        before = price(tables, circle.cell, circle.members, (circle.continues,))
        for person in [*circle.members]:
            plan.leave(person)
            without = price(tables, circle.cell, circle.members, (circle.continues,))
            assert plan.added_cost(person, circle) == before - without
            plan.sit(person, circle)


@pytest.mark.parametrize("seed", range(5))
def test_a_mixed_cell_is_split_into_mixed_groups(seed: int) -> None:
    tables = tuesday(tuple(Person(f"p{n:02}", (Option("tue", 0),), "a" if n < 6 else "b") for n in range(12)))
    filled = Filled(Bin(0, 9), 4, tuple(range(12)), ())
    parts = split(tables, filled, chance(seed))
    assert price_of(tables, filled) == 4 * 40
    assert sum(price(tables, 0, part.members, ()) for part in parts) == 4 * (40 + 2)  # even numbers mix, threes do not
    assert sorted(len(part.members) for part in parts) == [2, 2, 4, 4]


def test_people_of_a_previous_group_are_not_split() -> None:
    home = [Previous("tue", "g1"), Previous("tue", "g2")]
    tables = tuesday(tuple(Person(f"p{n}", (Option("tue", 0),), None, home[n % 2]) for n in range(6)))
    parts = split(tables, Filled(Bin(0, 9), 2, tuple(range(6)), (0, 1)), chance(0))
    assert [(part.continues, sorted(part.members)) for part in parts] == [(0, [0, 2, 4]), (1, [1, 3, 5])]


def test_kept_apart_people_are_spread_and_whoever_fits_nowhere_is_left_out() -> None:
    people = tuple(Person(f"p{n}", (Option("tue", 0),)) for n in range(6))
    problem = Problem(
        Size(2, 3, 4), (), 9, (Cell("tue", 9),), people, keep_apart=(("p0", "p1"), ("p0", "p2"), ("p1", "p2"))
    )
    tables = Tables.of(problem)
    parts = split(tables, Filled(Bin(0, 9), 2, tuple(range(6)), ()), chance(0))
    assert len([person for part in parts for person in part.members]) == 5
    for part in parts:
        assert [pair for pair in combinations(part.members, 2) if set(pair) <= {0, 1, 2}] == []


def test_a_greedy_start_keeps_running_groups() -> None:
    raw = generate(60, 2)
    first = greedy(Tables.of(Problem.from_json(raw))).groups()
    home = {member: Previous(group.cell, str(n)) for n, group in enumerate(first) for member in group.members}
    problem = Problem.from_json(raw)
    again = replace(problem, people=tuple(replace(one, previous=home.get(one.id)) for one in problem.people))
    groups = greedy(Tables.of(again)).groups()
    assert first != ()
    assert {(group.cell, group.members) for group in groups} == {(group.cell, group.members) for group in first}
    assert evaluate(again, groups)["moved"] == 0


def test_stopping_the_greedy_start_leaves_a_valid_plan() -> None:
    problem = Problem.from_json(generate(60, 2))
    asked = iter(range(100))
    groups = greedy(Tables.of(problem), lambda: next(asked) > 30).groups()
    assert groups != ()
    assert faults(problem, groups) == []


def test_bins_are_cut_where_a_draft_was_too_good() -> None:
    tables = tuesday(tuple(Person(f"p{n:02}", (Option("tue", 0),)) for n in range(10)))
    bins = coarse_bins(tables)
    assert bins == [Bin(0, 5)]
    finer = finer_bins(bins, [Filled(Bin(0, 5), 2, (1, 2, 3, 4), ())])
    assert finer == [Bin(0, 1), Bin(0, 1), Bin(0, 3)]
    assert finer_bins(finer, [Filled(Bin(0, 3), 3, (1, 2, 3, 4, 5, 6), ())]) == [Bin(0, 1)] * 5
    assert finer_bins(finer, []) == finer


def test_closing_a_circle_gives_everything_back() -> None:
    problem = Problem.from_json(generate(60, 2))
    tables = Tables.of(problem)
    plan = greedy(tables)
    for circle in [*plan.circles]:
        plan.close(circle)
    empty = Plan(tables)
    assert (plan.capacity, plan.groups_left, plan.seat) == (empty.capacity, empty.groups_left, empty.seat)
    assert (plan.circles, plan.circles_of) == ([], empty.circles_of)

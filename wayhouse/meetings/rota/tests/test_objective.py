"""The price of a rota and its faults, against the independent check."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.planning.rota import check
from wayhouse.meetings.rota import Group, Meeting, Option, Problem
from wayhouse.meetings.rota.objective import evaluate, faults
from wayhouse.meetings.rota.tests.tiny import problems
from wayhouse.meetings.rota.tests.town import ALSO_TUESDAY, person, rota, town

GROUPS = (Group("g", "tue", 2, 1, 2), ALSO_TUESDAY)


@settings(max_examples=200, deadline=None)
@given(problems(announced=True), st.integers(0, 2**32))
def test_any_rota_is_judged_as_by_the_independent_check(problem: Problem, seed: int) -> None:
    """Also rotas that break rules."""
    rng = random.Random(seed)  # noqa: S311  any rota
    names = [person.id for person in problem.staff]
    meetings = [
        Meeting(group.id, week, tuple(rng.sample(names, rng.randint(0, min(2, len(names))))))
        for group in problem.groups
        for week in range(1, problem.weeks + 1)
    ]
    form = {"meetings": [{"group": m.group, "week": m.week, "staff": list(m.staff)} for m in meetings]}
    broken, parts = check(problem.to_json(), form)
    assert bool(faults(problem, meetings)) == bool(broken)
    assert {name: price for name, price in evaluate(problem, meetings).items() if price} == {
        name: price for name, price in parts.items() if price
    }


def test_each_part_has_its_price() -> None:
    options = (Option("g", 2), Option("h", 5))
    people = (person("f1", options=options), person("m1", options=options, target=4))
    problem = town(*people, groups=GROUPS, weeks=3, running={"g": (("m1",), None, ("m1", "f1"))})
    assert evaluate(problem, rota({"g1": "f1 m1", "g2": "f1", "g3": "m1"})) == {
        "uncovered": 1000 * (1 + 1 + 3 * 2),
        "second_mentor": 20 * 6,
        "no_familiar_face": 200 * 3,
        "new_face": 6 * 2,
        "fairness": 4 * 1,
        "options": 2 * 4,
        "changed": 30 * (1 + 0 + 1),
    }


@pytest.mark.parametrize(
    ("led", "words"),
    [
        ({"g1": "f1 f2"}, "g week 1: roles"),
        ({"g1": "m1 m2 m3"}, "g week 1: roles"),
        ({"g1": "m1 m1"}, "g week 1: somebody twice"),
        ({"h1": "m3"}, "h week 1: m3 may not serve"),
        ({"g2": "m2"}, "g week 2: m2 is away"),
        ({"g1": "m1 m2"}, "g week 1: kept apart"),
        ({"g1": "f1", "h1": "f1"}, "f1: twice in one slot, week 1"),
        ({"k1": "f2"}, "f2: meetings in week 1"),
        ({"g1": "m1", "g3": "m1", "g4": "m1"}, "m1: meetings in four weeks from 1"),
        ({"h1": "f1", "h3": "f1", "h4": "f1"}, "f1: intensity in four weeks from 1"),
        ({"k3": "m2", "g4": "m2", "g5": "m2"}, "m2: no rest from week 3"),
        ({"g9": "m1"}, "g week 9: no such meeting"),
        ({"x1": "m1"}, "x week 1: no such meeting"),
    ],
)
def test_each_rule_has_its_fault(led: dict[str, str], words: str) -> None:
    problem = town(
        person("f1", "gh", intensity_per_4_weeks=8),
        person("f2", "ghk", max_per_week=0),
        person("m1", "gh", max_per_4_weeks=2),
        person("m2", "ghk", away=(2,)),
        person("m3"),
        weeks=6,
        max_consecutive_weeks=2,
        groups=(*GROUPS, Group("k", "thu", 0, 1, 1)),
        keep_apart=(("m2", "m1"),),
    )
    assert words in faults(problem, rota(led))
    assert faults(problem, rota({"g1": "f1 m1", "k3": "m2", "g4": "m2"})) == []


def test_a_meeting_is_listed_once() -> None:
    assert faults(town(person("m1")), rota({"g1": "m1"}) * 2) == ["g week 1: listed twice"]


def test_what_has_passed_is_not_judged_but_counts() -> None:
    """Somebody led more than allowed in weeks 1 and 2; that alone is no fault, one more meeting would be."""
    tired = person("f1", max_per_4_weeks=1, away=(1,))
    problem = town(tired, weeks=4, running={"g": (("f1",), ("f1",))}, fixed_weeks=2)
    assert faults(problem, rota({"g1": "f1", "g2": "f1"})) == []
    assert faults(problem, rota({"g1": "f1", "g2": "f1", "g3": "f1"})) == ["f1: meetings in four weeks from 1"]
    assert faults(problem, rota({"g1": "f1"})) == ["g week 2: has passed"]


def test_a_cycle_shorter_than_four_weeks_has_no_limit_of_four_weeks() -> None:
    problem = town(person("f1", max_per_4_weeks=1, intensity_per_4_weeks=0), weeks=3)
    assert faults(problem, rota({"g1": "f1", "g3": "f1"})) == []

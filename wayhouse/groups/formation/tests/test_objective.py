"""The price of a plan and its faults, against figures worked out by hand and against an independent check."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.planning.formation import check
from wayhouse.groups.formation import Cell, Group, Option, Person, Pool, Previous, Problem, Size, Weights
from wayhouse.groups.formation.objective import evaluate, faults
from wayhouse.groups.formation.tests.tiny import problems

TUESDAY, THURSDAY = Option("tue", 3), Option("thu", 5, "ears")
BEFORE = Previous("tue", "g1")
PROBLEM = Problem(
    size=Size(2, 3, 4),
    pools=(Pool("room", 1), Pool("ears", 2)),
    max_groups=2,
    cells=(Cell("tue", 2, ("room",)), Cell("thu", 1)),
    people=(
        Person("a", (TUESDAY,), "young", BEFORE),
        Person("b", (TUESDAY,), "young"),
        Person("c", (TUESDAY, THURSDAY), "young"),
        Person("d", (TUESDAY, THURSDAY), "old"),
        Person("e", (THURSDAY,), None, BEFORE),
        Person("f", (THURSDAY,)),
        Person("g", ()),
    ),
    keep_apart=(("a", "d"), ("e", "f")),
    interpreter_ratio=2,
    weights=Weights(unplaced=1000, open_group=40, size_deviation=2, mix_excess=4, interpreter=15, moved=60),
)


def test_the_parts_of_a_plan() -> None:
    groups = (Group("tue", ("a", "b"), "g1"), Group("thu", ("c", "d", "e")))
    assert evaluate(PROBLEM, groups) == {
        "unplaced": 1000,  # f; nobody could place g
        "open_group": 80,
        "size_deviation": 2,  # one less than three on Tuesday
        "options": 2 * 3 + 3 * 5,
        "mix_excess": 8,  # two young ones of two: 2 x 2 - 2; nobody has more than half on Thursday
        "interpreter": 30,  # three people, two for each interpreter
        "moved": 60,  # e; a stays
    }
    assert faults(PROBLEM, groups) == []


@pytest.mark.parametrize(
    ("groups", "fault"),
    [
        ((Group("tue", ("a",)),), "group 0: 1 members"),
        ((Group("tue", ("a", "b", "c", "d", "e")),), "group 0: 5 members"),
        ((Group("tue", ("a", "b")), Group("thu", ("c", "d", "c"))), "c: placed twice"),
        ((Group("tue", ("b", "e")),), "group 0: e cannot attend"),
        ((Group("tue", ("a", "d")),), "group 0: kept apart"),
        ((Group("tue", ("a", "b")), Group("tue", ("c", "d"))), "pool room: 2 taken"),
        ((Group("thu", ("c", "d")), Group("thu", ("e", "f"))), "cell thu: 2 groups"),
        ((Group("tue", ("a", "b")), Group("thu", ("c", "d")), Group("thu", ("e", "f"))), "3 groups in all"),
        ((Group("tue", ("a", "b"), "g1"), Group("tue", ("c", "d"), "g1")), "g1: continued twice"),
        ((Group("thu", ("c", "d"), "g1"),), "group 0: continues a group of another cell"),
    ],
)
def test_every_hard_rule_is_seen(groups: tuple[Group, ...], fault: str) -> None:
    assert fault in faults(PROBLEM, groups)


def test_interpreters_come_out_of_their_pool() -> None:
    problem = replace(PROBLEM, pools=(Pool("room", 1), Pool("ears", 1)))
    assert faults(problem, (Group("thu", ("c", "d", "e")),)) == ["pool ears: 2 taken"]
    assert faults(problem, (Group("thu", ("c", "d")),)) == []


@given(problems(), st.randoms(use_true_random=False))
def test_the_independent_check_agrees(problem: Problem, rng: Random) -> None:
    """On any groups whatever, broken or not, of people who can attend them."""
    groups = []
    for cell in problem.cells:
        able = [person.id for person in problem.people if any(option.cell == cell.id for option in person.options)]
        for _ in range(rng.randrange(3)):
            members = tuple(person for person in able if rng.random() < 0.4)
            kept = [person.previous.group for person in problem.people if person.previous]
            groups.append(Group(cell.id, members, rng.choice([None, *kept])))
    form = [{"cell": group.cell, "members": list(group.members), "continues": group.continues} for group in groups]
    broken, parts = check(problem.to_json(), {"groups": form})
    assert evaluate(problem, groups) == {**dict.fromkeys(evaluate(problem, ()), 0), **parts}
    assert bool(faults(problem, groups)) == bool(broken)

"""Reasons that a coordinator can act on, and that never reveal who must not meet."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from benchmarks.planning.formation import generate
from wayhouse.groups.formation import Cell, Group, Option, Person, Pool, Problem, Reason, Size, solve
from wayhouse.groups.formation.explain import MOST_REASONS, TEXTS, explain
from wayhouse.groups.formation.tests.tiny import problems


def scene(*people: Person, **changes: Any) -> Problem:
    """Groups of two or three on Tuesdays and Thursdays; two interpreters' ears on Tuesdays."""
    problem = Problem(
        size=Size(2, 3, 3),
        pools=(Pool("room", 1), Pool("ears", 1)),
        max_groups=3,
        cells=(Cell("tue", 2, ("room",)), Cell("thu", 1)),
        people=people,
        interpreter_ratio=2,
    )
    return replace(problem, **changes)


def people(*names: str, cell: str = "tue", interpreter: str | None = None) -> tuple[Person, ...]:
    return tuple(Person(name, (Option(cell, 1, interpreter),)) for name in names)


def reasons(problem: Problem, groups: tuple[Group, ...], person: str) -> list[tuple[str, dict[str, str | int]]]:
    found = next(one for one in explain(problem, groups) if one.person == person)
    return [(reason.code, dict(reason.params)) for reason in found.reasons]


def test_nothing_on_offer() -> None:
    assert reasons(scene(Person("a", ())), (), "a") == [("no_option", {})]


def test_too_few_people() -> None:
    found = reasons(scene(*people("a")), (), "a")
    assert found == [("no_suitable_group", {}), ("too_few_people", {"cell": "tue", "people": 1, "least": 2})]


def test_full_groups_and_nobody_for_another() -> None:
    problem = scene(*people("a", "b", "c", "d"))
    assert reasons(problem, (Group("tue", ("a", "b", "c")),), "d") == [
        ("no_suitable_group", {}),
        ("groups_full", {"cell": "tue", "most": 3}),
        ("too_few_people", {"cell": "tue", "people": 1, "least": 2}),
    ]


def test_no_room_for_another_group() -> None:
    problem = scene(*people("a", "b", "c", "d", "e"))
    assert reasons(problem, (Group("tue", ("a", "b", "c")),), "d") == [
        ("no_suitable_group", {}),
        ("groups_full", {"cell": "tue", "most": 3}),
        ("pool_used_up", {"pool": "room", "cell": "tue", "people": 2}),
    ]


def test_no_more_groups_in_this_cell() -> None:
    problem = scene(*people("a", "b", "c", "d", "e", cell="thu"))
    assert reasons(problem, (Group("thu", ("a", "b", "c")),), "d") == [
        ("no_suitable_group", {}),
        ("groups_full", {"cell": "thu", "most": 3}),
        ("cell_has_all_groups", {"cell": "thu", "most": 1, "people": 2}),
    ]


def test_no_more_groups_in_all() -> None:
    found = reasons(scene(*people("a", "b"), max_groups=0), (), "a")
    assert found == [("no_suitable_group", {}), ("all_groups_open", {"most": 0, "cell": "tue", "people": 2})]


def test_every_interpreter_is_taken() -> None:
    listeners = people("a", "b", "x", "y", interpreter="ears")
    problem = scene(*listeners, *people("c", cell="thu"))
    assert reasons(problem, (Group("tue", ("a", "b")),), "x") == [
        ("no_suitable_group", {}),
        ("no_interpreter_left", {"pool": "ears", "people": 2}),
        ("pool_used_up", {"pool": "room", "cell": "tue", "people": 2}),
    ]


def test_an_interpreter_with_a_free_ear_is_no_shortage() -> None:
    problem = scene(*people("a", "x", interpreter="ears"), *people("b"))
    assert reasons(problem, (Group("tue", ("a", "b")),), "x") == [
        ("no_suitable_group", {}),
        ("too_few_people", {"cell": "tue", "people": 1, "least": 2}),
    ]


def test_someone_kept_apart_hears_what_everyone_hears() -> None:
    """A seat is free, and an old enemy sits there: the words are those of a cell where nobody sits at all."""
    general, too_few = "No suitable group at these times.", "Too few people to open a group at {}: 1 waiting, 2 needed."
    groups = (Group("tue", ("a", "b")),)
    for apart in ((), (("a", "x"),), (("a", "x"), ("b", "x"))):
        problem = scene(*people("a", "b", "x"), *people("y", cell="thu"), keep_apart=apart)
        words = {one.person: [reason.text for reason in one.reasons] for one in explain(problem, groups)}
        assert words == {"x": [general, too_few.format("tue")], "y": [general, too_few.format("thu")]}


@settings(max_examples=100, deadline=None)
@given(problems())
def test_keep_apart_never_changes_a_word(problem: Problem) -> None:
    result = solve(problem, time_limit=60)
    assert explain(replace(problem, keep_apart=()), result.groups) == result.unplaced


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_is_named_in_the_reasons_of_another(seed: int) -> None:
    problem = Problem.from_json(generate(60, seed))
    named = [replace(person, id=f"secret-{person.id}") for person in problem.people]
    apart = tuple(tuple(f"secret-{person}" for person in one) for one in problem.keep_apart)
    result = solve(replace(problem, people=tuple(named), keep_apart=apart), time_limit=60)
    said = [reason for one in result.unplaced for reason in one.reasons]
    assert said != []
    assert [reason for reason in said if "secret-" in reason.text or "secret-" in str(reason.params)] == []


@settings(max_examples=100, deadline=None)
@given(problems())
def test_everyone_without_a_group_gets_reasons_in_the_same_form(problem: Problem) -> None:
    result = solve(problem, time_limit=60)
    placed = {member for group in result.groups for member in group.members}
    assert [one.person for one in result.unplaced] == [one.id for one in problem.people if one.id not in placed]
    able = {person.id: bool(person.options) for person in problem.people}
    for one in result.unplaced:
        first, *others = one.reasons
        assert first == Reason(first.code, {}, TEXTS[first.code])
        assert first.code == ("no_suitable_group" if able[one.person] else "no_option")
        assert len(one.reasons) <= MOST_REASONS
        assert {reason.code for reason in others}.isdisjoint({"no_option", "no_suitable_group"})

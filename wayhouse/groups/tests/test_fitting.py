"""Hard rules for plans that people change, and seats that no plan takes away."""

from dataclasses import replace

from wayhouse.groups.fitting import allows, broken_rules, is_open, keep_seated, without_chairs
from wayhouse.groups.formation import Cell, Option, Person, Pool, Previous, Problem, Size
from wayhouse.groups.formation import Group as Circle

HOME = "home"


def seated(name: str) -> Person:
    return Person(name, (Option(HOME, 0),), previous=Previous(HOME, HOME))


def guest(name: str, interpreter: str | None = None) -> Person:
    return Person(name, (Option(HOME, 3, interpreter), Option("new", 3, interpreter)))


PROBLEM = Problem(
    size=Size(3, 3, 4),
    pools=(Pool("ears", 1),),
    max_groups=9,
    cells=(Cell(HOME, 1), Cell("new", 1)),
    people=(seated("s1"), seated("s2"), seated("chair:0:home"), *(guest(name) for name in "abcd"), guest("x", "ears")),
    interpreter_ratio=1,
)


def test_a_plan_that_keeps_everybody_stays_as_it_is() -> None:
    circles = [Circle("new", ("b", "c", "d")), Circle(HOME, ("a", "s1", "s2", "chair:0:home"), HOME)]
    assert keep_seated(PROBLEM, circles) == circles


def test_an_empty_chair_may_be_taken() -> None:
    circles = [Circle(HOME, ("a", "b", "s1", "s2"), HOME)]
    assert keep_seated(PROBLEM, circles) == circles


def test_who_lost_a_seat_gets_it_back_and_guests_fill_what_is_free() -> None:
    circles = [Circle(HOME, ("a", "b", "c", "s1"), HOME)]
    assert keep_seated(PROBLEM, circles) == [Circle(HOME, ("s1", "s2", "a", "b"), HOME)]


def test_a_guest_who_must_not_meet_whoever_sits_there_waits() -> None:
    apart = replace(PROBLEM, keep_apart=(("a", "s2"),))
    circles = [Circle(HOME, ("a", "b", "s1"), HOME)]
    assert keep_seated(apart, circles) == [Circle(HOME, ("s1", "s2", "b"), HOME)]


def test_a_group_that_the_plan_forgot_goes_on() -> None:
    assert keep_seated(PROBLEM, [Circle("new", ("a", "b", "c"))]) == [
        Circle("new", ("a", "b", "c")),
        Circle(HOME, ("s1", "s2"), HOME),
    ]


def test_chairs_are_nobody() -> None:
    (group,) = without_chairs([Circle(HOME, ("s1", "chair:0:home"), HOME)])
    assert group == {"cell": HOME, "members": ["s1"], "continues": HOME}


def test_a_group_may_become_small_by_hand_but_not_large() -> None:
    small, full = [Circle("new", ("a",))], [Circle("new", ("a", "b", "c", "d"))]
    assert (broken_rules(PROBLEM, small).total(), broken_rules(PROBLEM, full).total()) == (0, 0)
    larger = replace(PROBLEM, size=Size(3, 3, 3))
    assert broken_rules(larger, full).total() == 1


def test_an_interpreter_is_not_shared_by_more_than_they_can_serve() -> None:
    two = replace(PROBLEM, people=(*PROBLEM.people, guest("y", "ears")))
    assert allows(two, [], [Circle("new", ("x", "a"))])
    assert not allows(two, [Circle("new", ("x", "a"))], [Circle("new", ("x", "y", "a"))])


def test_strangers_and_cells_that_are_gone_fit_nowhere() -> None:
    assert not allows(PROBLEM, [], [Circle("new", ("somebody",))])
    assert not allows(PROBLEM, [], [Circle("elsewhere", ("a",))])


def test_a_rule_that_was_broken_before_may_not_be_broken_more() -> None:
    apart = replace(PROBLEM, keep_apart=(("a", "b"), ("c", "d")))
    before = [Circle("new", ("a", "b", "c"))]
    assert allows(apart, before, [Circle("new", ("a", "b"))])
    assert not allows(apart, before, [Circle("new", ("a", "b", "c", "d"))])


def test_a_stranger_or_a_cell_that_is_gone_takes_no_rule_away() -> None:
    apart = replace(PROBLEM, keep_apart=(("a", "b"),))
    gone = Circle("elsewhere", ("c",))
    before = [Circle("new", ("a", "stranger")), gone]
    for refused in (("a", "b", "stranger"), ("a", "stranger", "other"), ("a", "s1", "stranger")):
        assert not allows(apart, before, [Circle("new", refused), gone])
    # A stranger takes up a seat.
    assert allows(apart, before, [Circle("new", ("a", "d", "x", "stranger")), gone])
    assert not allows(replace(apart, size=Size(3, 3, 3)), before, [Circle("new", ("a", "d", "x", "stranger")), gone])
    # Whoever is not known can be taken out, and put nowhere.
    assert allows(apart, before, [Circle("new", ("a",)), gone])
    assert is_open(apart, [Circle("new", ("a",)), gone], "stranger")
    assert not any(is_open(apart, before, who) for who in ("stranger", "c"))

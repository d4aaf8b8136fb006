"""What one more of something would change: only what helps, the best first, and never who."""

from dataclasses import replace

from wayhouse.groups.formation import Cell, Option, Person, Pool, Problem, Size, solve, what_if

LONG = 60


def town(rooms: int, leaders: int, **changes: object) -> Problem:
    """Twelve people for Tuesday and three for Thursday, in groups of three to six."""
    tuesday = [Person(f"t{number:02}", (Option("tue", 1),)) for number in range(12)]
    thursday = [Person(f"u{number}", (Option("thu", 1),)) for number in range(3)]
    cells = (Cell("tue", min(rooms, leaders), ("rooms", "leaders")), Cell("thu", 0, ("late",)))
    pools = (Pool("rooms", rooms), Pool("leaders", leaders), Pool("late", 0))
    whole = Problem(Size(3, 6, 6), pools, 9, cells, (*tuesday, *thursday))
    return replace(whole, **changes)  # type: ignore[arg-type]


def asked(problem: Problem) -> list[tuple[tuple[str, ...], int]]:
    result = solve(problem, time_limit=LONG)
    return [(chance.pools, chance.places) for chance in what_if(problem, result, time_limit=LONG)]


def test_the_most_people_come_first() -> None:
    assert asked(town(rooms=1, leaders=2)) == [(("rooms",), 6), (("late",), 3)]


def test_what_is_scarce_together_is_tried_together() -> None:
    assert asked(town(rooms=1, leaders=1))[0] == (("rooms", "leaders"), 6)


def test_what_would_place_nobody_is_not_told() -> None:
    kept = tuple((f"u{one}", f"u{other}") for one, other in ((0, 1), (0, 2), (1, 2)))
    assert asked(town(rooms=2, leaders=2, keep_apart=kept)) == []


def test_one_more_interpreter_is_tried() -> None:
    people = tuple(Person(f"p{number}", (Option("tue", 1, "ear" if number > 3 else None),)) for number in range(6))
    problem = Problem(Size(3, 4, 6), (Pool("ear", 0),), 1, (Cell("tue", 1),), people)
    assert asked(problem) == [(("ear",), 2)]


def test_nothing_is_scarce_where_everybody_has_a_group() -> None:
    assert asked(town(rooms=2, leaders=2, people=town(2, 2).people[:12])) == []


def test_what_it_saves_beside_is_told_as_json() -> None:
    problem = town(rooms=1, leaders=2)
    chance = what_if(problem, solve(problem, time_limit=LONG), time_limit=LONG)[0]
    assert chance.to_json() == {"pools": ["rooms"], "places": 6, "saves": -46}

"""Going on with a rota that was announced: what has passed stays, and only what must change does."""

from collections import Counter
from dataclasses import replace
from typing import Any

from benchmarks.planning.rota import check, generate, running
from wayhouse.meetings.rota import Locked, Problem, Result, solve
from wayhouse.meetings.rota.tests.town import person, town

LONG = 300.0


def led(result: Result, group: str = "g") -> list[tuple[str, ...]]:
    """Who leads a group, week after week."""
    return [meeting.staff for meeting in result.meetings if meeting.group == group]


def on_tuesdays(*staff: Any, **changes: Any) -> Problem:
    """Four weeks in which f1 and m1 were announced to lead."""
    return town(*staff, weeks=4, running={"g": (("f1", "m1"),) * 4}, **changes)


def test_a_rota_that_still_fits_stays() -> None:
    staff = (person("f1", target=4), person("m1", target=4), person("f2"), person("m2"))
    result = solve(on_tuesdays(*staff), time_limit=LONG)
    assert led(result) == [("f1", "m1")] * 4
    assert (result.parts["changed"], result.optimal) == (0, True)


def test_only_the_meetings_of_somebody_who_leaves_change() -> None:
    staff = (person("f1", away=(3, 4)), person("m1"), person("f2"), person("m2"))
    result = solve(on_tuesdays(*staff, fixed_weeks=1), time_limit=LONG)
    assert led(result) == [("f1", "m1"), ("f1", "m1"), ("m1", "f2"), ("m1", "f2")]
    assert (result.parts["changed"], result.optimal) == (30 * 2 * 2, True)


def test_what_has_passed_stays_even_if_it_could_not_be_planned() -> None:
    """f1 is away in week 1, may not serve any more and led too often; m1 and m2 are kept apart."""
    staff = (person("f1", "", away=(1,), max_per_week=0), person("m1"), person("f2"), person("m2"))
    past = {"g": (("f1", "m1", "m2"), None, None)}
    problem = town(*staff, weeks=4, running=past, fixed_weeks=2, keep_apart=(("m1", "m2"),))
    result = solve(problem, time_limit=LONG)
    assert led(result)[:2] == [("f1", "m1", "m2"), ()]
    assert [set(here) & {"f1"} for here in led(result)[2:]] == [set(), set()]
    assert (result.parts["uncovered"], result.unstaffed, result.optimal) == (2000, (), True)


def test_what_has_passed_counts_in_the_limits_ahead() -> None:
    staff = (person("f1", max_per_4_weeks=2), person("m1"))
    result = solve(on_tuesdays(*staff, fixed_weeks=2), time_limit=LONG)
    assert led(result) == [("f1", "m1"), ("f1", "m1"), ("m1",), ("m1",)]
    assert [entry.week for entry in result.unstaffed] == [3, 4]


def test_what_was_not_announced_is_planned_for_nothing() -> None:
    staff = (person("f1"), person("m1"), person("f2"))
    problem = town(*staff, weeks=2, running={"g": (("f1", "m1"), None)}, fixed_weeks=1)
    result = solve(problem, time_limit=LONG)
    assert (led(result)[1], result.parts["changed"]) == (("f1", "m1"), 0)


def test_nothing_is_left_to_plan() -> None:
    result = solve(on_tuesdays(person("f1"), person("m1"), fixed_weeks=4), time_limit=LONG)
    assert led(result) == [("f1", "m1")] * 4
    assert result.optimal


def test_a_larger_rota_goes_on_close_to_what_was_announced() -> None:
    raw = generate(4, weeks=6, seed=3)
    before = solve(Problem.from_json(raw), time_limit=LONG, work_limit=0.4)
    led_by = Counter(name for meeting in before.meetings if meeting.week > 2 for name in meeting.staff)
    busiest, lost = led_by.most_common(1)[0]
    problem = running(raw, before.to_json(), fixed_weeks=2, leaves=[busiest])
    result = solve(Problem.from_json(problem), time_limit=LONG, work_limit=0.4)
    broken, parts = check(problem, result.to_json())
    assert (broken, sum(parts.values())) == ([], result.objective)
    assert lost <= result.parts["changed"] // 30 <= 4 * lost
    assert result.unstaffed == ()


def test_a_free_hand_is_worth_more_than_a_promise_where_promises_cost_nothing() -> None:
    staff = (person("f1", target=4), person("m1"), person("f2", target=4), person("m2", target=4))
    problem = on_tuesdays(*staff)
    free = replace(problem, weights=replace(problem.weights, changed=0, fairness=1000))
    result = solve(free, time_limit=LONG)
    assert {"m2"} <= set().union(*led(result))
    assert result.optimal


def test_a_locked_shift_stays_and_one_that_no_rule_allows_is_given_up() -> None:
    staff = (person("f1", target=4), person("m1", target=4), person("f2"), person("m2", away=(3,)))
    locked = (Locked("g", 2, "m2"), Locked("g", 3, "m2"))
    problem = replace(on_tuesdays(*staff, fixed_weeks=1), locked=locked)
    result = solve(problem, time_limit=LONG)
    assert ["m2" in here for here in led(result)] == [False, True, False, False]
    assert (result.parts["unlocked"], result.optimal) == (problem.weights.unlocked, True)

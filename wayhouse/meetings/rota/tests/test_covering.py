"""Meetings that nobody leads: covered where there is a way, however many have to make room, and by every rule."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings

from wayhouse.meetings.rota import Group, Meeting, Problem, Weights, covering, solve
from wayhouse.meetings.rota.covering import _gaps, _places_around, cover_gaps
from wayhouse.meetings.rota.explain import Gap
from wayhouse.meetings.rota.greedy import greedy
from wayhouse.meetings.rota.objective import faults
from wayhouse.meetings.rota.search import Search
from wayhouse.meetings.rota.staffing import Staffing
from wayhouse.meetings.rota.tables import Tables
from wayhouse.meetings.rota.tests.tiny import problems
from wayhouse.meetings.rota.tests.town import person, rota, town

GROUPS = tuple(Group(name, "tue", 1, 1, 0) for name in "abcde")
# Each may lead the group of the one before, so that all of them have to move up before anybody leads the first.
CHAIN = town(
    *(person(f"f{number}", pair) for number, pair in enumerate(("ab", "bc", "cd", "de", "e"), start=1)),
    groups=GROUPS,
    weights=Weights(uncovered=1000, second_mentor=0, no_familiar_face=0, new_face=6, fairness=0),
)
STUCK = rota({"a1": "", "b1": "f1", "c1": "f2", "d1": "f3", "e1": "f4"})
MOVED_UP = rota({"a1": "f1", "b1": "f2", "c1": "f3", "d1": "f4", "e1": "f5"})


def searching(problem: Problem, led: list[Meeting], work_limit: float = math.inf) -> Search:
    search = Search(Tables.of(problem), time_limit=60, work_limit=work_limit, on_progress=None, should_stop=None)
    search.offer(Staffing.of(search.tables, led))
    return search


def test_everybody_moves_up_so_that_a_meeting_is_led() -> None:
    search = searching(CHAIN, STUCK)
    cover_gaps(search, 1, 1.0)
    assert list(search.meetings) == MOVED_UP


def test_a_meeting_without_any_mentor_is_covered_too() -> None:
    groups = tuple(replace(group, facilitators=0, mentors=1) for group in GROUPS)
    staff = tuple(replace(one, role="mentor") for one in CHAIN.staff)
    search = searching(replace(CHAIN, groups=groups, staff=staff), STUCK)
    cover_gaps(search, 1, 1.0)
    assert list(search.meetings) == MOVED_UP


def test_nothing_is_planned_where_nobody_could_come_or_time_is_over() -> None:
    away = replace(CHAIN, staff=tuple(replace(one, away=(1,) if one.id == "f1" else ()) for one in CHAIN.staff))
    led = rota({"a1": "", "b1": "f2", "c1": "f3", "d1": "f4", "e1": "f5"})
    assert _gaps(Staffing.of(Tables.of(away), led)) == []
    for search, part in ((searching(away, led), 1.0), (searching(CHAIN, STUCK), 0.0)):
        before = search.meetings
        cover_gaps(search, 1, part)
        assert search.meetings == before


def test_one_that_costs_too_much_keeps_no_other_from_being_covered() -> None:
    """Group a takes three changes of 200, and group c nine."""
    groups = tuple(Group(name, "tue", 1, 1, 0) for name in "abcdefg")
    offers = {"f1": "ab", "f2": "b", "f3": "cd", "f4": "de", "f5": "ef", "f6": "fg", "f7": "g"}
    led = {"a1": "", "b1": "f1", "c1": "", "d1": "f3", "e1": "f4", "f1": "f5", "g1": "f6"}
    problem = town(
        *(person(name, some) for name, some in offers.items()),
        groups=groups,
        running={meeting.group: (meeting.staff,) for meeting in rota(led)},
        weights=replace(CHAIN.weights, changed=200),
    )
    search = searching(problem, rota(led))
    before = search.objective
    cover_gaps(search, 1, 1.0)
    assert list(search.meetings) == rota({**led, "a1": "f1", "b1": "f2"})
    assert search.objective == before - 1000 + 600 + 6


# Everybody could move up in the second week, but then four groups would know nobody; group z only lacks a word.
STANDING = rota({"a1": "f0", **{f"{group}{week}": f"f{one}" for week in (1, 2) for one, group in enumerate("bcde", 1)}})
WEEKS = replace(
    CHAIN,
    weeks=2,
    groups=(*GROUPS, Group("z", "tue", 1, 1, 0)),
    staff=(*CHAIN.staff, person("f0", "a", away=(2,)), person("f9", "z")),
    weights=replace(CHAIN.weights, no_familiar_face=400),
)


@pytest.mark.parametrize("dearer", [False, True])
def test_what_is_dearer_at_true_prices_is_taken_back_before_the_next(*, dearer: bool) -> None:
    """Unless the search goes on from there."""
    search = searching(WEEKS, [*STANDING, *rota({"z2": "f9"})])
    covered = {one for one in cover_gaps(search, 1, 1.0, dearer=dearer).meetings() if one.staff}
    second = {f"{one.group}2": one.staff[0] for one in MOVED_UP} if dearer else {}
    standing = [one for one in STANDING if one.week == 1 or not dearer]
    assert covered == {*standing, *rota({**second, "z1": "f9", "z2": "f9"})}


def test_with_limited_work_each_gap_has_its_part_of_it() -> None:
    search = searching(CHAIN, STUCK, work_limit=10.0)
    cover_gaps(search, 1, 0.2)
    assert list(search.meetings) == MOVED_UP
    assert 8.0 <= search.work_left < 10.0


def test_not_more_is_planned_again_than_a_model_can_take(monkeypatch: pytest.MonkeyPatch) -> None:
    gap = Gap((0, 0), facilitator=True)
    for name, most in (("GROUPS", 3), ("SHIFTS", 5)):  # one could lead the first group, two each of the others
        with monkeypatch.context() as patch:
            patch.setattr(covering, name, most)
            assert _places_around(Tables.of(CHAIN), gap) == [(0, 0), (1, 0), (2, 0)]


def test_what_passed_and_what_is_locked_stays() -> None:
    problem = replace(CHAIN, weeks=2, running={"a": ((),)}, fixed_weeks=1)
    gaps = _gaps(Staffing(Tables.of(problem)))
    assert gaps == [Gap((group, 1), facilitator=True) for group in range(5)]
    assert _places_around(Tables.of(problem), gaps[0]) == [(group, 1) for group in range(5)]
    search = searching(problem, rota({"b2": "f1", "c2": "f2", "d2": "f3", "e2": "f4"}))
    cover_gaps(search, 1, 1.0)
    assert [(meeting.week, meeting.staff) for meeting in search.meetings if meeting.group in "ab"] == [
        (1, ()),
        (2, ("f1",)),
        (1, ()),
        (2, ("f2",)),
    ]


@settings(max_examples=60, deadline=None)
@given(problems(announced=True, locked=True))
def test_no_rule_is_broken_and_no_rota_gets_dearer(problem: Problem) -> None:
    search = searching(problem, list(greedy(Tables.of(problem)).meetings()))
    before = search.objective
    cover_gaps(search, 1, 1.0)
    assert search.objective <= before
    assert faults(problem, search.meetings) == []


def test_a_rota_that_goes_on_is_covered_before_anything_else() -> None:
    """Where a rota was announced nothing is annealed."""
    announced = {meeting.group: (meeting.staff,) for meeting in STUCK}
    result = solve(replace(CHAIN, running=announced, weights=replace(CHAIN.weights, changed=30)), time_limit=20)
    assert list(result.meetings) == MOVED_UP

"""Somebody drops out on the day: nobody is moved if anybody is free, and as few as can be otherwise."""

import time
from dataclasses import replace

import pytest

from benchmarks.planning.rota import check, generate
from wayhouse.meetings.rota import Group, Problem, Shift, cover
from wayhouse.meetings.rota.greedy import greedy
from wayhouse.meetings.rota.tables import Tables
from wayhouse.meetings.rota.tests.town import ALSO_TUESDAY, TUESDAY, person, rota, town

BOTH = (TUESDAY, ALSO_TUESDAY)
PAIR = Group("g", "tue", 2, 1, 2)


def test_somebody_free_comes_and_nobody_is_moved() -> None:
    problem = town(person("f1"), person("m1"), person("m2"), person("f2", target=0), person("f3", target=9), weeks=2)
    led = rota({"g1": "f1 m1", "g2": "f1 m1"})
    change = cover(problem, led, "g", 2, "f1")
    assert (change.goes, change.comes) == ((Shift("f1", "g", 2),), (Shift("f2", "g", 2),))
    assert (change.staffed, change.also_free, change.reasons) == (True, ("f3",), ())
    assert list(change.applied(led)) == rota({"g1": "f1 m1", "g2": "m1 f2"})


def test_somebody_the_group_knows_comes_first() -> None:
    problem = town(person("f1"), person("m1"), person("m2"), person("m3", target=9), weeks=3)
    led = rota({"g1": "f1 m3", "g2": "f1 m1", "g3": "f1 m1"})
    assert cover(problem, led, "g", 3, "m1").comes == (Shift("m3", "g", 3),)


def test_without_a_second_mentor_the_meeting_is_held_and_nobody_is_moved() -> None:
    problem = town(person("f1"), person("m1"), person("m2"), person("m3", "gh"), groups=(PAIR, ALSO_TUESDAY))
    change = cover(problem, rota({"g1": "f1 m1 m2", "h1": "m3"}), "g", 1, "m1")
    assert (change.comes, change.staffed) == ((), True)
    assert [reason.code for reason in change.reasons] == [
        "nobody_free",
        "only_other_group",
        "unavailable",
        "one_more",
    ]


def test_a_second_mentor_of_another_meeting_is_moved_before_anybody_has_to_follow() -> None:
    two = Group("h", "tue", 1, 1, 2)
    staff = (person("f1", "gh"), person("m1"), person("m2", "gh"), person("m3", "gh"), person("m4", "h"))
    led = rota({"g1": "f1 m1", "h1": "m2 m3"})
    change = cover(town(*staff, groups=(TUESDAY, two)), led, "g", 1, "m1")
    assert change.goes == (Shift("m1", "g", 1), Shift("m2", "h", 1))
    assert (change.comes, change.staffed) == ((Shift("m2", "g", 1),), True)


def test_somebody_is_moved_where_somebody_free_can_follow() -> None:
    staff = (person("f1"), person("f2", "gh"), person("f3", "h"), person("m1"), person("m2", "h"))
    led = rota({"g1": "f1 m1", "h1": "f2 m2"})
    change = cover(town(*staff, groups=BOTH), led, "g", 1, "f1")
    assert change.goes == (Shift("f1", "g", 1), Shift("f2", "h", 1))
    assert change.comes == (Shift("f2", "g", 1), Shift("f3", "h", 1))
    assert list(change.applied(led)) == rota({"g1": "f2 m1", "h1": "f3 m2"})
    assert (change.staffed, change.also_free, change.reasons) == (True, (), ())


def test_a_later_meeting_may_make_room() -> None:
    staff = (person("f1"), person("f2", "gh", max_per_4_weeks=1), person("f3", "h"), person("m1"), person("m2", "h"))
    led = rota({"g1": "f1 m1", "h1": "m2", "g2": "m1", "h2": "f2 m2"} | {f"g{week}": "" for week in (3, 4)})
    change = cover(town(*staff, groups=BOTH, weeks=4), led, "g", 1, "f1")
    assert change.comes == (Shift("f2", "g", 1), Shift("f3", "h", 2))
    assert change.staffed


def test_earlier_meetings_are_not_touched() -> None:
    staff = (person("f1"), person("f2", "gh", max_per_4_weeks=1), person("f3", "h"), person("m1"))
    led = rota({"h1": "f2", "g2": "f1 m1"})
    change = cover(town(*staff, groups=BOTH, weeks=4), led, "g", 2, "f1")
    assert (change.comes, change.staffed) == ((), False)


def test_nobody_can_come() -> None:
    staff = (person("f1"), person("f2", away=(1,)), person("m1"))
    change = cover(town(*staff), rota({"g1": "f1 m1"}), "g", 1, "f1")
    assert (change.goes, change.comes, change.staffed) == ((Shift("f1", "g", 1),), (), False)
    assert [reason.text for reason in change.reasons] == [
        "No facilitator is free for g in week 1; 2 may serve it.",
        "Everyone who may serve is unavailable in week 1.",
        "Meetings of g that one more facilitator could lead: up to 1.",
    ]


def test_people_who_must_not_meet_are_kept_apart_without_saying_so() -> None:
    staff = (person("f1"), person("f2"), person("m1"))
    problem = town(*staff, keep_apart=(("f2", "m1"),))
    apart = cover(problem, rota({"g1": "f1 m1"}), "g", 1, "f1")
    away = cover(town(staff[0], person("f2", away=(1,)), staff[2]), rota({"g1": "f1 m1"}), "g", 1, "f1")
    assert (apart.comes, apart.reasons) == ((), away.reasons)


@pytest.mark.parametrize(
    ("group", "week", "absent"), [("x", 1, "f1"), ("g", 3, "f1"), ("g", 0, "f1"), ("g", 2, "f2"), ("g", 2, "x")]
)
def test_there_must_be_such_a_shift(group: str, week: int, absent: str) -> None:
    problem = town(person("f1"), person("f2"), weeks=2)
    with pytest.raises(ValueError, match="no such shift ahead"):
        cover(problem, rota({"g1": "f1", "g2": "f1"}), group, week, absent)


def test_what_has_passed_cannot_be_covered() -> None:
    problem = town(person("f1"), weeks=2, running={"g": (("f1",),)}, fixed_weeks=1)
    with pytest.raises(ValueError, match="no such shift ahead"):
        cover(problem, rota({"g1": "f1", "g2": "f1"}), "g", 1, "f1")


def test_at_fifty_groups_it_is_quick_valid_and_touches_two_others_at_most() -> None:
    problem = Problem.from_json(generate(50))
    led = greedy(Tables.of(problem)).meetings()
    longest = 0.0
    for meeting in led[5::120]:
        for name in meeting.staff:
            started = time.process_time()
            change = cover(problem, led, meeting.group, meeting.week, name)
            longest = max(longest, time.process_time() - started)
            others = {shift.staff for shift in change.goes + change.comes} - {name}
            staff = (replace(one, away=(*one.away, meeting.week)) if one.id == name else one for one in problem.staff)
            form = [{"group": m.group, "week": m.week, "staff": list(m.staff)} for m in change.applied(led)]
            broken, _ = check(replace(problem, staff=tuple(staff)).to_json(), {"meetings": form})
            assert len(others) <= 2
            assert [fault for fault in broken if not fault.endswith(f"{name} is away")] == []
    assert longest < 1

"""Reasons for meetings that are not staffed: true, useful, and silent about who must not meet whom."""

import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings

from wayhouse.meetings.rota import Group, Meeting, Problem, Reason, solve
from wayhouse.meetings.rota.explain import TEXTS, explain
from wayhouse.meetings.rota.tables import Tables
from wayhouse.meetings.rota.tests.tiny import problems
from wayhouse.meetings.rota.tests.town import ALSO_TUESDAY, TUESDAY, person, rota, town

SCHEMA = json.loads(resources.files("wayhouse.meetings.rota").joinpath("result.schema.json").read_text("utf-8"))
BOTH = (TUESDAY, ALSO_TUESDAY)


def reasons(problem: Problem, led: dict[str, str], place: tuple[str, int] = ("g", 1)) -> list[Reason]:
    """Why a meeting is not staffed in a rota."""
    found = {(entry.group, entry.week): entry.reasons for entry in explain(Tables.of(problem), rota(led))}
    return list(found.get(place, ()))


def words(problem: Problem, led: dict[str, str], place: tuple[str, int] = ("g", 1)) -> list[str]:
    return [reason.text for reason in reasons(problem, led, place)]


def test_nobody_may_serve() -> None:
    assert words(town(person("m1"), person("f1", "")), {"g1": "m1"}) == ["No facilitator may serve g."]


def test_everybody_who_may_serve_is_there() -> None:
    group = Group("g", "tue", 1, 2, 1)
    assert words(town(person("f1"), person("m1"), groups=[group]), {"g1": "f1 m1"}) == [
        "No other facilitator may serve g."
    ]


def test_a_group_without_mentors_is_never_staffed() -> None:
    group = Group("g", "tue", 1, 1, 0)
    told = words(town(person("f1"), person("m1"), groups=[group]), {"g1": "f1"})
    assert told == ["g is set to have no mentors, but every meeting needs one."]


def test_everybody_is_away() -> None:
    staff = (person("m1"), person("f1", away=(1,)), person("f2", away=(1,)))
    assert words(town(*staff), {"g1": "m1"}) == [
        "No facilitator is free for g in week 1; 2 may serve it.",
        "Everyone who may serve is unavailable in week 1.",
        "Meetings of g that one more facilitator could lead: up to 1.",
    ]


def test_everybody_is_at_their_limit() -> None:
    staff = (
        person("m1"),
        person("f1", max_per_week=0),
        person("f2", max_per_4_weeks=0),
        person("f3", intensity_per_4_weeks=1),
    )
    assert words(town(*staff, weeks=4), {f"g{week}": "m1" for week in range(1, 5)}) == [
        "No facilitator is free for g in week 1; 3 may serve it.",
        "Everyone who may serve is at their limit of meetings or intensity.",
        "Meetings of g that one more facilitator could lead: up to 4.",
    ]


def test_everybody_is_due_a_rest() -> None:
    staff = (person("m1"), person("f1"), person("f2"))
    problem = town(*staff, weeks=2, groups=[TUESDAY, Group("h", "thu", 1, 2, 0)], max_consecutive_weeks=1)
    staff_of_h = (person("m1"), person("f1", "gh"), person("f2", "gh"))
    problem = Problem(**{**vars_of(problem), "staff": staff_of_h})
    assert words(problem, {"g1": "m1", "g2": "m1", "h2": "f1 f2"})[1] == (
        "Everyone who may serve would have no week of rest."
    )


def vars_of(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in problem.__slots__}


def test_everybody_leads_another_group() -> None:
    other = Group("h", "tue", 3, 2, 1)
    problem = town(person("m1"), person("f1", "gh"), person("f2", "gh"), groups=(TUESDAY, other))
    assert (
        words(problem, {"g1": "m1", "h1": "f1 f2"})[1] == "Everyone who may serve leads another group at that hour: h."
    )


def test_the_only_one_left_leads_another_group() -> None:
    staff = (person("m1"), person("f1", "gh"), person("f2", away=(1,)))
    assert words(town(*staff, groups=BOTH), {"g1": "m1", "h1": "f1"}) == [
        "No facilitator is free for g in week 1; 2 may serve it.",
        "The only one left leads another group at that hour: h.",
        "Unavailable in week 1: 1 of 2.",
        "Meetings of g that one more facilitator could lead: up to 1.",
    ]


def test_several_causes_are_counted() -> None:
    other = Group("h", "tue", 3, 2, 1)
    staff = [person("m1"), *(person(name, "gh") for name in ("f1", "f2"))]
    staff += [person("f3", max_per_week=0), person("f4", away=(1,)), person("f5", away=(1,))]
    problem = town(*staff, groups=(TUESDAY, other))
    assert reasons(problem, {"g1": "m1", "h1": "f1 f2"})[1:4] == [
        Reason(
            "other_group",
            {"role": "facilitator", "group": "g", "week": 1, "able": 5, "people": 2, "groups": "h"},
            "In another group at that hour: 2 of 5 (h).",
        ),
        Reason(
            "at_limit",
            {"role": "facilitator", "group": "g", "week": 1, "able": 5, "people": 1},
            "At their limit of meetings or intensity: 1 of 5.",
        ),
        Reason(
            "unavailable",
            {"role": "facilitator", "group": "g", "week": 1, "able": 5, "people": 2},
            "Unavailable in week 1: 2 of 5.",
        ),
    ]


def test_who_is_free_but_not_used_is_told() -> None:
    told = words(town(person("m1"), person("f1"), person("f2", away=(1,))), {"g1": "m1"})
    assert told[:2] == [
        "A facilitator is free for g in week 1, but the rota found so far does not use them.",
        "Unavailable in week 1: 1 of 2.",
    ]


def test_both_roles_are_told() -> None:
    told = reasons(town(), {})
    assert [reason.text for reason in told] == ["No facilitator may serve g.", "No mentor may serve g."]
    assert [reason.params["role"] for reason in told] == ["facilitator", "mentor"]


def test_a_missing_second_mentor_needs_no_reason() -> None:
    problem = town(person("f1"), person("m1"), groups=[Group("g", "tue", 1, 1, 2)])
    assert explain(Tables.of(problem), rota({"g1": "f1 m1"})) == ()


def test_weeks_that_have_passed_need_no_reason() -> None:
    problem = town(weeks=2, fixed_weeks=1)
    assert [entry.week for entry in explain(Tables.of(problem), rota({}))] == [2]


@pytest.mark.parametrize("others", [(), ("f3",)])
def test_who_is_kept_apart_is_told_like_who_is_away(others: tuple[str, ...]) -> None:
    """Word for word, in a whole result, whether or not there are others."""
    staff = [person("m1", target=0), *(person(name, away=(1,)) for name in others)]
    apart = town(*staff, person("f1"), keep_apart=(("f1", "m1"),))
    away = town(*staff, person("f1", away=(1,)))
    told = [solve(problem, time_limit=60).to_json()["unstaffed"] for problem in (apart, away)]
    assert told[0] == told[1]
    assert "apart" not in json.dumps(told[0])


@settings(max_examples=100, deadline=None)
@given(problems())
def test_every_gap_is_explained_and_nobody_is_named(problem: Problem) -> None:
    empty = [Meeting(group.id, week, ()) for group in problem.groups for week in range(1, problem.weeks + 1)]
    for entry in explain(Tables.of(problem), empty):
        assert entry.reasons
        for reason in entry.reasons:
            assert reason.text == TEXTS[reason.code].format(**reason.params)
            assert not {person.id for person in problem.staff} & {str(param) for param in reason.params.values()}


def test_the_schema_has_the_codes() -> None:
    entry = SCHEMA["properties"]["unstaffed"]["items"]["properties"]
    assert set(entry["codes"]["items"]["properties"]["code"]["enum"]) == set(TEXTS)

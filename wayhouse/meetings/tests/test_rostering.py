"""Which options a colleague gets, what is fair to ask of them, and that nothing in the problem names anybody."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from conftest import Acting
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.actions import begin_cycle
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.rostering import StaffRoster, problem_of
from wayhouse.meetings.tests.scenes import Town
from wayhouse.people.actions import give_role
from wayhouse.people.models import Person, Role


@pytest.fixture
@rehearsed
def town(town: Town) -> Town:
    town.lasts(4)
    return town


def problem(town: Town) -> dict[str, Any]:
    with town.cast.acting(town.ana):
        return problem_of(StaffRoster(town.cycle))


def options(town: Town, person: Person) -> dict[str, int]:
    (entry,) = [one for one in problem(town)["staff"] if one["id"] == str(person.pk)]
    return {option["group"]: option["cost"] for option in entry["options"]}


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ({}, True),
        ({"slots": ["thu-evening"]}, False),
        ({"slots": []}, False),
        ({"languages": ["ar", "en"]}, True),
        ({"languages": ["ar"]}, False),
        ({"mode": "in-person"}, True),
        ({"mode": "online"}, False),
        ({"kinds": []}, True),
    ],
)
def test_time_language_and_mode_decide(town: Town, words: dict[str, Any], fits: bool) -> None:  # noqa: FBT001  a table
    group = town.group("Kestrel")
    (bea,) = town.leads("Bea", **words)
    assert list(options(town, bea)) == [str(group.pk)] * fits


def test_an_online_group_needs_somebody_who_comes_online(town: Town) -> None:
    group = town.group("Kestrel", online=True)
    at_home, there = town.leads("At home", mode="online") + town.leads("There", mode="in-person")
    assert (list(options(town, at_home)), list(options(town, there))) == ([str(group.pk)], [])


@pytest.mark.parametrize(
    ("words", "cost"),
    [
        ({}, 0),
        ({"preferred_slots": ["tue-evening"]}, 0),
        ({"preferred_slots": ["thu-evening"]}, 1),
        ({"kinds": ["women"]}, 3),
        ({"kinds": ["women"], "preferred_slots": ["thu-evening"]}, 4),
    ],
)
def test_what_is_liked_costs_less(town: Town, words: dict[str, Any], cost: int) -> None:
    group = town.group("Kestrel")
    (bea,) = town.leads("Bea", **words)
    assert options(town, bea) == {str(group.pk): cost}


def test_who_must_not_meet_a_member_has_no_option_there_and_nothing_says_why(town: Town) -> None:
    cleo, dan = town.members("Cleo", "Dan")
    first, second = town.group("Kestrel", cleo), town.group("Wren", dan)
    bea, zoe = town.leads("Bea", "Zoe")
    town.keeps_apart(bea, cleo)
    assert (set(options(town, bea)), set(options(town, zoe))) == ({str(second.pk)}, {str(first.pk), str(second.pk)})
    assert problem(town)["keep_apart"] == []


def test_colleagues_who_must_not_meet_are_handed_to_the_kernel(town: Town) -> None:
    (cleo,) = town.members("Cleo")
    town.group("Kestrel")
    bea, _zoe, max_ = town.leads("Bea", "Zoe") + town.mentors("Max")
    town.keeps_apart(bea, max_, cleo)
    assert problem(town)["keep_apart"] == [sorted([str(bea.pk), str(max_.pk)])]


def test_who_attends_a_group_does_not_serve_it(town: Town) -> None:
    (bea,) = town.leads("Bea")
    town.group("Kestrel", bea)
    assert options(town, bea) == {}


def test_limits_and_fair_share_follow_from_the_time_somebody_gives(town: Town) -> None:
    town.group("Kestrel")
    town.group("Wren", slot="thu-evening")
    once, twice = town.leads("Once", meetings_a_week=1) + town.leads("Twice")
    (mentor,) = town.mentors("Mentor", meetings_a_week=3)
    staff = {entry["id"]: entry for entry in problem(town)["staff"]}
    named = ("role", "max_per_week", "max_per_4_weeks", "intensity_per_4_weeks", "target")
    # Eight evenings to lead, shared 3 : 6 by the time they give; sixteen to accompany, of which seven are possible.
    assert {key: tuple(entry[name] for name in named) for key, entry in staff.items()} == {
        str(once.pk): ("facilitator", 1, 3, 6, 3),
        str(twice.pk): ("facilitator", 2, 6, 12, 5),
        str(mentor.pk): ("mentor", 3, 7, 14, 7),
    }


def test_whoever_pauses_or_left_or_has_no_such_role_is_not_asked(town: Town) -> None:
    town.group("Kestrel")
    paused, left, stays = town.leads("Paused", "Left", "Stays")
    town.members("Member")
    Person.objects.filter(pk=paused.pk).update(status=Person.Status.PAUSED)
    Person.objects.filter(pk=left.pk).update(status=Person.Status.LEFT)
    assert [entry["id"] for entry in problem(town)["staff"]] == [str(stays.pk)]


def test_who_is_both_leads(acting: Acting, town: Town) -> None:
    (both,) = town.mentors("Both")
    with acting(town.ana):
        give_role(both, Role.Kind.FACILITATOR, actor=town.ana)
    assert [(entry["id"], entry["role"]) for entry in problem(town)["staff"]] == [(str(both.pk), "facilitator")]


def test_the_problem_names_nobody(town: Town) -> None:
    (cleo,) = town.members("Cleo")
    town.group("Kestrel", cleo, venue="Old Mill", address="1 Quay Lane")
    town.leads("Bea", area="Harbourton/Station")
    text = json.dumps(problem(town))
    assert [word for word in ("Cleo", "Kestrel", "Mill", "Quay", "Bea", "Harbourton") if word in text] == []


def test_what_was_announced_is_handed_over_and_weeks_that_began_stand(town: Town) -> None:
    group = town.group("Kestrel")
    bea, max_, mia = town.leads("Bea") + town.mentors("Max", "Mia")
    town.accepts({(group, 1): [bea, max_], (group, 2): [], (group, 3): [bea, mia], (group, 4): []})
    second = Meeting.objects.get(group=group, week=2)
    with time_machine.travel(second.starts_at - timedelta(hours=1), tick=False):
        found = problem(town)
    ids = [sorted([str(bea.pk), str(max_.pk)]), None, sorted([str(bea.pk), str(mia.pk)]), None]
    assert (found["fixed_weeks"], found["running"]) == (1, {str(group.pk): ids})


def test_an_evening_within_two_days_stands_once_it_is_staffed(town: Town) -> None:
    group = town.group("Kestrel")
    bea, max_ = town.leads("Bea") + town.mentors("Max")
    town.accepts({(group, week): [bea, max_] if week < 3 else [] for week in range(1, 5)})
    fixed = []
    for week, hours in ((2, 49), (2, 47), (3, 47)):
        with time_machine.travel(Meeting.objects.get(week=week).starts_at - timedelta(hours=hours), tick=False):
            fixed.append(problem(town)["fixed_weeks"])
    assert fixed == [1, 2, 2]


def test_evenings_in_another_cycle_are_weeks_away(town: Town) -> None:
    group = town.group("Kestrel")
    bea, max_ = town.leads("Bea") + town.mentors("Max")
    town.accepts({(group, week): [bea, max_] if week == 3 else [] for week in range(1, 5)})
    words: dict[str, Any] = {"pack": "twelve-evenings", "version": "1.0.0", "title": "Next", "weeks": 4}
    with town.cast.acting(town.ana):
        starts_on = town.cycle.starts_on + timedelta(weeks=1)
        later = begin_cycle(town.ana.programme, **words, starts_on=starts_on, actor=town.ana)
        staff = {entry["id"]: entry["away"] for entry in problem_of(StaffRoster(later))["staff"]}
    assert staff == {str(bea.pk): [2], str(max_.pk): [2]}


def test_only_coordinators_open_the_roster(acting: Acting, town: Town, dee: Person) -> None:
    town.leads("Bea")
    with acting(dee), pytest.raises(CannotOpen):
        StaffRoster(town.cycle)

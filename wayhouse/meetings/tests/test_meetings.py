"""The evenings to come, as each may read them."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import Acting, SignedIn
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.scheduling import move_meeting, skip_meeting
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.meetings.tests.scenes import FREE, Town
from wayhouse.people.actions import give_role
from wayhouse.people.models import Person, Role


@pytest.fixture
@rehearsed
def town(town: Town, bo: Person, max: Person) -> Town:
    town.lasts(6)
    for person in (bo, max):
        town.says(person, meetings_a_week=3, slots=FREE)
    return town


@pytest.fixture
@rehearsed
def evenings(town: Town, cass: Person, bo: Person, max: Person) -> list[Meeting]:
    """Six Tuesdays: Bo leads, Max comes to the first three."""
    kestrel = town.group("Kestrel", cass)
    town.accepts(
        {(kestrel, week): [bo, max] if week < 4 else [bo] for week in range(1, 7) if week != 5} | {(kestrel, 5): []}
    )
    return list(Meeting.objects.select_related("group__cycle").order_by("week"))


def text(signed_in: SignedIn, person: Person, query: str = "") -> str:
    answer = signed_in(person).get(reverse("meetings:meetings") + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_coordinators_see_two_weeks_with_gaps(signed_in: SignedIn, ana: Person, evenings: list[Meeting]) -> None:
    shown = text(signed_in, ana, f"?from={evenings[0].starts_at.date().isoformat()}")
    assert [f"Topic {week}" in shown for week in range(1, 5)] == [True, True, False, False]
    assert "Topic 1" in text(signed_in, ana)
    assert ("only one mentor yet" in shown, "nobody stands by yet" in shown) == (True, True)
    later = text(signed_in, ana, f"?from={evenings[4].starts_at.date().isoformat()}")
    assert [f"Topic {week}" in later for week in (1, 5, 6)] == [False, True, True]
    assert ("nobody leads yet" in later, "no mentor yet" in later) == (True, True)


@pytest.mark.parametrize("day", ["yesterday", "9999-12-31", "0001-01-01", "1999-12-31", "2200-01-01"])
def test_a_wrong_day_is_today(signed_in: SignedIn, ana: Person, evenings: list[Meeting], day: str) -> None:
    assert "Topic 1" in text(signed_in, ana, f"?from={day}")


@pytest.mark.parametrize("day", ["2000-01-01", "2199-12-31"])
def test_the_furthest_days_have_no_evenings(
    signed_in: SignedIn, ana: Person, evenings: list[Meeting], day: str
) -> None:
    assert "No evenings in these two weeks" in text(signed_in, ana, f"?from={day}")


def test_staff_see_their_own_shifts_alone(
    signed_in: SignedIn, bo: Person, max: Person, evenings: list[Meeting]
) -> None:
    of_max, near, later = text(signed_in, max), text(signed_in, bo), text(signed_in, bo, "?mine&after=4")
    assert [f"Topic {week}" in of_max for week in range(1, 7)] == [True, True, True, False, False, False]
    assert [f"Topic {week}" in near for week in range(1, 7)] == [True] * 4 + [False] * 2
    assert [f"Topic {week}" in later for week in range(1, 7)] == [False] * 4 + [True] * 2
    assert ((near + later).count("You stand by"), "Kestrel" in of_max) == (1, True)


def test_more_of_one_s_own_is_on_the_next_page(
    signed_in: SignedIn, bo: Person, max: Person, evenings: list[Meeting]
) -> None:
    links = {query: text(signed_in, bo, query) for query in ("", "?mine&after=4", "?mine&after=x")}
    assert ["Later evenings" in shown for shown in links.values()] == [True, False, True]
    assert ["Earlier evenings" in shown for shown in links.values()] == [False, True, False]
    assert "after=" not in text(signed_in, max)


def test_what_is_over_is_gone(signed_in: SignedIn, max: Person, evenings: list[Meeting]) -> None:
    with time_machine.travel(evenings[0].ends_at, tick=False):
        shown = text(signed_in, max)
    assert [f"Topic {week}" in shown for week in (1, 2, 3)] == [False, True, True]


def test_members_see_their_group_s_evenings_and_what_changed(
    acting: Acting, signed_in: SignedIn, ana: Person, cass: Person, dee: Person, evenings: list[Meeting]
) -> None:
    with acting(ana):
        move_meeting(evenings[1], evenings[1].starts_at + timedelta(days=2), reason="room", actor=ana)
        skip_meeting(evenings[2], reason="holiday", actor=ana)
    shown = text(signed_in, cass)
    assert [f"Topic {week}" in shown for week in range(1, 7)] == [True] * 6
    told = ("moved", "The room is not available.", "does not take place", "There is a holiday.")
    assert [words in shown for words in told] == [True] * 4
    assert reverse("meetings:meeting", args=[evenings[0].pk]) in shown
    nothing = text(signed_in, dee)
    assert ("No evening to come" in nothing, "Topic 1" in nothing) == (True, False)


def test_who_coordinates_and_serves_sees_both(
    acting: Acting, signed_in: SignedIn, town: Town, ana: Person, evenings: list[Meeting]
) -> None:
    with acting(ana):
        give_role(ana, Role.Kind.FACILITATOR, actor=ana)
    assert "?mine" in text(signed_in, ana)
    assert "You have no evening at the moment" in text(signed_in, ana, "?mine")


def test_empty_lists_say_what_comes_next(signed_in: SignedIn, ana: Person, max: Person) -> None:
    assert "No evenings in these two weeks" in text(signed_in, ana)
    assert "You have no evening at the moment" in text(signed_in, max)


@pytest.mark.parametrize("count", [2, 20])
def test_as_many_queries_with_two_as_with_twenty(
    signed_in: SignedIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    town: Town,
    ana: Person,
    max: Person,
    cass: Person,
    count: int,
) -> None:
    groups = [town.group(f"Group {number}", cass, slot="mon-evening") for number in range(count)]
    town.accepts({(group, week): [] for group in groups for week in range(1, 7)})
    with town.cast.acting(ana):
        for meeting in Meeting.objects.filter(group__in=groups, week=1):
            staff_meeting(meeting, {max: ("Max", Role.Kind.MENTOR)}, actor=ana)
    for person, number in ((ana, 5), (max, 6), (cass, 5)):
        client = signed_in(person)
        client.get(reverse("meetings:meetings"))
        with django_assert_num_queries(number):
            assert client.get(reverse("meetings:meetings")).status_code == 200

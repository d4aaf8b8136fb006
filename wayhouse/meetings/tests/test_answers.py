from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from conftest import Acting, SignedIn
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.actions import leave_group
from wayhouse.groups.models import Group, Seat
from wayhouse.meetings.actions import answer_meeting, record_evening
from wayhouse.meetings.models import Answer, Attendance, Change, Meeting
from wayhouse.meetings.outlook import next_meeting_of, outlook_of
from wayhouse.meetings.planning import plan_meetings
from wayhouse.meetings.tests.conftest import Crowd, Kinds
from wayhouse.people.actions import pause
from wayhouse.people.models import Person


def url(name: str, meeting: Meeting) -> str:
    return reverse(f"meetings:{name}", args=[meeting.pk])


def answers_to(meeting: Meeting) -> dict[object, bool]:
    return dict(meeting.answers.values_list("person_id", "coming"))


def test_cass_says_yes_and_later_not_this_time(cass: Person, meeting: Meeting, logged: Kinds) -> None:
    answer_meeting(meeting, coming=True, actor=cass)
    assert answers_to(meeting) == {cass.pk: True}
    answer_meeting(meeting, coming=False, actor=cass)
    assert answers_to(meeting) == {cass.pk: False}
    assert logged() == ["meeting.answered", "meeting.answered"]


def test_dee_may_not_answer(dee: Person, meeting: Meeting, logged: Kinds) -> None:
    with pytest.raises(PermissionDenied):
        answer_meeting(meeting, coming=True, actor=dee)
    assert (answers_to(meeting), logged()) == ({}, [])


def test_the_facilitator_is_not_asked(bo: Person, meeting: Meeting) -> None:
    with pytest.raises(PermissionDenied):
        answer_meeting(meeting, coming=True, actor=bo)


def test_until_the_evening_begins(cass: Person, meeting: Meeting) -> None:
    with time_machine.travel(meeting.starts_at - timedelta(seconds=1), tick=False):
        answer_meeting(meeting, coming=True, actor=cass)
    with time_machine.travel(meeting.starts_at, tick=False), pytest.raises(PermissionDenied):
        answer_meeting(meeting, coming=False, actor=cass)
    assert answers_to(meeting) == {cass.pk: True}


def test_an_evening_that_does_not_take_place_asks_nobody(cass: Person, meeting: Meeting) -> None:
    meeting.state = Meeting.State.SKIPPED
    with pytest.raises(PermissionDenied):
        answer_meeting(meeting, coming=True, actor=cass)


def test_whoever_pauses_is_not_asked(signed_in: SignedIn, cass: Person, meeting: Meeting) -> None:
    pause(cass, actor=cass)
    with pytest.raises(PermissionDenied):
        answer_meeting(meeting, coming=True, actor=cass)
    page = signed_in(cass).get(url("meeting", meeting)).text
    assert ('name="answer"' in page, "You are taking a break." in page) == (False, True)


# -- The page of a member ------------------------------------------------------------------------------


def test_one_tap_says_yes_and_another_changes_it(signed_in: SignedIn, cass: Person, meeting: Meeting) -> None:
    client = signed_in(cass)
    said = []
    for tap in ("yes", "no"):
        answer = client.post(url("answer", meeting), {"answer": tap})
        page = client.get(answer["Location"]).text
        said.append((answers_to(meeting)[cass.pk], "You said yes." in page))
    assert said == [(True, True), (False, False)]


@pytest.mark.parametrize("tap", ["", "maybe"])
def test_anything_else_is_no_answer(signed_in: SignedIn, cass: Person, meeting: Meeting, tap: str) -> None:
    client = signed_in(cass)
    assert client.post(url("answer", meeting), {"answer": tap}).status_code == 302
    assert answers_to(meeting) == {}


def test_too_late_is_said_kindly(signed_in: SignedIn, cass: Person, begun: Meeting) -> None:
    answer = signed_in(cass).post(url("answer", begun), {"answer": "yes"}, follow=True)
    assert ("This cannot be answered any more." in answer.text, answers_to(begun)) == (True, {})


def test_for_dee_the_evening_does_not_exist(
    signed_in: SignedIn, dee: Person, meeting: Meeting, thursday: Group
) -> None:
    client = signed_in(dee)
    codes = [
        client.get(url("meeting", meeting)).status_code,
        client.post(url("answer", meeting), {"answer": "yes"}).status_code,
    ]
    assert (codes, answers_to(meeting)) == ([404, 404], {})


def test_whoever_left_the_group_sees_it_no_more(
    acting: Acting, signed_in: SignedIn, cass: Person, meeting: Meeting
) -> None:
    with acting(cass):
        leave_group(Seat.objects.get(person=cass), actor=cass)
        assert next_meeting_of(cass) is None
    assert signed_in(cass).get(url("meeting", meeting)).status_code == 404


def test_who_serves_is_led_to_the_card(signed_in: SignedIn, bo: Person, max: Person, with_max: Meeting) -> None:
    answers = [signed_in(who).get(url("meeting", with_max)) for who in (bo, max)]
    assert [answer["Location"] for answer in answers] == [url("evening", with_max)] * 2


def test_a_coordinator_reads_the_evening_and_is_not_asked(signed_in: SignedIn, ana: Person, meeting: Meeting) -> None:
    page = signed_in(ana).get(url("meeting", meeting)).text
    assert ("Kestrel" in page, 'name="answer"' in page) == (True, False)


@pytest.mark.parametrize(("before", "shown"), [(timedelta(hours=24, seconds=1), False), (timedelta(hours=24), True)])
def test_the_place_is_shown_from_a_day_before(
    signed_in: SignedIn, cass: Person, meeting: Meeting, before: timedelta, *, shown: bool
) -> None:
    with time_machine.travel(meeting.starts_at - before, tick=False):
        page = signed_in(cass).get(url("meeting", meeting)).text
    assert ("Library, room 2" in page) == shown


def test_the_address_of_an_online_room_waits_as_well(
    acting: Acting, signed_in: SignedIn, ana: Person, cass: Person, meeting: Meeting
) -> None:
    with acting(ana):
        Group.objects.get(pk=meeting.group_id).rewrite(online=True, venue="Room", address="https://call.example/x")
    seen = []
    for before in (timedelta(hours=25), timedelta(hours=23)):
        with time_machine.travel(meeting.starts_at - before, tick=False):
            seen.append("https://call.example/x" in signed_in(cass).get(url("meeting", meeting)).text)
    assert seen == [False, True]


@pytest.mark.parametrize(("yes", "number"), [(0, None), (2, None), (3, 3), (4, 4)])
def test_how_many_said_yes_is_counted_from_three_on(
    acting: Acting, cass: Person, meeting: Meeting, crowd: Crowd, yes: int, number: int | None
) -> None:
    people = crowd(5)
    for place, person in enumerate(people):
        Answer.objects.create(meeting=meeting, person=person, coming=place < yes)
    with acting(cass):
        found = outlook_of(cass, meeting.pk)
    assert found is not None
    assert found.coming == number


def test_whoever_left_the_group_or_takes_a_break_is_not_counted(
    acting: Acting, cass: Person, meeting: Meeting, crowd: Crowd
) -> None:
    people, seen = crowd(5), list[int | None]()
    for person in people:
        Answer.objects.create(meeting=meeting, person=person, coming=True)
    changes: list[Callable[[], None]] = [
        lambda: None,
        lambda: _pauses(people[0]),
        lambda: _leaves(people[1]),
        lambda: _leaves(people[2]),
    ]
    for change in changes:
        change()
        with acting(cass):
            found = outlook_of(cass, meeting.pk)
        assert found is not None
        seen.append(found.coming)
    assert seen == [5, 4, 3, None]


def _pauses(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(status=Person.Status.PAUSED)


def _leaves(person: Person) -> None:
    Seat.objects.filter(person=person).update(until_on=timezone.localdate())


def test_who_will_be_there_is_named_and_the_reserve_is_not(acting: Acting, cass: Person, with_max: Meeting) -> None:
    with acting(cass):
        found = outlook_of(cass, with_max.pk)
        assert found is not None
        assert found.hosts == ["Bo", "Max"]


def test_a_change_is_shown_until_the_evening_is_over(signed_in: SignedIn, cass: Person, meeting: Meeting) -> None:
    Change.objects.create(meeting=meeting, kind=Change.Kind.SWAPPED, reason=Change.Reason.GROUP_WISH)
    seen = []
    for moment in (meeting.starts_at, meeting.ends_at):
        with time_machine.travel(moment, tick=False):
            seen.append("The group asked for it." in signed_in(cass).get(url("meeting", meeting)).text)
    assert seen == [True, False]


@pytest.mark.parametrize(
    ("presence", "words"),
    [
        (Attendance.Presence.HERE, "You were there."),
        (Attendance.Presence.PHONE, "You were there by phone or online."),
        (Attendance.Presence.AWAY, "You were not there this time. Nothing follows from it."),
    ],
)
def test_afterwards_what_it_was_about_and_one_s_own_presence(
    signed_in: SignedIn, bo: Person, cass: Person, meeting: Meeting, presence: Attendance.Presence, words: str
) -> None:
    with time_machine.travel(meeting.ends_at, tick=False):
        record_evening(meeting, {cass: presence}, held=True, mood=1, actor=bo)
        page = signed_in(cass).get(url("meeting", meeting)).text
    second = Meeting.objects.get(group=meeting.group, week=2)
    wanted = ["Arriving", "To arrive.", "It took place.", words, url("meeting", second)]
    assert [part for part in wanted if part not in page] == []
    # Neither the mood of the group nor the place nor who led it.
    assert [part for part in ("Heavy", "Library", "Bo<") if part in page] == []


# -- For the first screen ----------------------------------------------------------------------------------


def test_the_first_screen_gets_the_next_meeting_in_few_queries(
    acting: Acting, cass: Person, meeting: Meeting, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with acting(cass):
        with django_assert_num_queries(3):
            found = next_meeting_of(cass)
        assert found is not None
        with django_assert_num_queries(1):
            open_all(found.sealed())
        with django_assert_num_queries(0):
            assert (found.title, found.hosts, found.asks, found.answer) == ("Arriving", ["Bo"], True, None)


def test_the_next_meeting_is_one_that_takes_place(cass: Person, meeting: Meeting) -> None:
    second = Meeting.objects.get(group=meeting.group, week=2)
    with time_machine.travel(meeting.ends_at, tick=False):
        found = next_meeting_of(cass)
    assert found is not None
    assert found.meeting == second
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.SKIPPED)
    found = next_meeting_of(cass)
    assert found is not None
    assert found.meeting == second


def test_who_sits_nowhere_has_no_next_meeting(
    acting: Acting, ana: Person, bo: Person, dee: Person, meeting: Meeting, thursday: Group
) -> None:
    assert [next_meeting_of(who) for who in (dee, bo, ana)] == [None, None, None]
    with acting(ana):
        plan_meetings(thursday.cycle, actor=ana)
    found = next_meeting_of(dee)
    assert found is not None
    assert found.meeting.group == thursday


@pytest.mark.parametrize(("moment", "queries"), [(timedelta(hours=-1), 6), (timedelta(hours=3), 6)])
@pytest.mark.parametrize("more", [1, 19])
def test_no_more_queries_for_twenty_than_for_two(
    signed_in: SignedIn,
    cass: Person,
    meeting: Meeting,
    crowd: Crowd,
    django_assert_num_queries: DjangoAssertNumQueries,
    *,
    more: int,
    moment: timedelta,
    queries: int,
) -> None:
    for person in crowd(more):
        Answer.objects.create(meeting=meeting, person=person, coming=True)
    with time_machine.travel(meeting.starts_at + moment, tick=False):
        client = signed_in(cass)
        with django_assert_num_queries(queries):
            assert client.get(url("meeting", meeting)).status_code == 200

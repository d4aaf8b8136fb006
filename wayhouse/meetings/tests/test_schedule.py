"""An announced evening is moved, skipped or gets another topic: with a reason, two days ahead, and people are told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from conftest import Acting
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.groups.models import Group
from wayhouse.groups.refusals import Outdated
from wayhouse.meetings.models import Answer, Change, EveningCard, Guide, Meeting, Swap
from wayhouse.meetings.scheduling import (
    Clash,
    NotFree,
    TopicStands,
    changes_for,
    move_meeting,
    skip_meeting,
    swap_topic,
)
from wayhouse.meetings.tests.scenes import FREE, Town, on
from wayhouse.people.models import Person

Kinds = Callable[[], list[str]]
ROOM, SAFETY = Change.Reason.ROOM, Change.Reason.SAFETY
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
@rehearsed
def town(town: Town, bo: Person, max: Person) -> Town:
    town.lasts(3)
    Guide.objects.create(cycle=town.cycle, key="spare", language="en", week=None, title="Spare", content={})
    Guide.objects.create(cycle=town.cycle, key="orientation", language="en", week=0, title="Before", content={})
    for person in (bo, max):
        town.says(person, meetings_a_week=2, slots=FREE)
    return town


@pytest.fixture
@rehearsed
def kestrel(town: Town, cass: Person) -> Group:
    return town.group("Kestrel", cass)


@pytest.fixture
@rehearsed
def evenings(town: Town, kestrel: Group, bo: Person, max: Person) -> list[Meeting]:
    """Three Tuesdays with Bo and Max."""
    town.accepts({(kestrel, week): [bo, max] for week in (1, 2, 3)})
    return list(Meeting.objects.select_related("group__cycle").order_by("week"))


@pytest.fixture
@rehearsed
def evening(evenings: list[Meeting]) -> Meeting:
    """The second of them: more than two days ahead, whatever day it is."""
    return evenings[1]


def days_later(meeting: Meeting, days: int) -> datetime:
    return meeting.starts_at + timedelta(days=days)


# -- Moving ------------------------------------------------------------------------------------


def test_moved_with_its_reason_and_everybody_is_told(
    acting: Acting, evening: Meeting, ana: Person, max: Person, cass: Person, dee: Person, logged: Kinds
) -> None:
    was_at, thursday = evening.starts_at, days_later(evening, 2)
    Answer.objects.create(meeting=evening, person=cass, coming=True)
    with acting(ana):
        move_meeting(evening, thursday, reason=ROOM, actor=ana)
    moved = Meeting.objects.get(pk=evening.pk)
    assert (moved.starts_at, moved.ends_at) == (thursday, thursday + timedelta(minutes=90))
    assert moved.announced_for == was_at
    assert not Answer.objects.exists()
    assert len(on(evening)) == 2
    told = {person: [(one.kind, one.reason, one.was_at) for one in changes_for(person)] for person in (ana, max, cass)}
    assert told == {key: [("moved", "room", was_at)] for key in (ana, max, cass)}
    assert not changes_for(dee).exists()
    assert logged() == ["meeting.staffed", "meeting.moved"]


def test_told_until_the_evening_is_over(acting: Acting, evening: Meeting, ana: Person, cass: Person) -> None:
    with acting(ana):
        move_meeting(evening, days_later(evening, 2), reason=ROOM, actor=ana)
    evening.refresh_from_db()
    with time_machine.travel(evening.ends_at - timedelta(seconds=1), tick=False):
        assert changes_for(cass).count() == 1
    with time_machine.travel(evening.ends_at, tick=False):
        assert changes_for(cass).count() == 0


def change(what: str, meeting: Meeting, reason: Change.Reason, actor: Person) -> None:
    if what == "move":
        move_meeting(meeting, days_later(meeting, 9), reason=reason, actor=actor)
    elif what == "topic":
        swap_topic(meeting, "spare", reason=reason, actor=actor)
    else:
        skip_meeting(meeting, reason=reason, actor=actor)


@pytest.mark.parametrize("what", ["move", "topic", "skip"])
@pytest.mark.parametrize(("hours", "reason"), [(48, ROOM), (47.9, SAFETY), (0.1, SAFETY)])
def test_until_two_days_before_and_later_for_safety(
    acting: Acting, evening: Meeting, ana: Person, what: str, hours: float, reason: Change.Reason
) -> None:
    with time_machine.travel(evening.starts_at - timedelta(hours=hours), tick=False), acting(ana):
        change(what, evening, reason, ana)
    assert [(one.meeting, one.reason) for one in Change.objects.select_related("meeting")] == [(evening, reason)]


@pytest.mark.parametrize("what", ["move", "topic", "skip"])
@pytest.mark.parametrize(("hours", "reason"), [(47.9, ROOM), (0, SAFETY)])
def test_not_within_two_days_and_never_once_it_began(
    acting: Acting, evening: Meeting, ana: Person, what: str, hours: float, reason: Change.Reason
) -> None:
    moment = time_machine.travel(evening.starts_at - timedelta(hours=hours), tick=False)
    with moment, acting(ana), pytest.raises(PermissionDenied):
        change(what, evening, reason, ana)
    assert not Change.objects.exists()


def test_nothing_is_moved_into_the_next_two_days_except_for_safety(
    acting: Acting, evening: Meeting, ana: Person
) -> None:
    with time_machine.travel(evening.starts_at - timedelta(days=5), tick=False), acting(ana):
        soon = days_later(evening, -5) + timedelta(hours=48)
        with pytest.raises(PermissionDenied):
            move_meeting(evening, soon, reason=ROOM, without_busy=True, actor=ana)
        with pytest.raises(PermissionDenied):
            move_meeting(evening, days_later(evening, -6), reason=SAFETY, without_busy=True, actor=ana)
        move_meeting(evening, soon, reason=SAFETY, without_busy=True, actor=ana)
    assert Change.objects.get().reason == SAFETY


def test_who_is_not_free_is_named_and_nothing_is_changed(
    acting: Acting, town: Town, evening: Meeting, ana: Person, max: Person
) -> None:
    town.says(max, slots=["tue-evening"])
    with acting(ana), pytest.raises(NotFree) as answer:
        move_meeting(evening, days_later(evening, 2), reason=ROOM, actor=ana)
    assert answer.value.names == ["Max"]
    assert Meeting.objects.get(pk=evening.pk).starts_at == evening.starts_at
    assert not Change.objects.exists()


def test_who_serves_elsewhere_then_is_not_free(
    acting: Acting, town: Town, evening: Meeting, ana: Person, bo: Person, max: Person, kestrel: Group
) -> None:
    wren, (mo,) = town.group("Wren", slot="thu-evening"), town.mentors("Mo")
    plan = {(kestrel, week): [bo, max] for week in (1, 2, 3)} | {(wren, 1): [], (wren, 2): [bo, mo], (wren, 3): []}
    town.accepts(plan)
    with acting(ana), pytest.raises(NotFree) as answer:
        move_meeting(evening, days_later(evening, 2), reason=ROOM, actor=ana)
    assert answer.value.names == ["Bo"]


def test_without_those_who_are_not_free(
    acting: Acting, town: Town, evening: Meeting, ana: Person, bo: Person, max: Person
) -> None:
    town.says(max, slots=["tue-evening"])
    with acting(ana):
        move_meeting(evening, days_later(evening, 2), reason=ROOM, without_busy=True, actor=ana)
    assert on(evening) == {bo}


def test_who_could_come_instead_is_asked_for_the_new_time(
    acting: Acting, town: Town, evening: Meeting, ana: Person
) -> None:
    town.mentors("Thursday", slots=["thu-evening"])
    with acting(ana):
        move_meeting(evening, days_later(evening, 2), reason=ROOM, actor=ana)
        assert [words["name"] for words in EveningCard.objects.get(meeting=evening).cover] == ["Thursday"]


def test_a_group_does_not_meet_twice_at_once(acting: Acting, evening: Meeting, ana: Person) -> None:
    with acting(ana):
        with pytest.raises(Clash):
            move_meeting(evening, days_later(evening, 7), reason=ROOM, actor=ana)
        Meeting.objects.filter(week=3).update(state=Meeting.State.SKIPPED)
        move_meeting(evening, days_later(evening, 7), reason=ROOM, actor=ana)


# -- Skipping and topics -----------------------------------------------------------------------


def test_skipped(acting: Acting, evening: Meeting, ana: Person, cass: Person, max: Person, logged: Kinds) -> None:
    Swap.objects.create(meeting=evening, asker=max)
    with acting(ana):
        skip_meeting(evening, reason=Change.Reason.HOLIDAY, actor=ana)
        again = Meeting.objects.select_related("group__cycle").get(pk=evening.pk)
        with pytest.raises(PermissionDenied):
            skip_meeting(again, reason=SAFETY, actor=ana)
    assert again.state == Meeting.State.SKIPPED
    assert Swap.objects.get().state == Swap.State.WITHDRAWN
    assert [(one.kind, one.reason) for one in changes_for(cass)] == [("skipped", "holiday")]
    assert logged() == ["meeting.skipped"]


def test_a_spare_topic(acting: Acting, evening: Meeting, ana: Person, cass: Person, logged: Kinds) -> None:
    with acting(ana):
        swap_topic(evening, "spare", reason=Change.Reason.GROUP_WISH, actor=ana)
    assert list(Meeting.objects.order_by("week").values_list("guide_key", flat=True)) == ["topic-1", "spare", "topic-3"]
    assert [(one.meeting_id, one.kind) for one in changes_for(cass)] == [(evening.pk, "swapped")]
    assert logged() == ["topic.swapped"]


def test_two_evenings_exchange_their_topics(acting: Acting, evenings: list[Meeting], ana: Person, cass: Person) -> None:
    with acting(ana):
        swap_topic(evenings[1], "topic-3", reason=Change.Reason.GROUP_WISH, actor=ana)
    assert list(Meeting.objects.order_by("week").values_list("guide_key", flat=True)) == [
        "topic-1",
        "topic-3",
        "topic-2",
    ]
    assert [one.meeting_id for one in changes_for(cass)] == [evenings[1].pk, evenings[2].pk]


def test_no_exchange_with_an_evening_that_stands(acting: Acting, evenings: list[Meeting], ana: Person) -> None:
    first, second, _third = evenings
    soon = time_machine.travel(first.starts_at - timedelta(hours=47), tick=False)
    with soon, acting(ana), pytest.raises(TopicStands):
        swap_topic(second, "topic-1", reason=ROOM, actor=ana)
    assert not Change.objects.exists()
    with time_machine.travel(first.ends_at, tick=False), acting(ana):
        swap_topic(second, "topic-1", reason=ROOM, actor=ana)
    assert list(Meeting.objects.order_by("week").values_list("guide_key", flat=True)) == [
        "topic-1",
        "topic-1",
        "topic-3",
    ]


@pytest.mark.parametrize("what", ["move", "topic", "skip"])
def test_judged_by_the_evening_as_it_is_now(acting: Acting, evening: Meeting, ana: Person, what: str) -> None:
    Meeting.objects.filter(pk=evening.pk).update(state=Meeting.State.SKIPPED)
    with acting(ana), pytest.raises(Outdated):
        change(what, evening, ROOM, ana)
    assert not Change.objects.exists()


@pytest.mark.parametrize("key", ["orientation", "unknown", "topic-2"])
def test_only_topics_of_the_cycle(acting: Acting, evening: Meeting, ana: Person, key: str) -> None:
    with acting(ana), pytest.raises(Guide.DoesNotExist):
        swap_topic(evening, key, reason=ROOM, actor=ana)
    assert not Change.objects.exists()


def test_dee_changes_nothing(acting: Acting, evening: Meeting, dee: Person) -> None:
    with acting(dee):
        with pytest.raises(PermissionDenied):
            move_meeting(evening, days_later(evening, 2), reason=SAFETY, actor=dee)
        with pytest.raises(PermissionDenied):
            skip_meeting(evening, reason=SAFETY, actor=dee)
        with pytest.raises(PermissionDenied):
            swap_topic(evening, "spare", reason=SAFETY, actor=dee)
    assert not Change.objects.exists()
    assert Meeting.objects.get(pk=evening.pk).state == Meeting.State.PLANNED

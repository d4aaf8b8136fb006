"""The page on which a coordinator moves an evening, skips it or gives it another topic."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import SignedIn
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.groups.models import Group
from wayhouse.meetings import scheduling
from wayhouse.meetings.models import Change, Guide, Meeting
from wayhouse.meetings.scheduling import skip_meeting
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


def sent(moment: datetime, **more: str) -> dict[str, str]:
    local = moment.astimezone(BERLIN)
    kept = {"what": "move", "move-day": local.date().isoformat(), "move-time": f"{local:%H:%M}", "move-reason": "room"}
    return {**kept, **more}


def test_the_page_moves_an_evening(signed_in: SignedIn, evening: Meeting, ana: Person) -> None:
    client, there = signed_in(ana), reverse("meetings:schedule", args=[evening.pk])
    page = client.get(there).content.decode()
    assert [
        words in page for words in ("The room is not available.", "Let it not take place", "Topic 3", "Before")
    ] == [
        True,
        True,
        True,
        False,
    ]
    answer = client.post(there, sent(days_later(evening, 2)))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("meetings:meetings"))
    assert Meeting.objects.get(pk=evening.pk).starts_at == days_later(evening, 2)


def test_the_page_says_who_is_not_free_and_asks(
    signed_in: SignedIn, town: Town, evening: Meeting, ana: Person, bo: Person, max: Person
) -> None:
    town.says(max, slots=["tue-evening"])
    client, there = signed_in(ana), reverse("meetings:schedule", args=[evening.pk])
    assert "move-without_busy" not in client.get(there).content.decode()
    page = client.post(there, sent(days_later(evening, 2))).content.decode()
    assert ("Not free then: Max." in page, "move-without_busy" in page) == (True, True)
    client.post(there, sent(days_later(evening, 2), **{"move-without_busy": "on"}))
    assert on(evening) == {bo}


@pytest.mark.parametrize(
    ("days", "more", "words"),
    [
        (0, {}, "This is the time it already has."),
        (-60, {}, "This time is over."),
        (200, {}, "within the next six months"),
        (2, {"move-time": "18:07"}, "full quarter of an hour"),
        (7, {}, "another evening at that time"),
        (2, {"move-reason": ""}, "Please choose."),
    ],
)
def test_what_cannot_be_is_explained(
    signed_in: SignedIn, evening: Meeting, ana: Person, days: int, more: dict[str, str], words: str
) -> None:
    there = reverse("meetings:schedule", args=[evening.pk])
    page = signed_in(ana).post(there, sent(days_later(evening, days), **more)).content.decode()
    assert words in page
    assert not Change.objects.exists()


def test_two_days_before_the_page_offers_safety_alone(signed_in: SignedIn, evening: Meeting, ana: Person) -> None:
    there = reverse("meetings:schedule", args=[evening.pk])
    with time_machine.travel(evening.starts_at - timedelta(hours=47), tick=False):
        client = signed_in(ana)
        page = client.get(there).content.decode()
        assert ("Less than 48 hours to go." in page, "The room is not available." in page) == (True, False)
        client.post(there, {"what": "skip", "skip-reason": "room"})
        assert not Change.objects.exists()
        client.post(there, {"what": "skip", "skip-reason": "safety"})
    assert Change.objects.get().kind == Change.Kind.SKIPPED


def test_the_page_skips_and_changes_topics(signed_in: SignedIn, evenings: list[Meeting], ana: Person) -> None:
    client = signed_in(ana)
    data = {"what": "topic", "topic-topic": "spare", "topic-reason": "wish"}
    client.post(reverse("meetings:schedule", args=[evenings[1].pk]), data)
    client.post(reverse("meetings:schedule", args=[evenings[2].pk]), {"what": "skip", "skip-reason": "holiday"})
    assert list(Change.objects.order_by("pk").values_list("kind", flat=True)) == ["swapped", "skipped"]
    page = client.get(reverse("meetings:schedule", args=[evenings[2].pk])).content.decode()
    assert ("Its schedule stands." in page, "There is a holiday." in page) == (True, True)


def test_the_page_says_that_a_topic_stands(signed_in: SignedIn, evenings: list[Meeting], ana: Person) -> None:
    first, second, _third = evenings
    there, data = reverse("meetings:schedule", args=[second.pk]), {"what": "topic", "topic-topic": "topic-1"}
    with time_machine.travel(first.starts_at - timedelta(hours=47), tick=False):
        client = signed_in(ana)
        page = client.post(there, {**data, "topic-reason": "room"})
        assert "An evening in the next 48 hours has this topic." in page.content.decode()
        assert not Change.objects.exists()
        client.post(there, {**data, "topic-reason": "safety"})
    assert list(Change.objects.values_list("kind", flat=True)) == ["swapped", "swapped"]


def test_the_page_says_that_it_changed_meanwhile(
    monkeypatch: pytest.MonkeyPatch, signed_in: SignedIn, evening: Meeting, ana: Person
) -> None:
    def late(meeting: Meeting, **_said: object) -> None:
        Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.SKIPPED)
        skip_meeting(meeting, reason=ROOM, actor=ana)

    monkeypatch.setattr(scheduling, "skip_meeting", late)
    data = {"what": "skip", "skip-reason": "room"}
    page = signed_in(ana).post(reverse("meetings:schedule", args=[evening.pk]), data, follow=True)
    assert "This evening was changed meanwhile." in page.content.decode()
    assert not Change.objects.exists()


@pytest.mark.parametrize("who", ["bo", "max", "cass", "dee"])
def test_for_others_it_does_not_exist(
    signed_in: SignedIn, request: pytest.FixtureRequest, evening: Meeting, who: str
) -> None:
    client, there = signed_in(request.getfixturevalue(who)), reverse("meetings:schedule", args=[evening.pk])
    assert client.get(there).status_code == 404
    assert client.post(there, {"what": "skip", "skip-reason": "safety"}).status_code == 404
    assert not Change.objects.exists()


@pytest.mark.parametrize("topics", [2, 20])
def test_as_many_queries_with_two_as_with_twenty(
    signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries, evening: Meeting, ana: Person, topics: int
) -> None:
    Guide.objects.bulk_create(
        Guide(cycle=evening.group.cycle, key=f"more-{number}", language="en", title=f"More {number}", content={})
        for number in range(topics)
    )
    Change.objects.bulk_create(Change(meeting=evening, kind="swapped", reason="room") for _ in range(topics))
    client, there = signed_in(ana), reverse("meetings:schedule", args=[evening.pk])
    client.get(there)
    with django_assert_num_queries(6):
        client.get(there)

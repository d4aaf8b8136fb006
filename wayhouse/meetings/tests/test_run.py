from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from conftest import SignedIn
from wayhouse.meetings import running
from wayhouse.meetings.models import Meeting, Shift
from wayhouse.meetings.rules import HELD_AFTER, HELD_BEFORE, may_hold_open
from wayhouse.people.models import Person


def url(meeting: Meeting) -> str:
    return reverse("meetings:run", args=[meeting.pk])


def go(client: Client, meeting: Meeting, step: str, online: str = "no") -> str:
    """Press a button of the page and read the page that follows."""
    answer = client.post(url(meeting), {"step": step, "online": online})
    assert answer.status_code == 302
    return client.get(answer["Location"]).text


def test_step_by_step_and_back(signed_in: SignedIn, bo: Person, begun: Meeting) -> None:
    client = signed_in(bo)
    assert "Begin the evening" in client.get(url(begun)).text
    first = go(client, begun, "0")
    assert [words in first for words in ("<h1>Round</h1>", "Welcome.", "Begin softly.", "Step 1 of 2")] == [True] * 4
    second = go(client, begun, "1")
    assert [words in second for words in ("<h1>Yours</h1>", "Tea.", "Step 2 of 2")] == [True] * 3
    assert "<h1>Round</h1>" in go(client, begun, "0")


def test_the_clock_of_a_step_runs_on_when_the_page_is_opened_again(
    signed_in: SignedIn, bo: Person, begun: Meeting
) -> None:
    start = int(begun.starts_at.timestamp())
    with time_machine.travel(begun.starts_at, tick=False):
        client = signed_in(bo)
        assert f'data-clock="{start}"' in go(client, begun, "0")
    with time_machine.travel(begun.starts_at + timedelta(minutes=7), tick=False):
        assert f'data-clock="{start}"' in client.get(url(begun)).text
        assert f'data-clock="{start}"' in go(client, begun, "0")
        assert f'data-clock="{start + 420}"' in go(client, begun, "1")


@pytest.mark.parametrize(
    ("minutes", "words"), [(5, "85 minutes left"), (89, "1 minute left"), (120, "0 minutes left"), (-60, None)]
)
def test_the_minutes_left_of_the_evening(
    signed_in: SignedIn, bo: Person, meeting: Meeting, minutes: int, words: str | None
) -> None:
    with time_machine.travel(meeting.starts_at + timedelta(minutes=minutes), tick=False):
        page = go(signed_in(bo), meeting, "0")
    assert [words in page if words else "left until" not in page] == [True]


def test_the_hard_moments_are_one_tap_away(signed_in: SignedIn, bo: Person, begun: Meeting) -> None:
    page = go(signed_in(bo), begun, "0")
    assert page.count('href="#distressed"') == page.count('id="distressed"') == 1


def test_the_shorter_online_version(signed_in: SignedIn, bo: Person, begun: Meeting) -> None:
    page = go(signed_in(bo), begun, "0", online="yes")
    assert [words in page for words in ("<h1>Free time</h1>", "Talk.", "Step 1 of 1")] == [True] * 3


def test_the_questions_of_the_evening_belong_to_the_online_version_too() -> None:
    content: dict[str, Any] = {
        "steps": [{"part": "questions", "title": "Q", "minutes": 9, "do": ["Ask."], "questions": ["Why?", "How?"]}],
        "online": {"steps": [{"part": "questions", "minutes": 5, "how": "Only the second."}]},
    }
    found = running.steps_of(content, online=True)
    assert [(step.title, step.minutes, step.do, step.questions) for step in found] == [
        ("Questions", 5, ["Only the second."], ["Why?", "How?"])
    ]


def test_the_end_leads_to_the_record_and_forgets_the_place(signed_in: SignedIn, bo: Person, begun: Meeting) -> None:
    client = signed_in(bo)
    go(client, begun, "1")
    answer = client.post(url(begun), {"step": "end", "online": "no"})
    assert answer["Location"] == reverse("meetings:record", args=[begun.pk])
    assert "Begin the evening" in client.get(url(begun)).text


@pytest.mark.parametrize("step", ["2", "-1", "x", "", "²"])
def test_a_step_that_does_not_exist_changes_nothing(signed_in: SignedIn, bo: Person, begun: Meeting, step: str) -> None:
    assert "Begin the evening" in go(signed_in(bo), begun, step)


def test_the_phone_in_the_pocket_stays_signed_in_until_an_hour_after(
    signed_in: SignedIn, bo: Person, begun: Meeting
) -> None:
    client = signed_in(bo)
    go(client, begun, "0")
    with time_machine.travel(begun.ends_at + timedelta(minutes=59), tick=False):
        assert client.get(url(begun)).status_code == 200


def test_an_hour_after_the_end_it_locks_as_ever(signed_in: SignedIn, bo: Person, begun: Meeting) -> None:
    client = signed_in(bo)
    go(client, begun, "0")
    with time_machine.travel(begun.ends_at + timedelta(minutes=61), tick=False):
        assert client.get(url(begun)).status_code == 302


def test_whoever_stands_by_or_only_practises_is_not_held(
    signed_in: SignedIn, bo: Person, sol: Person, with_max: Meeting
) -> None:
    held = []
    for who, moment in ((sol, with_max.starts_at), (bo, with_max.starts_at - timedelta(hours=3))):
        with time_machine.travel(moment, tick=False):
            client = signed_in(who)
            go(client, with_max, "0")
        with time_machine.travel(moment + timedelta(minutes=20), tick=False):
            held.append(client.get(url(with_max)).status_code)
    assert held == [302, 302]


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (-HELD_BEFORE - timedelta(seconds=1), False),
        (-HELD_BEFORE, True),
        (timedelta(minutes=90) + HELD_AFTER, True),
        (timedelta(minutes=90, seconds=1) + HELD_AFTER, False),
    ],
)
def test_a_session_is_held_around_the_evening_alone(
    bo: Person, dee: Person, meeting: Meeting, moment: timedelta, *, allowed: bool
) -> None:
    shift = Shift.objects.select_related("meeting").get(meeting=meeting, person=bo)
    with time_machine.travel(meeting.starts_at + moment, tick=False):
        assert (may_hold_open(bo, shift), may_hold_open(dee, shift)) == (allowed, False)


def test_for_cass_and_dee_there_is_nothing_to_run(
    signed_in: SignedIn, cass: Person, dee: Person, begun: Meeting
) -> None:
    codes = [signed_in(who).post(url(begun), {"step": "0"}).status_code for who in (cass, dee)]
    assert codes == [404, 404]

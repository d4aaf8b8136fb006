"""A gap is one thing on every page: in a proposal, in the question before it is accepted, in the rota in force."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import SignedIn
from wayhouse.groups.models import Cycle, Group
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.rota_sheet import sheet_of
from wayhouse.meetings.tests.scenes import Plan, Town
from wayhouse.people.models import Person


@pytest.fixture
def groups(town: Town) -> list[Group]:
    return [town.group("Kestrel"), town.group("Wren", slot="thu-evening")]


@pytest.fixture
def plan(town: Town, groups: list[Group]) -> Plan:
    """Three weeks of two groups: three evenings lack somebody, and at a fourth nobody will be free to stand by."""
    town.lasts(3)
    kestrel, wren = groups
    (bea,), (max_, mia) = town.leads("Bea"), town.mentors("Max", "Mia")
    town.leads("Zoe", slots=["tue-evening"])
    return {
        (kestrel, 1): [bea, max_, mia],
        (kestrel, 2): [bea, max_, mia],
        (kestrel, 3): [bea, max_],
        (wren, 1): [bea, max_, mia],
        (wren, 2): [],
        (wren, 3): [bea],
    }


def accept(client: Client, cycle: Cycle) -> list[str]:
    """Say yes to the proposal, and read what the house says then."""
    answer = client.post(reverse("meetings:accept_rota", args=[cycle.pk]), {"revision": 1})
    return [str(message) for message in get_messages(answer.wsgi_request)]


def lacking(town: Town) -> int:
    """How many evenings lack somebody on the page of the rota."""
    with town.cast.acting(town.ana):
        sheet = sheet_of(town.ana, town.cycle.pk)
        assert sheet is not None
        board = sheet.board("", counted=False)
        return len(board.coming_gaps) + board.later_gaps


def test_question_and_answer_count_what_the_pages_show(
    signed_in: SignedIn, town: Town, ana: Person, plan: Plan
) -> None:
    town.proposal(plan)
    client, there = signed_in(ana), reverse("meetings:accept_rota", args=[town.cycle.pk])
    asked = client.get(there)
    assert (lacking(town), asked.context["evenings"], asked.context["lacking"]) == (3, 6, 3)
    promised = [
        "6 evenings are planned.",
        "3 evenings still lack somebody who leads or accompanies.",
        "Who stands by is found when you accept the rota, where somebody is free.",
    ]
    assert [words for words in promised if words not in asked.text] == []
    assert promised[2] in client.get(reverse("meetings:rota", args=[town.cycle.pk])).text
    assert accept(client, town.cycle) == [
        "The rota is in force: 6 evenings are planned.",
        "4 evenings still lack somebody who leads, accompanies or stands by.",
    ]
    assert lacking(town) == 4


def test_where_nobody_lacks_nothing_is_said_of_it(
    signed_in: SignedIn, town: Town, ana: Person, plan: Plan, groups: list[Group]
) -> None:
    Group.objects.filter(pk=groups[1].pk).update(closed_on=timezone.localdate())
    whole = plan[groups[0], 1]
    town.proposal({(groups[0], week): whole for week in (1, 2, 3)})
    client = signed_in(ana)
    asked = client.get(reverse("meetings:accept_rota", args=[town.cycle.pk]))
    assert (asked.context["evenings"], asked.context["lacking"], "still lack" in asked.text) == (3, 0, False)
    assert accept(client, town.cycle) == ["The rota is in force: 3 evenings are planned."]


def test_an_evening_that_was_called_off_is_neither_planned_nor_lacking(
    signed_in: SignedIn, town: Town, ana: Person, plan: Plan
) -> None:
    made = town.accepts(plan)
    off = next(meeting for meeting in made if not meeting.shifts.filter(reserve=False).exists())
    Meeting.objects.filter(pk=off.pk).update(state=Meeting.State.SKIPPED)
    town.proposal(plan)
    client = signed_in(ana)
    asked = client.get(reverse("meetings:accept_rota", args=[town.cycle.pk]))
    assert (asked.context["evenings"], asked.context["lacking"]) == (5, 2)
    assert accept(client, town.cycle) == [
        "The rota is in force: 5 evenings are planned.",
        "3 evenings still lack somebody who leads, accompanies or stands by.",
    ]

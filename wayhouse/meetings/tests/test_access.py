"""What people need to come becomes tasks: due three days before, worked off, and read by whoever asked."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils.html import strip_tags

from conftest import Acting, SignedIn
from wayhouse.crypto.box import CannotOpen
from wayhouse.meetings import access
from wayhouse.meetings.access_tasks import DUE_BEFORE, AccessTask
from wayhouse.meetings.models import Meeting
from wayhouse.people.actions import come_back, pause
from wayhouse.people.models import Person

State = AccessTask.State


def asked(acting: Acting, who: Person, *meetings: Meeting, need: str = "interpreter") -> AccessTask:
    with acting(who):
        access.ask_access(meetings, need, actor=who)
    return AccessTask.objects.select_related("item", "meeting__group").latest("meeting__starts_at")


@pytest.fixture
def early(meeting: Meeting) -> Iterator[Meeting]:
    """Five days before the evening, whatever day it is: nothing that is asked for is due yet."""
    with time_machine.travel(meeting.starts_at - timedelta(days=5)):
        yield meeting


def test_a_member_asks_and_reads_how_it_stands(
    signed_in: SignedIn, ana: Person, cass: Person, early: Meeting, django_assert_max_num_queries: Any
) -> None:
    client, page = signed_in(cass), f"/evenings/{early.pk}/needs/"
    for _twice in range(2):
        client.post(page, {"need": "childcare", "span": "all"})
    tasks = list(AccessTask.objects.order_by("meeting__starts_at"))
    assert [task.meeting.week for task in tasks] == [1, 2]
    assert client.get("/").context["screen"].outlook.arranged is False
    # Sealed between the two: the coordinator reads what and for whom, and says that it is arranged.
    desk = signed_in(ana)
    desk.get("/")
    with django_assert_max_num_queries(8):
        told = desk.get("/evenings/needs/").context
    assert [(str(task.label), name) for task, name in told["waiting"]] == [("Childcare", "Cass")] * 2
    desk.post(f"/evenings/needs/{tasks[0].pk}/", {"state": "arranged"})
    # What waits can still be arranged, what is settled only looked at again.
    shown = desk.get("/evenings/needs/").content
    assert [shown.count(b'value="%s"' % state) for state in (b"arranged", b"not", b"asked")] == [1, 1, 1]
    with django_assert_max_num_queries(8):
        (task,) = client.get(page).context["tasks"]
    assert (str(task.label), task.state) == ("Childcare", State.ARRANGED)
    assert client.get("/").context["screen"].outlook.arranged is True
    client.post(f"/evenings/needs/{tasks[0].pk}/back/")
    assert client.get(page).context["tasks"] == []
    assert client.get("/").context["screen"].outlook.arranged is None


@pytest.mark.parametrize(
    ("state", "word"),
    [(State.ASKED, "asked for"), (State.ARRANGED, "arranged"), (State.NOT_POSSIBLE, "could not be arranged")],
)
def test_the_evening_says_how_it_stands(
    acting: Acting, signed_in: SignedIn, cass: Person, meeting: Meeting, state: AccessTask.State, word: str
) -> None:
    asked(acting, cass, meeting)
    AccessTask.objects.update(state=state)
    page = signed_in(cass).get(f"/evenings/{meeting.pk}/").text
    line = page[page.index("What I need to come") :].partition("</p>")[0]
    assert strip_tags(line).split() == ["What", "I", "need", "to", "come", *word.split()]


def test_it_is_due_three_days_before_and_what_is_overdue_comes_first(
    acting: Acting, signed_in: SignedIn, ana: Person, cass: Person, meeting: Meeting
) -> None:
    later = Meeting.objects.get(group=meeting.group, week=2)
    asked(acting, cass, meeting, later)
    for early, overdue in ((timedelta(minutes=1), 0), (timedelta(0), 1)):
        with time_machine.travel(meeting.starts_at - DUE_BEFORE - early, tick=False):
            client = signed_in(ana)
            assert client.get("/").context["screen"].desk.needs == overdue
            told = client.get("/evenings/needs/").context
            assert (len(told["overdue"]), len(told["waiting"])) == (overdue, 2 - overdue)
    # The evening that moves takes its day along.
    task = AccessTask.objects.get(meeting=later)
    assert task.due_at == later.starts_at - timedelta(hours=72)


def test_those_on_shift_read_that_it_is_arranged(
    acting: Acting, signed_in: SignedIn, ana: Person, bo: Person, cass: Person, meeting: Meeting
) -> None:
    task = asked(acting, cass, meeting)
    evening = f"/evenings/{meeting.pk}/tonight/"
    assert signed_in(bo).get(evening).context["tonight"].expected[0].arranged is False
    access.settle_access(task, State.ARRANGED, actor=ana)
    assert signed_in(bo).get(evening).context["tonight"].expected[0].arranged is True


def test_a_break_takes_needs_off_the_list_and_coming_back_puts_them_on(
    acting: Acting, signed_in: SignedIn, ana: Person, cass: Person, early: Meeting
) -> None:
    asked(acting, cass, early)
    pause(cass, actor=cass)
    client = signed_in(ana)
    assert client.get("/evenings/needs/").context["waiting"] == []
    come_back(cass, actor=cass)
    assert len(client.get("/evenings/needs/").context["waiting"]) == 1


def test_the_roster_makes_tasks_once(acting: Acting, ana: Person, bo: Person, cass: Person, meeting: Meeting) -> None:
    with acting(ana):
        cass.roster_entry.rewrite(needs=["interpreter", "step-free"])
        assert [access.make_access_tasks(ana.programme, actor=ana) for _twice in range(2)] == [2, 0]
    with acting(cass):
        assert {task.need for task in AccessTask.objects.all()} == {"interpreter"}
    with acting(bo):
        with pytest.raises(PermissionDenied):
            access.make_access_tasks(ana.programme, actor=bo)
        with pytest.raises(CannotOpen):
            _ = AccessTask.objects.all()[0].need


def test_what_somebody_took_back_is_asked_for_again_by_nobody_but_them(
    acting: Acting, ana: Person, cass: Person, meeting: Meeting
) -> None:
    task = asked(acting, cass, meeting)
    with acting(cass):
        access.take_back_access(task, actor=cass)
    with acting(ana):
        cass.roster_entry.rewrite(needs=["interpreter"])
        # The other evening of the group.
        assert access.make_access_tasks(ana.programme, actor=ana) == 1
    assert not AccessTask.objects.filter(meeting=meeting).exclude(state=State.WITHDRAWN).exists()
    with acting(cass):
        assert access.ask_access([meeting], "interpreter", actor=cass) == 1


def test_dee_asks_for_nothing_here_and_settles_nothing(
    acting: Acting, signed_in: SignedIn, bo: Person, cass: Person, dee: Person, meeting: Meeting
) -> None:
    task = asked(acting, cass, meeting)
    for actor in (dee, bo):
        with acting(actor):
            with pytest.raises(PermissionDenied):
                access.ask_access([meeting], "travel", actor=actor)
            with pytest.raises(PermissionDenied):
                access.settle_access(task, State.ARRANGED, actor=actor)
            with pytest.raises(PermissionDenied):
                access.take_back_access(task, actor=actor)
        assert signed_in(actor).get(f"/evenings/{meeting.pk}/needs/").status_code == 404
    with acting(dee), pytest.raises(CannotOpen):
        _ = task.need if task.item.opened is None else AccessTask.objects.get(pk=task.pk).need

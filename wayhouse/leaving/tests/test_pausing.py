"""A break: one tap, no reason, expected nowhere; the seat is held eight weeks, then free, and nobody is turned away."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conftest import Acting, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.actions import let_go_seat, take_seat
from wayhouse.groups.models import Group, Seat
from wayhouse.leaving.pausing import let_go_seats
from wayhouse.meetings.models import EveningCard, Meeting
from wayhouse.meetings.planning import write_cards
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.people.actions import come_back, pause
from wayhouse.people.models import Person, Role
from wayhouse.people.rules import SEAT_HELD


@pytest.fixture
@rehearsed
def with_max(acting: Acting, ana: Person, bo: Person, max: Person, meeting: Meeting) -> Meeting:
    with acting(ana):
        staff_meeting(meeting, {bo: ("Bo", Role.Kind.FACILITATOR), max: ("Max", Role.Kind.MENTOR)}, actor=ana)
    return meeting


@pytest.mark.parametrize("rewritten", ["", "rewritten"])
def test_a_mentor_is_told_of_the_break_and_of_nothing_else(
    acting: Acting, signed_in: SignedIn, ana: Person, max: Person, cass: Person, with_max: Meeting, rewritten: str
) -> None:
    pause(cass, actor=cass)
    if rewritten:
        with acting(ana):
            write_cards([Meeting.objects.select_related("group__item", "scope").get(pk=with_max.pk)])
    mentor = signed_in(max)
    page = mentor.get(f"/evenings/{with_max.pk}/tonight/")
    told = page.context["tonight"]
    assert (told.expected, told.pausing) == ([], ["Cass"])
    assert page.content.count(b"Cass") == 1
    come_back(cass, actor=cass)
    told = mentor.get(f"/evenings/{with_max.pk}/tonight/").context["tonight"]
    assert ([who.name for who in told.expected], told.pausing) == (["Cass"], [])


def test_the_seat_is_held_for_eight_weeks_and_then_let_go_gently(
    acting: Acting, signed_in: SignedIn, ana: Person, bo: Person, cass: Person, meeting: Meeting
) -> None:
    pause(cass, actor=cass)
    with time_machine.travel(timezone.now() + SEAT_HELD - timedelta(days=1), tick=False):
        assert let_go_seats() == 0
        page = signed_in(cass).get("/people/me/")
        assert page.context["seat_let_go"] is False
    with time_machine.travel(timezone.now() + SEAT_HELD, tick=False):
        assert [let_go_seats(), let_go_seats()] == [1, 0]
        client = signed_in(cass)
        assert b"is free for others now" in client.get("/").content
        assert client.get("/people/me/").context["seat_let_go"] is True
        assert EveningCard.objects.get(meeting=meeting).outdated is True
        with acting(bo):
            meeting.group.rewrite(name="Osprey")
        with acting(cass), pytest.raises(CannotOpen):
            _ = Group.objects.get(pk=meeting.group_id).name
        # Back with one tap, and a coordinator gives a seat again.
        client.post("/people/me/back/")
        cass.refresh_from_db()
        assert cass.status == Person.Status.ACTIVE
        with acting(ana):
            take_seat(meeting.group, cass, "Cass", Seat.Role.MEMBER, actor=ana)
    assert AuditLeaf.objects.filter(kind="seat.let_go").count() == 1


def test_nobody_lets_a_seat_go_before(cass: Person, bo: Person, tuesday: Group) -> None:
    pause(cass, actor=cass)
    pause(bo, actor=bo)
    for seat in Seat.objects.filter(group=tuesday).select_related("group__scope", "person"):
        with pytest.raises(PermissionDenied):
            let_go_seat(seat)
    with time_machine.travel(timezone.now() + SEAT_HELD, tick=False):
        assert let_go_seats() == 1
    assert Seat.objects.get(group=tuesday, person=bo).until_on is None

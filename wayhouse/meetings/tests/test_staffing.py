from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from conftest import Acting
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.actions import end_leading
from wayhouse.groups.models import Group, Seat
from wayhouse.meetings.models import EveningCard, HostName, Meeting
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.people.actions import give_role
from wayhouse.people.models import Person, Role


def test_who_serves_reads_the_card(acting: Acting, bo: Person, meeting: Meeting) -> None:
    with acting(bo):
        card = EveningCard.objects.get(meeting=meeting)
        assert (card.group_name, [who["name"] for who in card.expected]) == ("Kestrel", ["Cass"])


def test_who_attends_does_not_read_the_card_but_the_names_of_the_staff(
    acting: Acting, cass: Person, meeting: Meeting
) -> None:
    with acting(cass):
        with pytest.raises(CannotOpen):
            _ = EveningCard.objects.get(meeting=meeting).group_name
        assert [host.name for host in HostName.objects.filter(group=meeting.group)] == ["Bo"]


def test_a_mentor_gets_the_evening_and_not_the_group(
    acting: Acting,
    ana: Person,
    bo: Person,
    max: Person,
    meeting: Meeting,
) -> None:
    with acting(ana):
        staff_meeting(
            meeting,
            {bo: ("Bo", Role.Kind.FACILITATOR), max: ("Max", Role.Kind.MENTOR)},
            actor=ana,
        )
    with acting(max):
        assert EveningCard.objects.get(meeting=meeting).group_name == "Kestrel"
        with pytest.raises(CannotOpen):
            _ = Meeting.objects.get(pk=meeting.pk).group.name


def test_who_is_taken_off_reads_nothing_any_more(
    acting: Acting,
    ana: Person,
    bo: Person,
    max: Person,
    meeting: Meeting,
) -> None:
    with acting(ana):
        staff_meeting(meeting, {max: ("Max", Role.Kind.MENTOR)}, actor=ana)
    with acting(bo), pytest.raises(CannotOpen):
        _ = EveningCard.objects.get(meeting=meeting).group_name


def test_dee_may_not_staff_an_evening(acting: Acting, dee: Person, meeting: Meeting) -> None:
    with acting(dee), pytest.raises(PermissionDenied):
        staff_meeting(meeting, {dee: ("Dee", Role.Kind.MENTOR)}, actor=dee)
    assert [shift.person_id for shift in meeting.shifts.all()] != [dee.pk]


# -- Seats of those who lead -------------------------------------------------------------------


BO, MAX = ("Bo", Role.Kind.FACILITATOR), ("Max", Role.Kind.MENTOR)


def group_of(meeting: Meeting) -> Group:
    return Group.objects.get(pk=meeting.group_id)


def test_a_seat_ends_with_the_last_evening_to_lead(
    acting: Acting, ana: Person, bo: Person, max: Person, meeting: Meeting
) -> None:
    with acting(ana):
        staff_meeting(meeting, {max: MAX}, actor=ana)
    assert not group_of(meeting).is_facilitated_by(bo)
    with acting(bo), pytest.raises(CannotOpen):
        _ = group_of(meeting).name


def test_a_seat_stays_while_another_evening_is_theirs(
    acting: Acting, ana: Person, bo: Person, max: Person, meeting: Meeting
) -> None:
    second = Meeting.objects.get(group=meeting.group_id, week=2)
    with acting(ana):
        staff_meeting(second, {bo: BO}, actor=ana)
        staff_meeting(meeting, {max: MAX}, actor=ana)
    with acting(bo):
        assert group_of(meeting).name == "Kestrel"


@pytest.mark.parametrize(("hours", "seats"), [(47, 1), (49, 0)])
def test_a_seat_stays_until_the_evening_cannot_be_recorded_any_more(
    acting: Acting, ana: Person, bo: Person, max: Person, meeting: Meeting, hours: int, seats: int
) -> None:
    second = Meeting.objects.get(group=meeting.group_id, week=2)
    with time_machine.travel(meeting.ends_at + timedelta(hours=hours), tick=False), acting(ana):
        staff_meeting(second, {max: MAX}, actor=ana)
    assert Seat.objects.current().filter(person=bo).count() == seats


def test_who_leads_again_sits_again(acting: Acting, ana: Person, bo: Person, max: Person, meeting: Meeting) -> None:
    with acting(ana):
        staff_meeting(meeting, {max: MAX}, actor=ana)
        staff_meeting(meeting, {bo: BO}, actor=ana)
    with acting(bo):
        assert group_of(meeting).name == "Kestrel"
    assert sorted(seat.until_on is None for seat in Seat.objects.filter(person=bo)) == [False, True]


def test_who_stands_by_reads_the_card_and_not_the_group(
    acting: Acting, ana: Person, bo: Person, max: Person, meeting: Meeting
) -> None:
    with acting(ana):
        staff_meeting(meeting, {max: MAX}, reserve={bo: BO}, actor=ana)
    with acting(bo):
        assert [who["name"] for who in EveningCard.objects.get(meeting=meeting).serving] == ["Max", "Bo"]
        with pytest.raises(CannotOpen):
            _ = group_of(meeting).name


def test_a_member_s_seat_stays_theirs(acting: Acting, ana: Person, cass: Person, max: Person, meeting: Meeting) -> None:
    with acting(ana):
        give_role(cass, Role.Kind.FACILITATOR, actor=ana)
        staff_meeting(meeting, {cass: ("Cass", Role.Kind.FACILITATOR)}, actor=ana)
        staff_meeting(meeting, {max: MAX}, actor=ana)
    assert [(seat.role, seat.until_on) for seat in Seat.objects.filter(person=cass)] == [("member", None)]
    with acting(cass):
        assert group_of(meeting).name == "Kestrel"


def test_dee_may_not_end_seats(acting: Acting, bo: Person, dee: Person, meeting: Meeting) -> None:
    with acting(dee), pytest.raises(PermissionDenied):
        end_leading(meeting.group, list(Seat.objects.filter(person=bo)), actor=dee)
    assert group_of(meeting).is_facilitated_by(bo)

import pytest
from django.core.exceptions import PermissionDenied

from conftest import Acting
from wayhouse.crypto.box import CannotOpen
from wayhouse.meetings.models import EveningCard, HostName, Meeting
from wayhouse.meetings.staffing import staff_meeting
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

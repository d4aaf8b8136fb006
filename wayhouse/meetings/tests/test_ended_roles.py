"""Whoever gives up a role, or pauses, is not counted on any more; pages and keys of an ended role are gone at once."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.accounts.models import Session
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.models import Group
from wayhouse.meetings import rules
from wayhouse.meetings.gaps import staffed
from wayhouse.meetings.models import EveningCard, Meeting, Shift
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.meetings.standing_in import take_off
from wayhouse.meetings.swapping import ask_swap
from wayhouse.people.actions import come_back, end_role, give_role, pause
from wayhouse.people.entries import NO_ENTRY, change_entry, change_roles
from wayhouse.people.models import Belonging, Person, Role, RosterEntry

PAGES = ("evening", "guide", "seat_list", "run", "record", "attendance", "ask_swap")
BO, MAX = ("Bo", Role.Kind.FACILITATOR), ("Max", Role.Kind.MENTOR)


def ends_by_hand(person: Person, actor: Person) -> None:
    # Without any role no page exists at all; with another one only those of the role that ended are gone.
    give_role(person, Role.Kind.AUDITOR, actor=actor)
    end_role(person.roles.exclude(kind=Role.Kind.AUDITOR).get(), actor=actor)


def ends_by_the_roster(person: Person, actor: Person) -> None:
    entry = RosterEntry.objects.select_related("item").get(person=person)
    change_entry(person, {"role": "member"}, version=entry.item.seq, actor=actor)


ENDS = pytest.mark.parametrize("end", [ends_by_hand, ends_by_the_roster])


def anew(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def gaps() -> list[str]:
    """What the first evening lacks."""
    (first,) = staffed(Meeting.objects.filter(week=1))
    return first.gaps


@ENDS
def test_an_ended_role_opens_nothing(
    acting: Acting,
    signed_in: SignedIn,
    ana: Person,
    bo: Person,
    max: Person,
    with_max: Meeting,
    end: Callable[..., None],
) -> None:
    for person in (bo, max):
        signed_in(person)
        with acting(ana):
            end(person, ana)
        assert not Session.objects.filter(user=person.user).exists()
        assert not Belonging.objects.filter(person=person, scope__kind__in=("evening", "group")).exists()
        with acting(person), pytest.raises(CannotOpen):
            _ = EveningCard.objects.get(meeting=with_max).group_name
        client = signed_in(person)
        answers = [client.get(reverse(f"meetings:{page}", args=[with_max.pk])).status_code for page in PAGES]
        assert answers == [404] * len(PAGES)
        assert [client.get(page).status_code for page in ("/", reverse("meetings:meetings"))] == [200, 200]
        assert not rules.may_run_evening(anew(person), with_max)
        assert not Group.objects.with_current_seat(anew(person)).exists()
        assert not Meeting.objects.visible_to(anew(person)).exists()


def test_who_still_holds_the_role_goes_on(
    acting: Acting, signed_in: SignedIn, ana: Person, bo: Person, max: Person, with_max: Meeting
) -> None:
    with acting(ana):
        end_role(max.roles.get(), actor=ana)
    client = signed_in(bo)
    assert client.get(reverse("meetings:evening", args=[with_max.pk])).status_code == 200
    assert rules.may_run_evening(bo, with_max)


def test_nothing_is_recorded_and_no_swap_asked_after_the_role(
    acting: Acting, ana: Person, bo: Person, begun: Meeting
) -> None:
    shift = Shift.objects.select_related("meeting").get(person=bo)
    assert rules.may_record_attendance(anew(bo), begun)
    with acting(ana):
        end_role(bo.roles.get(), actor=ana)
    assert not rules.may_record_attendance(anew(bo), begun)
    assert not rules.may_record_on(anew(bo), shift)
    assert not rules.may_hold_open(anew(bo), shift)
    with acting(bo), pytest.raises(PermissionDenied):
        ask_swap(shift, None, actor=anew(bo))


def test_a_member_who_led_keeps_the_own_group(acting: Acting, ana: Person, cass: Person, meeting: Meeting) -> None:
    with acting(ana):
        give_role(cass, Role.Kind.MENTOR, actor=ana)
        end_role(cass.roles.get(kind=Role.Kind.MENTOR), actor=ana)
    with acting(cass):
        assert Group.objects.with_current_seat(anew(cass)).get().name == "Kestrel"


def test_a_role_given_back_brings_no_keys_by_itself(
    acting: Acting, signed_in: SignedIn, ana: Person, bo: Person, max: Person, with_max: Meeting
) -> None:
    with acting(ana):
        end_role(bo.roles.get(), actor=ana)
        give_role(bo, Role.Kind.FACILITATOR, actor=ana)
    assert gaps() == ["facilitator", "second-mentor"]
    assert signed_in(bo).get(reverse("meetings:evening", args=[with_max.pk])).status_code == 404
    assert not Group.objects.with_current_seat(anew(bo)).exists()
    with acting(ana):
        staff_meeting(with_max, {anew(bo): BO, max: MAX}, actor=ana)
    assert gaps() == ["second-mentor", "reserve"]
    with acting(bo):
        assert Group.objects.with_current_seat(anew(bo)).get().name == "Kestrel"


def test_who_gave_up_the_role_is_not_let_in_with_the_rest(
    acting: Acting, ana: Person, bo: Person, max: Person, sol: Person, with_max: Meeting
) -> None:
    with acting(ana):
        end_role(bo.roles.get(), actor=ana)
        take_off(with_max, sol, actor=ana)
    assert [shift.person for shift in with_max.shifts.select_related("person")] == [max]
    assert not Belonging.objects.filter(person=bo, scope__kind__in=("evening", "group")).exists()


def test_an_ended_role_leaves_a_gap(acting: Acting, ana: Person, bo: Person, sol: Person, with_max: Meeting) -> None:
    assert gaps() == ["second-mentor"]
    with acting(ana):
        end_role(bo.roles.get(), actor=ana)
        end_role(sol.roles.get(kind=Role.Kind.MENTOR), actor=ana)
    assert gaps() == ["facilitator", "second-mentor", "reserve"]


def test_whoever_pauses_leaves_a_gap_until_they_are_back(
    acting: Acting, signed_in: SignedIn, ana: Person, max: Person, with_max: Meeting
) -> None:
    with acting(max):
        pause(max, actor=max)
        assert gaps() == ["mentor"]
        page = signed_in(ana).get(reverse("meetings:cover", args=[with_max.pk])).content.decode().lower()
        assert ("no mentor yet" in page, "only one mentor yet" in page) == (True, False)
        come_back(max, actor=max)
    assert gaps() == ["second-mentor"]


def test_no_roster_makes_or_ends_a_coordinator(ana: Person, cass: Person) -> None:
    for person, change in ((cass, ("member", "coordinator")), (ana, ("coordinator", "member"))):
        with pytest.raises(ValueError, match="coordinator"):
            change_roles({person.pk: change}, actor=ana)
    assert [anew(person).is_coordinator for person in (ana, cass)] == [True, False]


def test_dee_ends_nobody_s_role(acting: Acting, dee: Person, bo: Person, with_max: Meeting) -> None:
    with acting(dee):
        with pytest.raises(PermissionDenied):
            end_role(bo.roles.get(), actor=dee)
        with pytest.raises(PermissionDenied):
            change_entry(bo, {"role": "member"}, version=NO_ENTRY, actor=dee)
    assert rules.may_run_evening(bo, with_max)

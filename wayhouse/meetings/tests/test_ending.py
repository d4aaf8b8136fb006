"""The end of a cycle: who led reads nothing any more, members keep what is theirs."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from conftest import Acting, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.models import Cycle, Group, Seat
from wayhouse.meetings import ending
from wayhouse.meetings.models import EveningCard, EveningRecord, Meeting
from wayhouse.people.models import Belonging, Person
from wayhouse.people.reach import follow


def opens(acting: Acting, person: Person, group: Group) -> bool:
    with acting(person):
        try:
            return bool(Group.objects.select_related("item").get(pk=group.pk).name)
        except CannotOpen:
            return False


def test_a_cycle_that_is_over_ends_by_itself(
    acting: Acting, signed_in: SignedIn, ana: Person, bo: Person, cass: Person, max: Person, with_max: Meeting
) -> None:
    group, cycle = with_max.group, with_max.group.cycle
    space = follow(group.scope, "circle")
    last = Meeting.objects.filter(group=group).latest("starts_at")
    assert "your keys to its space" in signed_in(bo).get(f"/groups/{group.pk}/").content.decode()
    assert "stay yours" in signed_in(cass).get("/groups/mine/").content.decode()
    # An evening that was moved out of the weeks of the cycle is waited for.
    later = cycle.ends_on + timedelta(days=9)
    Meeting.objects.filter(pk=last.pk).update(
        starts_at=last.starts_at.replace(year=later.year, month=later.month, day=later.day),
        ends_at=last.ends_at.replace(year=later.year, month=later.month, day=later.day),
    )
    with time_machine.travel(later + timedelta(days=2)):
        assert ending.end_cycles() == 0
        assert opens(acting, bo, group)
    with time_machine.travel(later + timedelta(days=3)):
        assert ending.end_cycles() == 1
        assert ending.end_cycles() == 0
        assert (opens(acting, bo, group), opens(acting, cass, group), opens(acting, ana, group)) == (False, True, True)
        card = EveningCard.objects.select_related("item").get(meeting=with_max)
        with acting(max), pytest.raises(CannotOpen):
            assert card.venue
        assert set(Belonging.objects.filter(scope__in=[group.scope, space]).values_list("person", flat=True)) == {
            cass.pk
        }
        assert not Belonging.objects.filter(scope__meeting__group=group).exists()
        assert list(Seat.objects.current().values_list("person", flat=True)) == [cass.pk]
        assert signed_in(bo).get(f"/groups/{group.pk}/").status_code == 404
        assert "are over" in signed_in(cass).get("/groups/mine/").content.decode()
        assert "It has ended" in signed_in(ana).get(f"/groups/cycles/{cycle.pk}/").content.decode()
    assert AuditLeaf.objects.filter(kind="cycle.ended").count() == 1


def test_what_was_broken_off_is_ended_by_the_next_round(with_max: Meeting) -> None:
    Cycle.objects.update(state=Cycle.State.ENDED)
    assert (ending.end_cycles(), ending.end_cycles()) == (1, 0)
    assert not Belonging.objects.filter(scope=with_max.scope).exists()


def test_by_hand_once_nothing_is_to_come_and_every_evening_is_recorded(
    signed_in: SignedIn, ana: Person, bo: Person, dee: Person, with_max: Meeting
) -> None:
    cycle = with_max.group.cycle
    page = f"/evenings/cycles/{cycle.pk}/end/"
    here = signed_in(ana)
    assert "Seats that end: Bo" in here.get(page).content.decode()
    here.post(page)
    assert Cycle.objects.get().state != Cycle.State.ENDED
    with pytest.raises(PermissionDenied):
        ending.end_cycle(cycle, actor=ana)
    Meeting.objects.exclude(pk=with_max.pk).delete()
    with time_machine.travel(with_max.ends_at + timedelta(hours=1), tick=False):
        assert "End it now" not in signed_in(ana).get(page).content.decode()
    EveningRecord.objects.create(meeting=with_max, held=True)
    with time_machine.travel(with_max.ends_at - timedelta(minutes=1), tick=False):
        # Written down while it still runs: whoever leads it needs its card to the end.
        assert "End it now" not in signed_in(ana).get(page).content.decode()
    with time_machine.travel(with_max.ends_at + timedelta(hours=1), tick=False):
        assert {signed_in(one).post(page).status_code for one in (bo, dee)} == {404}
        assert signed_in(ana).post(page).status_code == 302
    assert Cycle.objects.get().state == Cycle.State.ENDED
    assert signed_in(ana).get(page).status_code == 404

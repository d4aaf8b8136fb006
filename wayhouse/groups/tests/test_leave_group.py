"""Leaving a group: one tap, one question, no reason, and a way back."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.actions import leave_group, rename_group
from wayhouse.groups.models import Group, Seat
from wayhouse.people.models import Belonging, Person


def test_whoever_leaves_reads_nothing_written_afterwards(
    acting: Acting, ana: Person, bo: Person, cass: Person, tuesday: Group
) -> None:
    with acting(cass):
        leave_group(Seat.objects.get(person=cass), actor=cass)
    assert not Group.objects.with_current_seat(cass).exists()
    assert not Belonging.objects.filter(person=cass, scope=tuesday.scope).exists()
    with acting(ana):
        rename_group(tuesday, "Osprey", actor=ana)
    with acting(bo):
        assert Group.objects.get(pk=tuesday.pk).name == "Osprey"
    with acting(cass), pytest.raises(CannotOpen):
        _ = Group.objects.get(pk=tuesday.pk).name
    assert AuditLeaf.objects.filter(kind="seat.left").count() == 1


@pytest.mark.parametrize("who", ["dee", "ana", "bo"])
def test_nobody_leaves_for_somebody_else(
    acting: Acting, who: str, cass: Person, tuesday: Group, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    with acting(actor), pytest.raises(PermissionDenied):
        leave_group(Seat.objects.get(person=cass), actor=actor)
    assert Seat.objects.current().filter(person=cass).count() == 1


def test_nobody_leaves_twice(acting: Acting, cass: Person, tuesday: Group) -> None:
    with acting(cass):
        leave_group(Seat.objects.get(person=cass), actor=cass)
        with pytest.raises(PermissionDenied):
            leave_group(Seat.objects.get(person=cass), actor=cass)
    assert AuditLeaf.objects.filter(kind="seat.left").count() == 1


def test_one_tap_and_one_question(signed_in: SignedIn, cass: Person, tuesday: Group) -> None:
    client = signed_in(cass)
    there = reverse("groups:leave_group", args=[tuesday.pk])
    assert there in client.get(reverse("groups:group")).content.decode()
    asked = client.get(there).content.decode()
    assert ("Are you sure?" in asked, "You need no reason" in asked) == (True, True)
    assert Seat.objects.current().filter(person=cass).count() == 1
    thanks = client.post(there, follow=True)
    assert thanks.redirect_chain == [(reverse("groups:left_group"), 302)]
    text = thanks.content.decode()
    assert ("Thank you for the time" in text, "If you want to come back" in text) == (True, True)
    assert Seat.objects.current().filter(person=cass).count() == 0
    assert [client.get(there).status_code, client.post(there).status_code] == [404, 404]

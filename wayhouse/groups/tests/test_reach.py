"""Who reaches the words of a group: on being placed, invited, made a coordinator, and stepping back."""

import pytest

from conftest import Acting, Cast
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.shred import add_subject
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Group, Seat
from wayhouse.people.actions import end_role, give_role
from wayhouse.people.invitations import invite
from wayhouse.people.models import Person, Role, RosterEntry


def newcomer(ana: Person) -> Person:
    person = Person.objects.create(programme=ana.programme)
    add_subject(person.pk)
    Role.objects.create(person=person, kind=Role.Kind.MEMBER)
    return person


def test_who_was_placed_before_the_invitation_reads_the_group_after_it(cast: Cast, ana: Person, tuesday: Group) -> None:
    person = newcomer(ana)
    with cast.acting(ana):
        take_seat(tuesday, person, "Quiet Fox", Seat.Role.MEMBER, actor=ana)
        token = invite(person, "Quiet Fox", actor=ana)
    accepted = cast.accept(token, "fox")
    with cast.acting(accepted):
        assert Group.objects.with_current_seat(accepted).get().name == "Kestrel"


def test_a_new_coordinator_reads_the_roster_and_the_groups(
    cast: Cast, acting: Acting, ana: Person, sol: Person, cass: Person, tuesday: Group
) -> None:
    with acting(ana):
        give_role(sol, Role.Kind.COORDINATOR, actor=ana)
    sol = Person.objects.get(pk=sol.pk)
    with acting(sol):
        assert RosterEntry.objects.get(person=cass).name == "Cass"
        assert Group.objects.get(pk=tuesday.pk).name == "Kestrel"


def test_a_coordinator_who_steps_back_reads_neither(
    cast: Cast, acting: Acting, ana: Person, sol: Person, cass: Person, tuesday: Group
) -> None:
    with acting(ana):
        give_role(sol, Role.Kind.COORDINATOR, actor=ana)
    sol = Person.objects.get(pk=sol.pk)
    desk = ana.programme.desk
    stolen = cast.keyring(sol).secret_of(desk.pk)
    with acting(ana):
        end_role(sol.roles.get(kind=Role.Kind.COORDINATOR), actor=ana)
    assert sol.user is not None
    old_keys = Keyring(sol.user.holder_id, cast.secrets[sol.pk])
    old_keys.add_desk(desk.pk, stolen)
    with use(old_keys):
        for row, word in ((RosterEntry.objects.get(person=cass), "name"), (Group.objects.get(), "name")):
            with pytest.raises(CannotOpen):
                getattr(row, word)
    with acting(ana):
        assert Group.objects.get(pk=tuesday.pk).name == "Kestrel"

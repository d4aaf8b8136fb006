from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conftest import PASSPHRASE, Acting, Cast
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Envelope, Keyholder
from wayhouse.crypto.shred import add_subject
from wayhouse.people.invitations import InvitationClosed, accept_invitation, invite
from wayhouse.people.models import Person, Profile, Role


def newcomer(cast: Cast, ana: Person) -> Person:
    person = Person.objects.create(programme=ana.programme)
    add_subject(person.pk)
    Role.objects.create(person=person, kind=Role.Kind.MEMBER)
    return person


def test_the_invited_person_finds_their_name(cast: Cast, ana: Person) -> None:
    person = newcomer(cast, ana)
    with cast.acting(ana):
        token = invite(person, "Quiet Fox", actor=ana)
    accepted = cast.accept(token, "quiet fox")
    with cast.acting(accepted):
        assert Profile.objects.get(person=accepted).name == "Quiet Fox"
    with cast.acting(ana), pytest.raises(CannotOpen):
        _ = Profile.objects.get(person=accepted).name


def test_a_token_works_once(cast: Cast, ana: Person) -> None:
    with cast.acting(ana):
        token = invite(newcomer(cast, ana), "Quiet Fox", actor=ana)
    cast.accept(token, "one")
    with pytest.raises(InvitationClosed):
        accept_invitation(token, "two", PASSPHRASE)


def test_a_token_ends_after_three_days(cast: Cast, ana: Person) -> None:
    with cast.acting(ana):
        token = invite(newcomer(cast, ana), "Quiet Fox", actor=ana)
    with (
        time_machine.travel(timezone.now() + timedelta(hours=72, seconds=1), tick=False),
        pytest.raises(InvitationClosed),
    ):
        accept_invitation(token, "one", PASSPHRASE)


def test_an_unknown_token_is_refused_like_a_used_one(db: None) -> None:
    with pytest.raises(InvitationClosed):
        accept_invitation("no such token", "one", PASSPHRASE)


def test_a_second_invitation_closes_the_first(cast: Cast, ana: Person) -> None:
    person = newcomer(cast, ana)
    with cast.acting(ana):
        first = invite(person, "Quiet Fox", actor=ana)
        second = invite(person, "Quiet Fox", actor=ana)
    with pytest.raises(InvitationClosed):
        accept_invitation(first, "one", PASSPHRASE)
    assert cast.accept(second, "two") == person


def test_nothing_of_the_invitation_stays_behind(cast: Cast, ana: Person) -> None:
    with cast.acting(ana):
        token = invite(newcomer(cast, ana), "Quiet Fox", actor=ana)
    cast.accept(token, "fox")
    assert not Keyholder.objects.filter(kind=Keyholder.Kind.INVITATION).exists()
    assert not Envelope.objects.filter(holder__kind=Keyholder.Kind.INVITATION).exists()


def test_dee_may_not_invite(cast: Cast, acting: Acting, ana: Person, dee: Person) -> None:
    person = newcomer(cast, ana)
    with acting(dee), pytest.raises(PermissionDenied):
        invite(person, "Quiet Fox", actor=dee)
    assert not person.invitations.exists()

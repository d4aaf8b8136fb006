"""What comes back after a key was lost: when somebody who holds it too is here, and no more than there was."""

from contextlib import suppress
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from conftest import Cast
from wayhouse.conversations.models import Thread
from wayhouse.conversations.writing import begin_thread
from wayhouse.crypto import grants, items, scopes
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Envelope, Item, Membership, PendingGrant, Scope
from wayhouse.crypto.shred import add_subject
from wayhouse.groups.actions import leave_group
from wayhouse.groups.models import Group
from wayhouse.home.tests.conftest import MET, NEW, back, kinds
from wayhouse.people import reach
from wayhouse.people.actions import give_role
from wayhouse.people.away import send_away, welcome_back
from wayhouse.people.invitations import invite
from wayhouse.people.models import Person, Role
from wayhouse.people.way_back import (
    ask_way_back,
    confirm_way_back,
    name_in,
    take_way_back,
)


def test_what_only_she_could_open_is_gone(cast: Cast, lost: Person, ana: Person, bo: Person) -> None:
    own = Scope.objects.get(kind="personal", belongings__person=lost)
    with cast.acting(lost):
        diary = items.seal(own, "note", {"name": "mine alone"}, subject_id=lost.pk)
    fresh = back(cast, lost, ana, bo)
    assert not PendingGrant.objects.filter(scope=own).exists()
    for keyring in (fresh, cast.keyring(ana), cast.keyring(bo)):
        with use(keyring), pytest.raises(CannotOpen):
            items.words_of(Item.objects.get(pk=diary.pk))


def test_she_gets_no_more_than_she_had(cast: Cast, lost: Person, tuesday: Group, ana: Person, bo: Person) -> None:
    with cast.acting(ana):
        scope = scopes.create_scope("group", [ana.programme.desk])
        before_her = items.seal(scope, "note", {"name": "older"}, standing=False)
        assert lost.user is not None
        scopes.admit(scope, lost.user.holder)
        hers = items.seal(scope, "note", {"name": "hers"}, standing=False)
    back(cast, lost, ana, bo)
    cast.sign_in(ana).get("/people/me/")
    keyring = Keyring(lost.user.holder_id, cast.secrets[lost.pk])
    with use(keyring):
        assert items.words_of(Item.objects.get(pk=hers.pk)) == {"name": "hers"}
        with pytest.raises(CannotOpen):
            items.words_of(Item.objects.get(pk=before_her.pk))


def test_several_givers_each_give_what_they_have(
    cast: Cast, lost: Person, ana: Person, bo: Person, eve: Person
) -> None:
    assert lost.user is not None
    assert bo.user is not None
    with cast.acting(ana):
        scope = scopes.create_scope("group", [ana.programme.desk, lost.user.holder])
        early = items.seal(scope, "note", {"name": "early"}, standing=False)
        scopes.admit(scope, bo.user.holder)
        late = items.seal(scope, "note", {"name": "late"}, standing=False)
    back(cast, lost, ana, eve)
    grant = PendingGrant.objects.get(scope=scope)
    cast.sign_in(bo).get("/people/me/")
    grant.refresh_from_db()
    assert (grant.from_epoch, grant.before_epoch, grant.is_bound()) == (1, 2, True)
    with use(Keyring(lost.user.holder_id, cast.secrets[lost.pk])):
        assert items.words_of(Item.objects.get(pk=late.pk)) == {"name": "late"}
        with pytest.raises(CannotOpen):
            items.words_of(Item.objects.get(pk=early.pk))
    cast.sign_in(eve).get("/people/me/")
    with use(Keyring(lost.user.holder_id, cast.secrets[lost.pk])):
        assert items.words_of(Item.objects.get(pk=early.pk)) == {"name": "early"}
    assert not PendingGrant.objects.filter(scope=scope).exists()
    # Somebody who found it waiting a moment ago comes too late.
    assert grants.carry_out(grant.pk, cast.keyring(eve)) is None


def test_who_left_meanwhile_gets_nothing(cast: Cast, lost: Person, tuesday: Group, ana: Person, bo: Person) -> None:
    fresh = back(cast, lost, ana, bo)
    with use(fresh):
        leave_group(tuesday.seats.get(person=lost), actor=lost)
    assert not PendingGrant.objects.exists()
    cast.sign_in(bo).get("/people/me/")
    assert lost.user is not None
    assert not Envelope.objects.filter(scope=tuesday.scope, holder=lost.user.holder).exists()


@pytest.mark.abuse(28)
def test_a_grant_that_a_writer_of_the_database_asks_for_is_refused(
    cast: Cast, lost: Person, tuesday: Group, dee: Person, ana: Person, bo: Person
) -> None:
    assert dee.user is not None
    back(cast, lost, ana, bo)
    stolen = PendingGrant.objects.get(scope=tuesday.scope)
    Membership.objects.create(scope=tuesday.scope, holder=dee.user.holder)
    PendingGrant.objects.filter(pk=stolen.pk).update(holder=dee.user.holder)
    assert cast.sign_in(bo).get("/people/me/").status_code == 200
    assert not Envelope.objects.filter(scope=tuesday.scope, holder=dee.user.holder).exists()
    assert (PendingGrant.objects.exists(), kinds()[-1]) == (False, "grant.refused")


def test_a_coordinator_comes_back_to_the_desk(cast: Cast, ana: Person, eve: Person, bo: Person, lost: Person) -> None:
    with cast.acting(ana):
        way_back = ask_way_back(eve, MET, actor=ana)
        assert name_in(way_back) == "Eve"
        # Nobody shares a group with Eve: only another coordinator can be the second.
        with use(cast.keyring(bo)), pytest.raises(PermissionDenied):
            confirm_way_back(way_back, MET, actor=bo)
    fay = cast.enter("fay", Role.Kind.COORDINATOR, ana)
    with cast.acting(fay):
        token = confirm_way_back(way_back, MET, actor=fay)
    _user, cast.secrets[eve.pk], _code = take_way_back(token, "eve", NEW, "Eve")
    fresh = cast.sign_in(eve)
    assert fresh.get("/people/").status_code == 409
    assert "Not everything is back yet" in fresh.get("/people/").content.decode()
    assert cast.sign_in(ana).get("/people/me/").status_code == 200
    assert fresh.get("/people/").status_code == 200


@pytest.mark.abuse(29)
def test_time_away_takes_the_keys_of_the_group_along_and_brings_no_more_back(
    cast: Cast, ana: Person, bo: Person, cass: Person, tuesday: Group
) -> None:
    def note(words: str) -> Item:
        with cast.acting(bo):
            return Item.objects.get(pk=items.seal(tuesday.scope, "note", {"name": words}, standing=False).pk)

    def reads(person: Person, *notes: Item) -> list[bool]:
        found = []
        for one in notes:
            with cast.acting(person), suppress(CannotOpen):
                found.append(bool(items.words_of(Item.objects.get(pk=one.pk))))
                continue
            found.append(False)
        return found

    scope = Scope.objects.filter(pk=tuesday.scope_id)
    with cast.acting(ana):
        dee = cast.enter("dee", Role.Kind.MEMBER, ana)
        older = note("before Dee came")
        reach.let_in(scope.get(), dee)
    hers = note("with Dee")
    before = scope.get().epoch
    with transaction.atomic():
        send_away(dee, date(2199, 1, 1))
        # Longer now; what she had is not forgotten.
        send_away(dee, date(2199, 2, 1))
    assert scope.get().epoch == before + 1
    missed = note("without Dee")
    assert reads(dee, older, hers, missed) == [False, False, False]
    with transaction.atomic():
        welcome_back(dee)
    later = note("with Dee again")
    assert reads(dee, older, hers, missed, later) == [False, False, False, True]
    _away_and_back(dee)
    cast.sign_in(bo).get("/people/me/")
    assert reads(dee, older, hers, missed, later) == [False, True, True, True]
    assert reads(cass, older, hers, missed, later) == [True, True, True, True]
    assert not PendingGrant.objects.filter(scope=tuesday.scope_id).exists()


def _away_and_back(person: Person) -> None:
    """Once more, before anybody gave them what they had."""
    with transaction.atomic():
        send_away(person, date(2199, 1, 1))
        welcome_back(person)


def test_what_begins_while_somebody_is_away_waits_for_them(
    cast: Cast, ana: Person, bo: Person, cass: Person, tuesday: Group
) -> None:
    dee = Person.objects.create(programme=ana.programme)
    add_subject(dee.pk)
    with cast.acting(ana):
        give_role(dee, Role.Kind.MEMBER, actor=ana)
        reach.let_in(Scope.objects.get(pk=tuesday.scope_id), dee)
    with transaction.atomic():
        send_away(cass, date(2199, 1, 1))
        send_away(dee, date(2199, 1, 1))
    with cast.acting(bo):
        space = begin_thread(tuesday, "without Cass", kind=Thread.Kind.TALK, actor=bo).scope
    with cast.acting(ana):
        invite(dee, "Dee", actor=ana)
    away = {holder.pk for person in (cass, dee) if (holder := reach.holder_of(person))}
    of_group = Envelope.objects.filter(scope__in=[space.pk, tuesday.scope_id]).values_list("holder", flat=True)
    assert (len(away), away & set(of_group)) == (2, set())
    with transaction.atomic():
        welcome_back(cass)
        welcome_back(dee)
    assert away <= set(of_group.filter(scope=space)) & set(of_group.filter(scope=tuesday.scope_id))


def test_who_is_shown_out_while_away_gets_nothing_back(cast: Cast, ana: Person, cass: Person, tuesday: Group) -> None:
    with transaction.atomic():
        send_away(cass, date(2199, 1, 1))
    reach.show_out(tuesday.scope, cass)
    with transaction.atomic():
        welcome_back(cass)
    assert cass.user is not None
    assert not Membership.objects.filter(scope=tuesday.scope_id, holder=cass.user.holder).exists()

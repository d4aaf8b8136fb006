"""Two coordinators at once, on a database that both really write to."""

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from conftest import PASSPHRASE, Cast
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.crypto import scopes
from wayhouse.crypto.models import Scope
from wayhouse.crypto.shred import add_subject
from wayhouse.groups.actions import open_group, take_seat
from wayhouse.groups.models import Cycle, Group, Proposal, Seat, Venue
from wayhouse.groups.placing import accept_groups, move_in_proposal, plan_of, propose_groups
from wayhouse.groups.seating import give_seat
from wayhouse.groups.tests.conftest import Enrol
from wayhouse.people.actions import give_role
from wayhouse.people.invitations import accept_invitation, invite
from wayhouse.people.models import Person, Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_database", "same_process")]


def at_once(*works: Callable[[], object]) -> list[str]:
    """Run each in a thread of its own, all from the same moment; what became of each."""
    barrier, outcomes = Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=30)
            work()
            outcomes.append("done")
        except Exception as error:  # noqa: BLE001  the outcome is what is asked for
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


@pytest.fixture
@rehearsed
def proposal(cast: Cast, ana: Person, cycle: Cycle, enrol: Enrol, leads: Enrol, library: Venue) -> Proposal:
    leads("Bo", "Max")
    enrol(*"ABCDEFGH")
    with cast.acting(ana):
        return propose_groups(cycle, actor=ana, seconds=10)


def test_one_accepts_an_invitation_while_another_is_seated(
    cast: Cast, ana: Person, proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cast.acting(ana):
        accept_groups(proposal, revision=proposal.revision, actor=ana)
    group, newcomers = Group.objects.get(), [Person.objects.create(programme=ana.programme) for _ in range(2)]
    with cast.acting(ana):
        for person in newcomers:
            add_subject(person.pk)
            give_role(person, Role.Kind.MEMBER, actor=ana)
        token = invite(newcomers[0], "Eve", actor=ana)
        take_seat(group, newcomers[0], "Eve", Seat.Role.MEMBER, actor=ana)
    halfway, handing_over = Barrier(2), scopes.hand_over

    def hand_over(*given: Any) -> None:
        handing_over(*given)
        with suppress(BrokenBarrierError):
            halfway.wait(timeout=0.5)

    def lapsed(*_given: Any) -> None:
        with suppress(BrokenBarrierError):
            halfway.wait(timeout=0.5)

    def seat() -> None:
        actor, person = (Person.objects.get(pk=one.pk) for one in (ana, newcomers[1]))
        with cast.acting(actor):
            take_seat(Group.objects.get(pk=group.pk), person, "Fay", Seat.Role.MEMBER, actor=actor)

    monkeypatch.setattr(scopes, "hand_over", hand_over)
    monkeypatch.setattr("wayhouse.groups.actions._end_lapsed", lapsed)
    assert at_once(lambda: accept_invitation(token, "eve", PASSPHRASE), seat) == ["done", "done"]


@pytest.mark.abuse(37)
def test_two_accept_at_once(cast: Cast, ana: Person, proposal: Proposal) -> None:
    before = Scope.objects.count()

    def accept() -> None:
        actor = Person.objects.get(pk=ana.pk)
        with cast.acting(actor):
            accept_groups(Proposal.objects.get(pk=proposal.pk), revision=1, actor=actor)

    assert at_once(accept, accept) == ["Outdated", "done"]
    assert (Group.objects.count(), Seat.objects.count(), Scope.objects.count()) == (1, 8, before + 1)


def test_accepting_and_changing_at_once(cast: Cast, ana: Person, proposal: Proposal) -> None:
    """Whichever comes first, the other is told, and what was accepted is what the first one saw."""
    with cast.acting(ana):
        somebody = UUID(plan_of(proposal)["groups"][0]["members"][0])

    def accept() -> None:
        actor = Person.objects.get(pk=ana.pk)
        with cast.acting(actor):
            accept_groups(Proposal.objects.get(pk=proposal.pk), revision=1, actor=actor)

    def move() -> None:
        actor = Person.objects.get(pk=ana.pk)
        with cast.acting(actor):
            found = Proposal.objects.select_related("cycle__programme").get(pk=proposal.pk)
            move_in_proposal(found, somebody, None, revision=1, actor=actor)

    assert at_once(accept, move) == ["Outdated", "done"]
    after = Proposal.objects.values_list("state", "revision").get()
    accepted = after[0] == Proposal.State.ACCEPTED
    assert after == ((Proposal.State.ACCEPTED, 1) if accepted else (Proposal.State.OPEN, 2))
    assert Seat.objects.count() == (8 if accepted else 0)


def test_two_seats_for_one_person_at_once(
    cast: Cast, ana: Person, proposal: Proposal, enrol: Enrol, library: Venue
) -> None:
    with cast.acting(ana):
        (first,) = accept_groups(proposal, revision=1, actor=ana)
        words = {"name": "Wren", "slot": "tue-evening", "language": "en", "kind": "mixed"}
        cell = f"{library.pk}:tue-evening:en:mixed"
        second = open_group(first.cycle, {**words, "cell": cell}, facilitators={}, members={}, actor=ana)
    (new,) = enrol("Newt")

    def give(group: Group) -> None:
        actor = Person.objects.get(pk=ana.pk)
        with cast.acting(actor):
            give_seat(Group.objects.get(pk=group.pk), Person.objects.get(pk=new.pk), actor=actor)

    assert at_once(lambda: give(first), lambda: give(second)) == ["Unsuitable", "done"]
    assert Seat.objects.filter(person=new).count() == 1

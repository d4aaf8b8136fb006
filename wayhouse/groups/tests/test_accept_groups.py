"""Proposals of groups, accepted: everything or nothing, and nobody who sits is moved."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conftest import Acting, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.groups import placing
from wayhouse.groups.actions import leave_group, use_venue
from wayhouse.groups.entering import TooLate
from wayhouse.groups.models import Cycle, Group, Proposal, Seat, Venue
from wayhouse.groups.placing import accept_groups, move_in_proposal, plan_of
from wayhouse.groups.refusals import Outdated, Unsuitable
from wayhouse.groups.tests.conftest import SIX, Apart, Enrol, Propose, ids, members_of, seats_of
from wayhouse.people.models import Person

pytestmark = pytest.mark.usefixtures("same_process")


def test_accepting_opens_groups_and_seats_people(
    acting: Acting, ana: Person, cass: Person, cycle: Cycle, six: list[Person], propose: Propose
) -> None:
    proposal = propose()
    with acting(ana):
        (group,) = accept_groups(proposal, revision=1, actor=ana)
    # Cass was enrolled for Tuesday evening too.
    assert seats_of(group) == {cass.pk, *(person.pk for person in six)}
    with acting(cass):
        mine = Group.objects.with_current_seat(cass).get()
        assert (mine.name, mine.slot, mine.venue) == ("Kestrel", "tue-evening", "Library")
        assert sorted(seat.name for seat in mine.seats.all()) == sorted(["Cass", *SIX])
    assert list(Proposal.objects.values_list("state", flat=True)) == [Proposal.State.ACCEPTED]
    assert Cycle.objects.get().state == Cycle.State.STAFFING
    kinds = list(AuditLeaf.objects.order_by("index").values_list("kind", flat=True))[-3:]
    assert kinds == ["groups.proposed", "group.opened", "groups.accepted"]


def test_the_second_of_two_who_accept_is_told_and_nothing_happens_twice(
    acting: Acting, ana: Person, six: list[Person], propose: Propose
) -> None:
    proposal = propose()
    with acting(ana):
        accept_groups(proposal, revision=1, actor=ana)
        with pytest.raises(Outdated):
            accept_groups(Proposal.objects.get(pk=proposal.pk), revision=1, actor=ana)
    assert (Group.objects.count(), Seat.objects.count()) == (1, 6)


def test_who_accepts_an_older_look_is_told(acting: Acting, ana: Person, six: list[Person], propose: Propose) -> None:
    proposal = propose()
    with acting(ana):
        move_in_proposal(proposal, six[0].pk, None, revision=1, actor=ana)
        with pytest.raises(Outdated):
            accept_groups(proposal, revision=1, actor=ana)
    assert not Group.objects.exists()


def test_accepting_is_everything_or_nothing(
    monkeypatch: pytest.MonkeyPatch, acting: Acting, ana: Person, six: list[Person], propose: Propose
) -> None:
    proposal = propose()

    def full_disk(*_words: object, **_details: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(placing, "record", full_disk)
    with acting(ana), pytest.raises(OSError, match="No space"):
        accept_groups(proposal, revision=1, actor=ana)
    assert (Group.objects.count(), Seat.objects.count()) == (0, 0)
    assert list(Proposal.objects.values_list("state", flat=True)) == [Proposal.State.OPEN]
    assert Cycle.objects.get().state == Cycle.State.FORMING


def test_a_plan_that_does_not_hold_any_more_is_outdated(
    acting: Acting, ana: Person, six: list[Person], propose: Propose, library: Venue, keep_apart: Apart
) -> None:
    proposal = propose()
    with acting(ana):
        use_venue(library, in_use=False, actor=ana)
        with pytest.raises(Outdated):
            accept_groups(proposal, revision=1, actor=ana)
        use_venue(library, in_use=True, actor=ana)
    keep_apart(six[0], six[1])
    with acting(ana), pytest.raises(Outdated):
        accept_groups(proposal, revision=1, actor=ana)
    assert not Group.objects.exists()


def test_who_left_meanwhile_gets_no_seat(acting: Acting, ana: Person, six: list[Person], propose: Propose) -> None:
    proposal = propose()
    Person.objects.filter(pk=six[0].pk).update(status=Person.Status.LEFT)
    with acting(ana):
        (group,) = accept_groups(proposal, revision=1, actor=ana)
    assert seats_of(group) == {person.pk for person in six[1:]}


def test_newcomers_join_and_nobody_moves(
    acting: Acting, signed_in: SignedIn, ana: Person, six: list[Person], running: Group, enrol: Enrol,
    propose: Propose,
) -> None:  # fmt: skip
    new = enrol("Newt", "Nia")
    proposal = propose()
    with acting(ana):
        (group,) = plan_of(Proposal.objects.get(pk=proposal.pk))["groups"]
        assert (group["name"], set(group["seated"])) == ("Kestrel", ids(*six))
        assert set(group["members"]) == ids(*six, *new)
        with pytest.raises(Unsuitable):
            move_in_proposal(proposal, six[0].pk, None, revision=1, actor=ana)
        Cycle.objects.update(state=Cycle.State.RUNNING, entry_weeks=[9])
        late = Proposal.objects.select_related("cycle").get(pk=proposal.pk)
        for reason in ("", "nonsense"):
            with pytest.raises(TooLate):
                accept_groups(late, revision=1, actor=ana, late=reason)
    page = f"/groups/proposals/{proposal.pk}/accept/"
    assert "between the weeks" in signed_in(ana).get(page).content.decode()
    asked = signed_in(ana).post(page, {"revision": 1}, follow=True)
    assert "a seat needs a reason" in asked.content.decode()
    signed_in(ana).post(page, {"revision": 1, "late": "group"})
    with acting(ana):
        assert {seat.late for seat in Seat.objects.filter(person__in=new)} == {"group"}
    assert seats_of(running) == {person.pk for person in [*six, *new]}
    # Every group has its rota already.
    assert Cycle.objects.get().state == Cycle.State.RUNNING


def test_a_full_group_keeps_its_people_even_where_others_would_suit_better(
    acting: Acting, ana: Person, enrol: Enrol, leads: Enrol, library: Venue, propose: Propose
) -> None:
    leads("Bo", meetings_a_week=1)
    twelve = enrol(*[f"P{n}" for n in range(12)], mix="a")
    with acting(ana):
        (group,) = accept_groups(propose(), revision=1, actor=ana)
    others = enrol("Q1", "Q2", mix="b")
    proposal = propose()
    assert members_of(acting, ana, proposal) == [ids(*twelve)]
    with acting(ana):
        told = {reason["person"] for reason in Proposal.objects.get(pk=proposal.pk).reasons}
    assert told == ids(*others)
    assert seats_of(group) == {person.pk for person in twelve}


def test_a_group_that_shrank_goes_on_and_takes_people_in(
    acting: Acting, ana: Person, cass: Person, six: list[Person], running: Group, enrol: Enrol, propose: Propose
) -> None:
    Seat.objects.filter(person__in=six[:3]).update(until_on=timezone.localdate())
    with acting(cass):
        leave_group(Seat.objects.get(person=cass), actor=cass)
    (new,) = enrol("Newt")
    proposal = propose()
    assert members_of(acting, ana, proposal) == [ids(*six[3:], new)]
    with acting(ana):
        accept_groups(proposal, revision=1, actor=ana)
    assert seats_of(running) == {person.pk for person in [*six[3:], new]}


def test_new_groups_of_a_running_programme_need_a_rota_and_a_free_name(
    acting: Acting, ana: Person, running: Group, enrol: Enrol, propose: Propose
) -> None:
    enrol(*[f"T{n}" for n in range(6)], slots=["thu-evening"])
    Cycle.objects.update(state=Cycle.State.RUNNING)
    proposal = propose()
    with acting(ana):
        (opened,) = accept_groups(proposal, revision=1, actor=ana)
        assert opened.name == "Wren"
    assert Cycle.objects.get().state == Cycle.State.STAFFING


def test_dee_may_not_accept(acting: Acting, dee: Person, six: list[Person], propose: Propose) -> None:
    proposal = propose()
    with acting(dee), pytest.raises(PermissionDenied):
        accept_groups(proposal, revision=1, actor=dee)
    assert list(Proposal.objects.values_list("state", flat=True)) == [Proposal.State.OPEN]
    assert not Group.objects.exists()


def test_accepting_a_plan_without_groups_leaves_the_cycle_where_it_is(
    acting: Acting, ana: Person, propose: Propose
) -> None:
    proposal = propose()
    with acting(ana):
        assert accept_groups(proposal, revision=1, actor=ana) == []
    assert Cycle.objects.get().state == Cycle.State.FORMING

"""Proposals of groups, changed by hand: what is allowed, and the one answer to what is not."""

import pytest
from django.core.exceptions import PermissionDenied

from conftest import Acting
from wayhouse.audit.models import AuditLeaf
from wayhouse.groups.models import Proposal
from wayhouse.groups.placing import look_at_move, move_in_proposal, plan_of
from wayhouse.groups.refusals import AlreadyThere, Outdated, Unsuitable
from wayhouse.groups.tests.conftest import Apart, Enrol, Propose, ids, members_of
from wayhouse.people.models import Person

pytestmark = pytest.mark.usefixtures("same_process")


def test_somebody_is_taken_out_and_put_back_by_hand(
    acting: Acting, ana: Person, six: list[Person], propose: Propose
) -> None:
    proposal, mina = propose(), six[0]
    with acting(ana):
        moved = move_in_proposal(proposal, mina.pk, None, revision=1, actor=ana)
    assert members_of(acting, ana, proposal) == [ids(*six[1:])]
    assert (moved.joined, moved.left and len(moved.left["members"])) == (None, 5)
    with acting(ana):
        changed = Proposal.objects.get(pk=proposal.pk)
        assert changed.reasons == [{"person": str(mina.pk), "codes": [{"code": "by_hand", "params": {}}]}]
        moved = move_in_proposal(changed, mina.pk, 0, revision=2, actor=ana)
        assert Proposal.objects.get(pk=proposal.pk).reasons == []
    assert members_of(acting, ana, proposal) == [ids(*six)]
    assert (moved.left, moved.joined and len(moved.joined["members"])) == (None, 6)


def test_who_is_there_already_changes_nothing(acting: Acting, ana: Person, six: list[Person], propose: Propose) -> None:
    proposal, mina = propose(), six[0]
    with acting(ana):
        for act in (look_at_move, move_in_proposal):
            with pytest.raises(AlreadyThere):
                act(proposal, mina.pk, 0, revision=1, actor=ana)
        move_in_proposal(proposal, mina.pk, None, revision=1, actor=ana)
        with pytest.raises(AlreadyThere):
            move_in_proposal(proposal, mina.pk, None, revision=2, actor=ana)
    assert (Proposal.objects.get().revision, AuditLeaf.objects.filter(kind="proposal.changed").count()) == (2, 1)


def test_a_move_from_an_older_look_is_outdated(
    acting: Acting, ana: Person, six: list[Person], propose: Propose
) -> None:
    proposal = propose()
    with acting(ana):
        move_in_proposal(proposal, six[0].pk, None, revision=1, actor=ana)
        with pytest.raises(Outdated):
            move_in_proposal(proposal, six[1].pk, None, revision=1, actor=ana)
    assert members_of(acting, ana, proposal) == [ids(*six[1:])]


def test_every_hard_rule_refuses_in_the_same_words(
    acting: Acting,
    ana: Person,
    six: list[Person],
    enrol: Enrol,
    keep_apart: Apart,
    propose: Propose,
) -> None:
    proposal = propose()
    (other_time,) = enrol("A", slots=["thu-evening"])
    (no_need,) = enrol("B", needs=["childcare"])
    (apart,) = enrol("C")
    many = enrol(*[f"M{n}" for n in range(7)])
    keep_apart(apart, six[0])
    with acting(ana):
        proposal = Proposal.objects.get(pk=proposal.pk)
        waiting = [{"person": one, "codes": []} for one in sorted(ids(other_time, no_need, apart, *many))]
        proposal.rewrite(reasons=waiting)
        revision = 1
        for person in many[:6]:
            move_in_proposal(proposal, person.pk, 0, revision=revision, actor=ana)
            revision += 1
        refused = []
        for person, target in [(other_time, 0), (no_need, 0), (apart, 0), (many[6], 0), (six[0], 7), (six[0], -1)]:
            with pytest.raises(Unsuitable) as answer:
                move_in_proposal(proposal, person.pk, target, revision=revision, actor=ana)
            refused.append(answer.value.args)
        with pytest.raises(Unsuitable) as answer:
            # Nobody of the plan.
            move_in_proposal(proposal, ana.pk, None, revision=revision, actor=ana)
    assert [*refused, answer.value.args] == [()] * 7
    assert members_of(acting, ana, proposal) == [ids(*six, *many[:6])]


def test_whoever_is_on_the_roster_no_more_can_be_taken_out_and_put_nowhere(
    acting: Acting, ana: Person, six: list[Person], propose: Propose
) -> None:
    proposal, gone = propose(), six[0]
    Person.objects.filter(pk=gone.pk).update(status=Person.Status.LEFT)
    with acting(ana):
        with pytest.raises(AlreadyThere):
            move_in_proposal(proposal, gone.pk, 0, revision=1, actor=ana)
        move_in_proposal(proposal, gone.pk, None, revision=1, actor=ana)
        with pytest.raises(Unsuitable):
            move_in_proposal(Proposal.objects.get(pk=proposal.pk), gone.pk, 0, revision=2, actor=ana)
    assert members_of(acting, ana, proposal) == [ids(*six[1:])]


def test_one_interpreter_too_many_is_refused_and_a_shared_one_is_not(
    acting: Acting, ana: Person, six: list[Person], enrol: Enrol, leads: Enrol, propose: Propose
) -> None:
    leads("Kay", "Jo", languages=["de"])
    enrol(*[f"G{n}" for n in range(6)], languages=["de"])
    five = enrol(*[f"A{n}" for n in range(5)], languages=["ar"], needs=["interpreter"])
    proposal = propose(interpreters=1)
    with acting(ana):
        groups = plan_of(Proposal.objects.get(pk=proposal.pk))["groups"]
        assert len(groups) == 2
        places = {member: place for place, group in enumerate(groups) for member in group["members"]}
        heard = [str(person.pk) for person in five if str(person.pk) in places]
        # One interpreter sits in one group and serves four.
        assert (len(heard), len({places[person] for person in heard})) == (4, 1)
        (left_out,) = (person for person in five if str(person.pk) not in places)
        for target in (0, 1):
            with pytest.raises(Unsuitable):
                move_in_proposal(proposal, left_out.pk, target, revision=1, actor=ana)
        out = next(person for person in five if person != left_out)
        move_in_proposal(proposal, out.pk, None, revision=1, actor=ana)
        moved = move_in_proposal(proposal, left_out.pk, places[str(out.pk)], revision=2, actor=ana)
    assert moved.unmet == ["interpreter"]


def test_dee_may_not_move_anybody(
    acting: Acting, ana: Person, dee: Person, six: list[Person], propose: Propose
) -> None:
    proposal = propose()
    with acting(dee), pytest.raises(PermissionDenied):
        move_in_proposal(proposal, six[0].pk, None, revision=1, actor=dee)
    assert members_of(acting, ana, proposal) == [ids(*six, dee)]

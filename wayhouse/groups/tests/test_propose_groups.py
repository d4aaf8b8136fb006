"""Proposals of groups: drawn up by the kernel, sealed, one at a time."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conftest import Acting
from wayhouse.audit.models import AuditLeaf
from wayhouse.core.child import ChildError
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups import placing
from wayhouse.groups.actions import keep_venue, take_seat, use_venue
from wayhouse.groups.models import Cycle, Group, Proposal, Seat, Venue
from wayhouse.groups.placing import accept_groups, plan_of, propose_groups
from wayhouse.groups.refusals import AlreadyDrawing, Outdated
from wayhouse.groups.tests.conftest import LIBRARY, Apart, Enrol, Kernel, Propose, members_of
from wayhouse.people.models import Person

pytestmark = pytest.mark.usefixtures("same_process")


def test_a_proposal_is_sealed_and_says_how_good_it_is(
    acting: Acting, ana: Person, bo: Person, cycle: Cycle, six: list[Person], propose: Propose
) -> None:
    proposal = Proposal.objects.get(pk=propose(interpreters=2).pk)
    # One group of six instead of nine.
    assert (proposal.objective, proposal.bound, proposal.optimal, proposal.revision) == (46, 46, True, 1)
    with acting(ana):
        (group,) = plan_of(proposal)["groups"]
        assert {name: group[name] for name in ("venue", "slot", "language", "kind", "online", "seated")} == {
            "venue": "Library", "slot": "tue-evening", "language": "en", "kind": "mixed", "online": False, "seated": [],
        }  # fmt: skip
        assert plan_of(proposal)["interpreters"] == 2
    with acting(bo), pytest.raises(CannotOpen):
        plan_of(Proposal.objects.get(pk=proposal.pk))
    assert not Group.objects.exists()


def test_a_new_proposal_replaces_the_open_one(six: list[Person], propose: Propose) -> None:
    first, second = propose(), propose()
    states = dict(Proposal.objects.values_list("pk", "state"))
    assert states == {first.pk: Proposal.State.REPLACED, second.pk: Proposal.State.OPEN}


def test_who_has_no_place_is_listed_with_the_first_thing_that_is_missing(
    acting: Acting, ana: Person, six: list[Person], enrol: Enrol, propose: Propose, library: Venue
) -> None:
    wanted = {
        "no_times": enrol("A", slots=[]),
        "no_venue": enrol("B", slots=["sun-morning"]),
        "no_lead": enrol("C", slots=["sat-morning"]),
        "no_language": enrol("D", languages=["fr"]),
        "no_place": enrol("E", needs=["childcare"]),
        "no_interpreter": enrol("F", languages=["fr"], needs=["interpreter"]),
    }
    with acting(ana):
        slots = ["tue-evening", "sat-morning"]
        keep_venue(ana.programme, {**LIBRARY, "slots": slots}, actor=ana, venue=library)
    proposal = propose(interpreters=0)
    with acting(ana):
        told = {reason["person"]: reason["codes"] for reason in Proposal.objects.get(pk=proposal.pk).reasons}
    expected = {str(people[0].pk): [{"code": code, "params": {}}] for code, people in wanted.items()}
    assert told == expected


def test_an_empty_roster_gives_an_empty_proposal(acting: Acting, ana: Person, propose: Propose) -> None:
    assert members_of(acting, ana, propose()) == []


def test_without_an_answer_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, acting: Acting, ana: Person, cycle: Cycle, six: list[Person], propose: Propose
) -> None:
    def ends(*_words: object, **_options: object) -> None:
        raise ChildError("killed")

    kept = propose()
    monkeypatch.setattr(placing, "run_apart", ends)
    before = AuditLeaf.objects.count()
    with pytest.raises(ChildError):
        propose()
    assert list(Proposal.objects.values_list("pk", "state")) == [(kept.pk, Proposal.State.OPEN)]
    assert AuditLeaf.objects.count() == before
    assert Cycle.objects.get().drawing_since is None


def test_a_second_solve_does_not_start_beside_the_first(
    monkeypatch: pytest.MonkeyPatch,
    acting: Acting,
    ana: Person,
    cycle: Cycle,
    six: list[Person],
    propose: Propose,
    same_process: Kernel,
) -> None:
    pressed_again = []

    def slow(module: str, problem: dict[str, Any], *, time_limit: float) -> dict[str, Any]:
        with pytest.raises(AlreadyDrawing):
            propose_groups(cycle, actor=ana)
        pressed_again.append(True)
        return same_process(module, problem, time_limit=time_limit)

    monkeypatch.setattr(placing, "run_apart", slow)
    propose()
    assert pressed_again == [True]
    assert Proposal.objects.count() == 1


def test_the_mark_of_a_solve_that_was_killed_goes_stale(cycle: Cycle, six: list[Person], propose: Propose) -> None:
    Cycle.objects.update(drawing_since=timezone.now() - timedelta(seconds=60))
    with pytest.raises(AlreadyDrawing):
        propose()
    Cycle.objects.update(drawing_since=timezone.now() - timedelta(seconds=121))
    propose()
    assert Cycle.objects.get().drawing_since is None


def test_seats_taken_during_the_solve_make_it_void(
    monkeypatch: pytest.MonkeyPatch,
    acting: Acting,
    ana: Person,
    cycle: Cycle,
    six: list[Person],
    propose: Propose,
    same_process: Kernel,
) -> None:
    first = propose()

    def slow(module: str, problem: dict[str, Any], *, time_limit: float) -> dict[str, Any]:
        accept_groups(first, revision=1, actor=ana)
        return same_process(module, problem, time_limit=time_limit)

    monkeypatch.setattr(placing, "run_apart", slow)
    with pytest.raises(Outdated):
        propose()
    assert list(Proposal.objects.values_list("state", flat=True)) == [Proposal.State.ACCEPTED]


def test_dee_may_not_propose_groups(acting: Acting, dee: Person, cycle: Cycle, six: list[Person]) -> None:
    with acting(dee), pytest.raises(PermissionDenied):
        propose_groups(cycle, actor=dee)
    assert not Proposal.objects.exists()


def test_nobody_joins_a_group_whose_lead_they_must_not_meet_and_nothing_tells(
    acting: Acting, ana: Person, bo: Person, running: Group, enrol: Enrol, keep_apart: Apart, propose: Propose
) -> None:
    apart, free = enrol("Newt", "Nora")
    keep_apart(apart, bo)
    with acting(ana):
        take_seat(running, bo, "Bo", Seat.Role.FACILITATOR, actor=ana)
        use_venue(Venue.objects.get(), in_use=False, actor=ana)
    proposal = propose()
    (members,) = members_of(acting, ana, proposal)
    assert [str(person.pk) in members for person in (apart, free)] == [False, True]
    with acting(ana):
        assert list(Proposal.objects.get(pk=proposal.pk).reasons) == [
            {"person": str(apart.pk), "codes": [{"code": "no_suitable_group", "params": {}}]}
        ]


def test_a_plan_made_before_that_is_outdated(
    acting: Acting, ana: Person, bo: Person, running: Group, enrol: Enrol, keep_apart: Apart, propose: Propose
) -> None:
    (apart,) = enrol("Newt")
    proposal = propose()
    keep_apart(apart, bo)
    with acting(ana):
        take_seat(running, bo, "Bo", Seat.Role.FACILITATOR, actor=ana)
        with pytest.raises(Outdated):
            accept_groups(proposal, revision=1, actor=ana)
    assert not Seat.objects.filter(person=apart).exists()

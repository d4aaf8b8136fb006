"""A rota is drawn up, changed by hand and accepted, by coordinators alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import Acting
from wayhouse.audit.models import AuditLeaf
from wayhouse.core.child import ChildError
from wayhouse.groups import drawing
from wayhouse.groups.models import Drawing, Group, Proposal, Seat
from wayhouse.groups.refusals import AlreadyDrawing, Outdated, Unsuitable
from wayhouse.meetings.drawing_up import accept_rota, change_rota, draw_up_rota, planned, propose_rota, take_rota
from wayhouse.meetings.tests.scenes import Town, nobody_leads
from wayhouse.people.models import Person

Kinds = Callable[[], list[str]]


@pytest.fixture
def town(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(drawing, "run_apart", nobody_leads)
    town.lasts(3)
    return town


@pytest.fixture
def kestrel(town: Town) -> Group:
    return town.group("Kestrel", *town.members("Cleo"))


def in_plan(town: Town, proposal: Proposal) -> dict[int, set[str]]:
    with town.cast.acting(town.ana):
        fresh = Proposal.objects.select_related("item").get(pk=proposal.pk)
        return {week: set(staff) for (_group, week), staff in planned(fresh).items()}


def reasons(town: Town, proposal: Proposal) -> dict[int, list[str]]:
    with town.cast.acting(town.ana):
        found = Proposal.objects.select_related("item").get(pk=proposal.pk).reasons
    return {entry["week"]: [code["code"] for code in entry["codes"]] for entry in found}  # type: ignore[misc, attr-defined]


# -- Drawing up --------------------------------------------------------------------------------


def test_proposals_are_kept_beside_each_other(acting: Acting, town: Town, kestrel: Group, logged: Kinds) -> None:
    with acting(town.ana):
        first, second = (propose_rota(town.cycle, actor=town.ana) for _ in range(2))
    kept = {pk: number for pk, number in Proposal.objects.open().values_list("pk", "number")}  # noqa: C416  typed
    assert kept == {first.pk: 1, second.pk: 2}
    assert logged() == ["drawing.begun", "rota.proposed"] * 2


def test_the_proposal_keeps_who_could_serve_and_what_lacks(acting: Acting, town: Town, kestrel: Group) -> None:
    bea, _ = town.leads("Bea", "Elsewhere", slots=["mon-evening"])
    town.says(bea, slots=["tue-evening"])
    with acting(town.ana):
        proposal = propose_rota(town.cycle, actor=town.ana)
        options = dict(Proposal.objects.get(pk=proposal.pk).plan)["options"]
    assert options == {str(kestrel.pk): [str(bea.pk)]}
    assert reasons(town, proposal) == {week: ["nobody_free"] for week in (1, 2, 3)}


def test_without_an_answer_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, acting: Acting, town: Town, kestrel: Group
) -> None:
    def ends(*_words: object, **_options: object) -> None:
        raise ChildError("killed")

    monkeypatch.setattr(drawing, "run_apart", ends)
    before = AuditLeaf.objects.count()
    with acting(town.ana), pytest.raises(ChildError):
        propose_rota(town.cycle, actor=town.ana)
    assert (Proposal.objects.count(), AuditLeaf.objects.count()) == (0, before + 1)
    assert not Drawing.objects.exists()


def test_groups_and_rota_of_a_cycle_are_not_drawn_up_side_by_side(acting: Acting, town: Town, kestrel: Group) -> None:
    Drawing.objects.create(cycle=town.cycle, kind=Proposal.Kind.GROUPS, seconds=60)
    with acting(town.ana):
        with pytest.raises(AlreadyDrawing):
            propose_rota(town.cycle, actor=town.ana)
        Drawing.objects.update(heard_at=timezone.now() - timedelta(minutes=1))
        propose_rota(town.cycle, actor=town.ana)
    assert Drawing.objects.get().state == Drawing.State.BROKEN


def test_who_joins_a_group_meanwhile_makes_a_rota_void(acting: Acting, town: Town, kestrel: Group) -> None:
    with acting(town.ana):
        drawing_begun = draw_up_rota(town.cycle, actor=town.ana, wait=True)
    town.leads("Bea")
    with acting(town.ana), pytest.raises(Outdated):
        take_rota(drawing_begun, actor=town.ana)
    assert not Proposal.objects.exists()


# -- Changing by hand --------------------------------------------------------------------------


@pytest.fixture
def crew(town: Town) -> list[Person]:
    """Bea and Zoe lead; Max, Mia and Mo are mentors."""
    return [*town.leads("Bea", "Zoe"), *town.mentors("Max", "Mia", "Mo")]


@pytest.fixture
def proposal(town: Town, kestrel: Group, crew: list[Person]) -> Proposal:
    with town.cast.acting(town.ana):
        return propose_rota(town.cycle, actor=town.ana)


def test_chosen_by_hand(
    acting: Acting, town: Town, kestrel: Group, crew: list[Person], proposal: Proposal, logged: Kinds
) -> None:
    bea, _zoe, max_, mia, _mo = crew
    with acting(town.ana):
        change_rota(proposal, (kestrel.pk, 1), [bea.pk, max_.pk, mia.pk], revision=1, actor=town.ana)
        change_rota(proposal, (kestrel.pk, 2), [bea.pk], revision=2, actor=town.ana)
    assert in_plan(town, proposal) == {1: {str(bea.pk), str(max_.pk), str(mia.pk)}, 2: {str(bea.pk)}, 3: set()}
    assert reasons(town, proposal) == {2: ["by_hand"], 3: ["nobody_free"]}
    assert Proposal.objects.get(pk=proposal.pk).revision == 3
    assert logged() == ["rota.changed", "rota.changed"]


def test_every_hard_rule_refuses_in_the_same_way(
    acting: Acting, town: Town, kestrel: Group, crew: list[Person], proposal: Proposal
) -> None:
    bea, zoe, max_, mia, mo = crew
    wren, (away, stranger) = town.group("Wren"), town.leads("Away", "Stranger", slots=["mon-evening"])
    town.keeps_apart(max_, mia)
    town.keeps_apart(mo, *(seat.person for seat in Seat.objects.filter(group=kestrel)))
    wrong = {
        "two who lead": [bea, zoe],
        "not free then": [away],
        "kept apart from each other": [bea, max_, mia],
        "kept apart from a member": [bea, mo],
        "somebody who attends": [Seat.objects.get(group=kestrel).person],
        "nobody we know": [Person(programme=town.ana.programme)],
    }
    told = []
    with acting(town.ana):
        for staff in wrong.values():
            with pytest.raises(Unsuitable) as refused:
                change_rota(proposal, (kestrel.pk, 1), [one.pk for one in staff], revision=1, actor=town.ana)
            told.append(refused.value.args)
        with pytest.raises(Unsuitable):
            change_rota(proposal, (wren.pk, 1), [bea.pk], revision=1, actor=town.ana)
        with pytest.raises(Unsuitable):
            change_rota(proposal, (kestrel.pk, 4), [bea.pk], revision=1, actor=town.ana)
    assert told == [()] * len(wrong)
    assert in_plan(town, proposal) == {1: set(), 2: set(), 3: set()}
    assert stranger.pk != away.pk


def test_nobody_is_in_two_places_or_beyond_their_limit(acting: Acting, town: Town, kestrel: Group) -> None:
    wren, heron = town.group("Wren"), town.group("Heron", slot="thu-evening")
    bea, zoe = town.leads("Bea") + town.leads("Zoe", meetings_a_week=1)
    with acting(town.ana):
        proposal = propose_rota(town.cycle, actor=town.ana)
        change_rota(proposal, (kestrel.pk, 1), [bea.pk], revision=1, actor=town.ana)
        with pytest.raises(Unsuitable):
            change_rota(proposal, (wren.pk, 1), [bea.pk], revision=2, actor=town.ana)
        change_rota(proposal, (wren.pk, 1), [zoe.pk], revision=2, actor=town.ana)
        with pytest.raises(Unsuitable):
            change_rota(proposal, (heron.pk, 1), [zoe.pk], revision=3, actor=town.ana)
        change_rota(proposal, (heron.pk, 1), [bea.pk], revision=3, actor=town.ana)


def test_who_decided_on_an_older_state_is_told(
    acting: Acting, town: Town, kestrel: Group, crew: list[Person], proposal: Proposal
) -> None:
    with acting(town.ana):
        change_rota(proposal, (kestrel.pk, 1), [crew[0].pk], revision=1, actor=town.ana)
        with pytest.raises(Outdated):
            change_rota(proposal, (kestrel.pk, 1), [crew[1].pk], revision=1, actor=town.ana)
        with pytest.raises(Outdated):
            accept_rota(proposal, revision=1, actor=town.ana)
    assert in_plan(town, proposal)[1] == {str(crew[0].pk)}

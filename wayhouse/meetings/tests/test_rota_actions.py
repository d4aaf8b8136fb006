"""A rota is drawn up, changed by hand and accepted, by coordinators alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conftest import Acting, Cast
from wayhouse.audit.models import AuditLeaf
from wayhouse.core.child import ChildError, run_apart
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.models import Cycle, Group, Proposal, Seat
from wayhouse.groups.refusals import AlreadyDrawing, Outdated, Unsuitable
from wayhouse.meetings import drawing_up
from wayhouse.meetings.drawing_up import accept_rota, change_rota, planned, propose_rota
from wayhouse.meetings.models import EveningCard, HostName, Meeting, Shift
from wayhouse.meetings.tests.scenes import Town, nobody_leads, on
from wayhouse.people.models import Person

Kinds = Callable[[], list[str]]


@pytest.fixture
def town(cast: Cast, ana: Person, cycle: Cycle, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(drawing_up, "run_apart", nobody_leads)
    found = Town(cast, ana, cycle)
    found.lasts(3)
    return found


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


def test_a_new_proposal_replaces_the_open_one(acting: Acting, town: Town, kestrel: Group, logged: Kinds) -> None:
    with acting(town.ana):
        first, second = (propose_rota(town.cycle, actor=town.ana) for _ in range(2))
    states = {pk: state for pk, state in Proposal.objects.values_list("pk", "state")}  # noqa: C416  typed
    assert states == {first.pk: Proposal.State.REPLACED, second.pk: Proposal.State.OPEN}
    assert logged() == ["rota.proposed", "rota.proposed"]


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

    monkeypatch.setattr(drawing_up, "run_apart", ends)
    before = AuditLeaf.objects.count()
    with acting(town.ana), pytest.raises(ChildError):
        propose_rota(town.cycle, actor=town.ana)
    assert (Proposal.objects.count(), AuditLeaf.objects.count()) == (0, before)
    assert Cycle.objects.get().drawing_since is None


def test_a_second_solve_does_not_start_beside_the_first(acting: Acting, town: Town, kestrel: Group) -> None:
    Cycle.objects.update(drawing_since=timezone.now() - timedelta(minutes=1))
    with acting(town.ana):
        with pytest.raises(AlreadyDrawing):
            propose_rota(town.cycle, actor=town.ana)
        Cycle.objects.update(drawing_since=timezone.now() - timedelta(minutes=3))
        propose_rota(town.cycle, actor=town.ana)
    assert Cycle.objects.get().drawing_since is None


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


# -- Accepting ---------------------------------------------------------------------------------


def test_accepting_makes_meetings_shifts_names_cards_and_a_reserve(
    acting: Acting, town: Town, kestrel: Group, crew: list[Person], logged: Kinds
) -> None:
    bea, zoe, max_, mia, _mo = crew
    plan = {(kestrel, 1): [bea, max_, mia], (kestrel, 2): [bea, max_, mia], (kestrel, 3): [zoe, max_]}
    made = town.accepts(plan)
    assert [meeting.week for meeting in made] == [1, 2, 3]
    assert [on(meeting) for meeting in made] == [{bea, max_, mia}, {bea, max_, mia}, {zoe, max_}]
    assert [on(meeting, reserve=True) for meeting in made] == [{zoe}, {zoe}, {bea}]
    assert {seat.person for seat in Seat.objects.filter(role=Seat.Role.FACILITATOR)} == {bea, zoe}
    with acting(town.ana):
        assert {host.name for host in HostName.objects.all()} == {"Bea", "Zoe", "Max", "Mia"}
        card = EveningCard.objects.get(meeting=made[2])
        serving = [(words["name"], words["role"], words["reserve"]) for words in card.serving]
        assert sorted(serving) == [
            ("Bea", "facilitator", True),
            ("Max", "mentor", False),
            ("Zoe", "facilitator", False),
        ]
        assert {words["name"] for words in card.cover} == {"Mia", "Mo"}
        assert [who["name"] for who in card.expected] == ["Member 0"]
    assert Cycle.objects.get().state == Cycle.State.RUNNING
    assert Proposal.objects.get().state == Proposal.State.ACCEPTED
    assert logged() == ["meetings.planned", "seat.taken", "seat.taken", "meetings.staffed", "rota.accepted"]


def test_who_serves_or_stands_by_opens_the_card_and_nobody_else(
    acting: Acting, town: Town, bo: Person, max: Person, cass: Person, dee: Person
) -> None:
    town.says(bo, meetings_a_week=2)
    group, (zoe,) = town.group("Kestrel", cass), town.leads("Zoe")
    made = town.accepts({(group, 1): [zoe, max], (group, 2): [zoe], (group, 3): [bo]})
    opened = {}
    for person in (bo, max, cass, dee):
        with acting(person):
            opened[person] = [_opens(meeting) for meeting in made]
    assert opened == {
        bo: [True, True, True],
        max: [True, False, False],
        cass: [False, False, False],
        dee: [False, False, False],
    }


def _opens(meeting: Meeting) -> bool:
    try:
        return EveningCard.objects.get(meeting=meeting).group_name == "Kestrel"
    except CannotOpen:
        return False


def test_reserves_are_spread_and_never_in_two_places(town: Town) -> None:
    first, second = town.group("Kestrel"), town.group("Wren")
    bea, ida, zoe, may = town.leads("Bea", "Ida", "Zoe", "May")
    plan = {(group, week): [lead] for week in (1, 2, 3) for group, lead in ((first, bea), (second, ida))}
    made = town.accepts(plan)
    standing = [on(meeting, reserve=True) for meeting in made]
    assert sorted(len(people) for people in standing) == [1] * 6
    counted = {person: sum(person in people for people in standing) for person in (bea, ida, zoe, may)}
    assert counted == {bea: 0, ida: 0, zoe: 3, may: 3}


def test_nobody_stands_by_whom_a_rule_keeps_away(town: Town) -> None:
    (cleo,) = town.members("Cleo")
    group = town.group("Kestrel", cleo)
    bea, apart, away, mentor = [
        *town.leads("Bea", "Apart"),
        *town.leads("Away", slots=["mon-evening"]),
        *town.mentors("Max"),
    ]
    town.keeps_apart(apart, cleo)
    made = town.accepts({(group, 1): [bea, mentor], (group, 2): [bea], (group, 3): []})
    assert [on(meeting, reserve=True) for meeting in made] == [set(), set(), {bea}]
    assert away not in on(made[2], reserve=True)


def test_a_second_rota_changes_the_weeks_to_come_and_their_keys(
    acting: Acting, town: Town, bo: Person, max: Person
) -> None:
    group, (zoe,), (mia,) = town.group("Kestrel"), town.leads("Zoe"), town.mentors("Mia")
    made = town.accepts({(group, week): [zoe, max] for week in (1, 2, 3)})
    with time_machine.travel(made[0].starts_at + timedelta(hours=3), tick=False):
        kept = town.accepts({(group, 1): [zoe, max], (group, 2): [zoe, mia], (group, 3): [zoe, max]})
        assert [meeting.week for meeting in kept] == [2, 3]
        assert [on(meeting) for meeting in made] == [{zoe, max}, {zoe, mia}, {zoe, max}]
        with acting(max):
            assert [_opens(meeting) for meeting in made] == [True, False, True]
    assert Meeting.objects.count() == 3


def test_a_skipped_evening_gets_nobody(town: Town, kestrel: Group, crew: list[Person]) -> None:
    bea, _zoe, max_, *_mentors = crew
    made = town.accepts({(kestrel, 1): [bea, max_], (kestrel, 2): [bea, max_], (kestrel, 3): [bea, max_]})
    Meeting.objects.filter(pk=made[1].pk).update(state=Meeting.State.SKIPPED)
    again = town.accepts({(kestrel, 1): [bea], (kestrel, 2): [bea], (kestrel, 3): [bea]})
    assert [meeting.week for meeting in again] == [1, 3]
    assert on(made[1]) == {bea, max_}


@pytest.mark.parametrize("change", ["a member joins", "somebody pauses", "a group opens", "a week passes"])
def test_what_changed_since_makes_it_void(
    acting: Acting, town: Town, kestrel: Group, crew: list[Person], change: str
) -> None:
    bea, _zoe, max_, *_mentors = crew
    proposal = town.proposal({(kestrel, week): [bea, max_] for week in (1, 2, 3)})
    later = timezone.now()
    if change == "a member joins":
        (new,) = town.members("New")
        with acting(town.ana):
            item = Seat.objects.get(group=kestrel).item
            Seat.objects.filter(item=item).update(person=new)
        town.keeps_apart(new, max_)
    elif change == "somebody pauses":
        Person.objects.filter(pk=max_.pk).update(status=Person.Status.PAUSED)
    elif change == "a group opens":
        town.group("Wren")
    else:
        later = timezone.now() + timedelta(days=11)
    before = AuditLeaf.objects.count()
    with time_machine.travel(later, tick=False), acting(town.ana), pytest.raises(Outdated):
        accept_rota(proposal, revision=1, actor=town.ana)
    assert (Meeting.objects.count(), Shift.objects.count(), AuditLeaf.objects.count()) == (0, 0, before)


def test_dee_may_neither_propose_nor_change_nor_accept(
    acting: Acting, dee: Person, town: Town, kestrel: Group, crew: list[Person]
) -> None:
    proposal = town.proposal({(kestrel, week): [] for week in (1, 2, 3)})
    before = AuditLeaf.objects.count()
    with acting(dee):
        with pytest.raises(PermissionDenied):
            propose_rota(town.cycle, actor=dee)
        with pytest.raises(PermissionDenied):
            change_rota(proposal, (kestrel.pk, 1), [crew[0].pk], revision=1, actor=dee)
        with pytest.raises(PermissionDenied):
            accept_rota(proposal, revision=1, actor=dee)
    assert (Proposal.objects.count(), Meeting.objects.count(), AuditLeaf.objects.count()) == (1, 0, before)
    assert Proposal.objects.get().revision == 1


def test_a_cycle_that_ended_gets_no_rota(acting: Acting, town: Town, kestrel: Group) -> None:
    Cycle.objects.update(state=Cycle.State.ENDED)
    town.cycle.refresh_from_db()
    with acting(town.ana), pytest.raises(PermissionDenied):
        propose_rota(town.cycle, actor=town.ana)


def test_the_kernel_itself_from_roster_to_evenings(
    monkeypatch: pytest.MonkeyPatch, acting: Acting, town: Town, kestrel: Group
) -> None:
    monkeypatch.setattr(drawing_up, "run_apart", run_apart)
    bea, zoe, max_, mia = [*town.leads("Bea", "Zoe"), *town.mentors("Max", "Mia")]
    with acting(town.ana):
        proposal = propose_rota(town.cycle, actor=town.ana, seconds=5)
        made = accept_rota(proposal, revision=1, actor=town.ana)
    assert (proposal.optimal, reasons(town, proposal)) == (True, {})
    assert [len(on(meeting)) for meeting in made] == [3, 3, 3]
    assert {person for meeting in made for person in on(meeting) & {max_, mia}} == {max_, mia}
    assert {frozenset(on(meeting, reserve=True) | (on(meeting) & {bea, zoe})) for meeting in made} == {
        frozenset({bea, zoe})
    }

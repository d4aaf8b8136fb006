"""A rota is accepted: meetings, shifts, reserves, names and keys, or nothing at all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conftest import Acting
from wayhouse.audit.models import AuditLeaf
from wayhouse.core.child import run_apart
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.crypto import items
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups import drawing
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Cycle, Group, Proposal, Seat
from wayhouse.groups.refusals import Outdated
from wayhouse.meetings.drawing_up import accept_rota, change_rota, propose_rota
from wayhouse.meetings.models import EveningCard, HostName, Meeting, Shift
from wayhouse.meetings.tests.scenes import Town, nobody_leads, on
from wayhouse.people.models import Person

Kinds = Callable[[], list[str]]


@pytest.fixture
@rehearsed
def town(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(drawing, "run_apart", nobody_leads)
    town.lasts(3)
    return town


@pytest.fixture
@rehearsed
def kestrel(town: Town) -> Group:
    return town.group("Kestrel", *town.members("Cleo"))


@pytest.fixture
def crew(town: Town) -> list[Person]:
    """Bea and Zoe lead; Max, Mia and Mo are mentors."""
    return [*town.leads("Bea", "Zoe"), *town.mentors("Max", "Mia", "Mo")]


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
        # Who serves where is kept once, in the shifts.
        assert items.words_of(Proposal.objects.get().item) == {"plan": {}, "reasons": []}
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
            take_seat(kestrel, new, "New", Seat.Role.MEMBER, actor=town.ana)
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
    monkeypatch.setattr(drawing, "run_apart", run_apart)
    bea, zoe, max_, mia = [*town.leads("Bea", "Zoe"), *town.mentors("Max", "Mia")]
    with acting(town.ana):
        proposal = propose_rota(town.cycle, actor=town.ana, seconds=5)
        made = accept_rota(proposal, revision=1, actor=town.ana)
        assert (proposal.optimal, Proposal.objects.get(pk=proposal.pk).reasons) == (True, [])
    assert [len(on(meeting)) for meeting in made] == [3, 3, 3]
    assert {person for meeting in made for person in on(meeting) & {max_, mia}} == {max_, mia}
    assert {frozenset(on(meeting, reserve=True) | (on(meeting) & {bea, zoe})) for meeting in made} == {
        frozenset({bea, zoe})
    }

"""Cycles: who begins one, and the pages that show how far it has come."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.groups.actions import begin_cycle, leave_group, open_group
from wayhouse.groups.models import Cycle, Group, Seat, Venue
from wayhouse.groups.placing import propose_groups
from wayhouse.groups.tests.conftest import Enrol
from wayhouse.people.models import Person

Counted = Callable[..., Any]
BUDGET = 8


@pytest.fixture
def desk(signed_in: SignedIn, ana: Person) -> Client:
    """Ana's browser, which sat down at the desk before."""
    client = signed_in(ana)
    client.get(reverse("groups:cycles"))
    return client


def begin(ana: Person, title: str, starts_on: date) -> Cycle:
    return begin_cycle(
        ana.programme, pack="twelve-evenings", version="1.0.0", title=title, starts_on=starts_on, weeks=14, actor=ana
    )


def fill(acting: Acting, ana: Person, cycle: Cycle, name: str, *members: Person, slot: str = "tue-evening") -> Group:
    words = {"name": name, "venue": "Library", "slot": slot, "language": "en", "kind": "mixed"}
    with acting(ana):
        return open_group(cycle, words, facilitators={}, members=dict.fromkeys(members, "x"), actor=ana)


def steps(client: Client, cycle: Cycle) -> list[tuple[str, str, str]]:
    found = client.get(reverse("groups:cycle", args=[cycle.pk])).context["steps"]
    return [(step.state, step.text, step.url) for step in found]


def test_a_coordinator_begins_a_cycle(acting: Acting, ana: Person) -> None:
    with acting(ana):
        cycle = begin(ana, "Spring", date(2027, 3, 1))
    assert (cycle.state, cycle.ends_on) == (Cycle.State.FORMING, date(2027, 6, 6))
    assert list(AuditLeaf.objects.filter(kind="cycle.begun").values_list("kind", flat=True)) == ["cycle.begun"]


def test_dee_may_not_begin_a_cycle(acting: Acting, dee: Person) -> None:
    with acting(dee), pytest.raises(PermissionDenied):
        begin(dee, "Spring", date(2027, 3, 1))
    assert not Cycle.objects.exists()


def test_weeks_are_counted_from_the_first_monday() -> None:
    cycle = Cycle(starts_on=date(2027, 3, 1), weeks=2)
    days = [date(2027, 2, 28), date(2027, 3, 1), date(2027, 3, 7), date(2027, 3, 8), date(2027, 3, 15)]
    assert [cycle.week_of(day) for day in days] == [0, 1, 1, 2, 3]


def test_cycles_overlap_in_the_weeks_they_share() -> None:
    cycle = Cycle(starts_on=date(2027, 3, 1), weeks=2)
    starts = [date(2027, 2, 15), date(2027, 2, 22), date(2027, 3, 8), date(2027, 3, 15)]
    assert [Cycle(starts_on=day, weeks=2).overlaps(cycle) for day in starts] == [False, True, True, False]
    assert not Cycle(starts_on=date(2027, 3, 1), weeks=2, state=Cycle.State.ENDED).overlaps(cycle)


def test_without_a_cycle_the_way_to_the_library_is_shown(desk: Client) -> None:
    page = desk.get(reverse("groups:cycles"))
    assert f'<a class="btn" href="{reverse("blueprints:packs")}">Go to the library</a>' in page.content.decode()


def test_each_cycle_says_what_comes_next(
    acting: Acting, ana: Person, signed_in: SignedIn, library: Venue, same_process: object
) -> None:
    with acting(ana):
        cycles = [begin(ana, str(number), date(2027, 3, 1)) for number in range(7)]
        propose_groups(cycles[1], actor=ana, seconds=5)
    for place, state in [(2, Cycle.State.STAFFING), (3, Cycle.State.RUNNING), (4, Cycle.State.ENDED)]:
        Cycle.objects.filter(pk=cycles[place].pk).update(state=state)
    for place, day in [(5, date(2027, 3, 22)), (6, date(2026, 3, 2))]:
        Cycle.objects.filter(pk=cycles[place].pk).update(state=Cycle.State.RUNNING, starts_on=day)
    with time_machine.travel(date(2027, 3, 16), tick=False):
        shown = signed_in(ana).get(reverse("groups:cycles")).context["cycles"]
    assert {one["cycle"].title: one["next"] for one in shown} == {
        "0": "Next: form the groups",
        "1": "Next: look at the proposal",
        "2": "Next: draw up the rota",
        "3": "Week 3 of 14",
        "4": "All weeks are over",
        "5": "Ready to begin",
        "6": "All weeks are over",
    }


def test_the_steps_lead_from_places_to_evenings(
    acting: Acting, ana: Person, cycle: Cycle, desk: Client, enrol: Enrol, request: pytest.FixtureRequest
) -> None:
    proposal = reverse("groups:proposal", args=[cycle.pk])
    assert steps(desk, cycle)[0][1:] == (
        "First of all, write down the places where groups can meet.",
        reverse("groups:venue_new"),
    )
    request.getfixturevalue("library")
    assert steps(desk, cycle)[0][:2] == ("now", "Nobody is on the roster yet.")
    (mina,) = enrol("Mina")
    assert steps(desk, cycle)[0] == ("now", "1 person has no seat yet.", proposal)
    fill(acting, ana, cycle, "Wren", mina)
    Cycle.objects.update(state=Cycle.State.STAFFING)
    forming, staffing, running, _end = steps(desk, cycle)
    assert forming == ("past", "Everybody has a seat.", "")
    assert (staffing[0], running[0]) == ("now", "")
    Cycle.objects.update(state=Cycle.State.RUNNING)
    assert [state for state, _text, _url in steps(desk, cycle)] == ["past", "past", "now", ""]


def test_in_a_cycle_that_has_ended_nothing_is_formed(
    acting: Acting, ana: Person, cycle: Cycle, desk: Client, enrol: Enrol, library: Venue
) -> None:
    mina, _omar = enrol("Mina", "Omar")
    group = fill(acting, ana, cycle, "Wren", mina)
    Cycle.objects.update(state=Cycle.State.ENDED)
    assert steps(desk, cycle)[0] == ("past", "All weeks are over", "")
    assert desk.get(reverse("groups:proposal", args=[cycle.pk])).status_code == 404
    page = desk.get(reverse("groups:group", args=[group.pk])).content.decode()
    assert [words for words in ("Give the seat", "Rename") if words in page] == []


def test_an_open_proposal_is_pointed_to(
    acting: Acting, ana: Person, cycle: Cycle, desk: Client, enrol: Enrol, library: Venue, same_process: object
) -> None:
    enrol("Mina")
    with acting(ana):
        propose_groups(cycle, actor=ana, seconds=5)
    assert steps(desk, cycle)[0][:2] == ("now", "A proposal waits for you.")


def test_groups_and_those_without_a_seat_are_shown(
    acting: Acting, ana: Person, cass: Person, cycle: Cycle, desk: Client, enrol: Enrol
) -> None:
    mina, _omar = enrol("Mina", "Omar")
    fill(acting, ana, cycle, "Wren", mina)
    fill(acting, ana, cycle, "Heron", cass, slot="thu-morning")
    with acting(cass):
        leave_group(Seat.objects.get(person=cass), actor=cass)
    page = desk.get(reverse("groups:cycle", args=[cycle.pk])).context
    assert [(group["name"], group["slot"], group["taken"]) for group in page["groups"]] == [
        ("Heron", "Thursday morning", 0),
        ("Wren", "Tuesday evening", 1),
    ]
    assert [(one["name"], one["times"], one["has_left"]) for one in page["waiting"]] == [
        ("Cass", "Tuesday evening", True),
        ("Omar", "Tuesday evening", False),
    ]


def test_who_sits_in_another_cycle_of_these_weeks_does_not_wait(
    acting: Acting, ana: Person, cycle: Cycle, desk: Client, enrol: Enrol, library: Venue
) -> None:
    mina, omar, _zoe = enrol("Mina", "Omar", "Zoe")
    with acting(ana):
        beside = begin(ana, "Beside", cycle.starts_on + timedelta(weeks=1))
        before = begin(ana, "Before", cycle.starts_on - timedelta(weeks=20))
    fill(acting, ana, beside, "Wren", mina)
    fill(acting, ana, before, "Heron", omar)
    assert steps(desk, cycle)[0][1] == "2 people have no seat yet."


@pytest.mark.parametrize("name", ["groups:cycles", "groups:cycle"])
def test_for_dee_there_are_no_cycles(signed_in: SignedIn, dee: Person, cycle: Cycle, name: str) -> None:
    args = [cycle.pk] if name == "groups:cycle" else []
    assert signed_in(dee).get(reverse(name, args=args)).status_code == 404


def test_the_lists_ask_the_database_the_same_at_any_size(
    acting: Acting,
    ana: Person,
    cycle: Cycle,
    desk: Client,
    enrol: Enrol,
    django_assert_num_queries: Counted,
) -> None:
    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            mina, _omar = enrol(f"Mina {number}", f"Omar {number}")
            fill(acting, ana, cycle, f"Wren {number}", mina)
            with acting(ana):
                begin(ana, str(number), date(2028, 3, 6) + timedelta(weeks=20 * number))

    for first, last in ((0, 2), (2, 20)):
        grow(first, last)
        with django_assert_num_queries(3):
            assert len(desk.get(reverse("groups:cycles")).context["cycles"]) == last + 1
        with django_assert_num_queries(6):
            page = desk.get(reverse("groups:cycle", args=[cycle.pk])).context
        assert (len(page["groups"]), len(page["waiting"])) == (last, last)

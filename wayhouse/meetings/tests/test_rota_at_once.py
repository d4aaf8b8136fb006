"""Two coordinators at once, on a database that both really write to."""

import pytest

from conftest import Cast
from wayhouse.groups.models import Group, Proposal
from wayhouse.groups.tests.conftest import real_database  # noqa: F401  a fixture
from wayhouse.groups.tests.test_concurrency import at_once
from wayhouse.meetings.drawing_up import accept_rota, change_rota
from wayhouse.meetings.models import EveningCard, Meeting, Shift, Swap
from wayhouse.meetings.standing_in import call_reserve
from wayhouse.meetings.swapping import decide_swap
from wayhouse.meetings.tests.scenes import Town, on
from wayhouse.people.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_database")]


@pytest.fixture
def town(town: Town) -> Town:
    town.lasts(2)
    return town


@pytest.fixture
def crew(town: Town) -> list[Person]:
    return [*town.leads("Bea", "Zoe"), *town.mentors("Max", "Mia")]


@pytest.fixture
def kestrel(town: Town) -> Group:
    return town.group("Kestrel")


@pytest.mark.abuse(37)
def test_two_accept_at_once(cast: Cast, ana: Person, town: Town, kestrel: Group, crew: list[Person]) -> None:
    bea, zoe, max_, _mia = crew
    proposal = town.proposal({(kestrel, 1): [bea, max_], (kestrel, 2): [zoe, max_]})

    def accept() -> None:
        actor = Person.objects.get(pk=ana.pk)
        with cast.acting(actor):
            accept_rota(Proposal.objects.get(pk=proposal.pk), revision=1, actor=actor)

    assert at_once(accept, accept) == ["Outdated", "done"]
    assert (Meeting.objects.count(), EveningCard.objects.count(), Shift.objects.count()) == (2, 2, 6)


def test_accepting_and_changing_at_once(
    cast: Cast, ana: Person, town: Town, kestrel: Group, crew: list[Person]
) -> None:
    """Whichever comes first, the other is told, and what was accepted is what the first one saw."""
    bea, zoe, max_, _mia = crew
    proposal = town.proposal({(kestrel, 1): [bea, max_], (kestrel, 2): [bea, max_]})

    def accept() -> None:
        actor = Person.objects.get(pk=ana.pk)
        with cast.acting(actor):
            accept_rota(Proposal.objects.get(pk=proposal.pk), revision=1, actor=actor)

    def change() -> None:
        actor = Person.objects.get(pk=ana.pk)
        with cast.acting(actor):
            found = Proposal.objects.select_related("cycle__programme").get(pk=proposal.pk)
            change_rota(found, (kestrel.pk, 1), [zoe.pk], revision=1, actor=actor)

    assert at_once(accept, change) == ["Outdated", "done"]
    after = Proposal.objects.values_list("state", "revision").get()
    accepted = after[0] == Proposal.State.ACCEPTED
    assert after == ((Proposal.State.ACCEPTED, 1) if accepted else (Proposal.State.OPEN, 2))
    assert [on(meeting) for meeting in Meeting.objects.order_by("week")] == [{bea, max_}] * 2 * accepted


def test_one_swap_is_answered_once(cast: Cast, ana: Person, town: Town, kestrel: Group, crew: list[Person]) -> None:
    bea, _zoe, max_, mia = crew
    first, _second = town.accepts({(kestrel, 1): [bea, max_], (kestrel, 2): []})
    swap = Swap.objects.create(meeting=first, asker=max_)

    def decide(taker: Person | None) -> None:
        actor = Person.objects.get(pk=ana.pk)
        with cast.acting(actor):
            found = Swap.objects.select_related("meeting__group").get(pk=swap.pk)
            decide_swap(found, agree=taker is not None, taker=taker, actor=actor)

    assert at_once(lambda: decide(mia), lambda: decide(None)) == ["Outdated", "done"]
    state = Swap.objects.get().state
    agreed = state == Swap.State.AGREED
    assert state in {Swap.State.AGREED, Swap.State.DECLINED}
    assert on(first) == ({bea, mia} if agreed else {bea, max_})


def test_the_reserve_is_called_twice_and_comes_once(
    cast: Cast, ana: Person, town: Town, kestrel: Group, crew: list[Person]
) -> None:
    bea, zoe, max_, _mia = crew
    first, _second = town.accepts({(kestrel, 1): [bea, max_], (kestrel, 2): []})

    def call() -> None:
        actor = Person.objects.get(pk=ana.pk)
        with cast.acting(actor):
            call_reserve(Meeting.objects.get(pk=first.pk), zoe, instead_of=bea, actor=actor)

    assert at_once(call, call) == ["Unsuitable", "done"]
    assert (on(first), on(first, reserve=True)) == ({zoe, max_}, set())

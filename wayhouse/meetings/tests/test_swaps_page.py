"""The pages on which a shift is handed over: of whoever has it, and of the coordinator."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import Acting, SignedIn
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.groups.models import Group
from wayhouse.meetings.models import Meeting, Shift, Swap
from wayhouse.meetings.swapping import ask_swap
from wayhouse.meetings.tests.scenes import Town, on
from wayhouse.people.models import Person

Kinds = Callable[[], list[str]]


@pytest.fixture
@rehearsed
def town(town: Town, bo: Person, max: Person) -> Town:
    town.lasts(2)
    for person in (bo, max):
        town.says(person, meetings_a_week=2)
    return town


@pytest.fixture
@rehearsed
def kestrel(town: Town) -> Group:
    return town.group("Kestrel", *town.members("Cleo"))


@pytest.fixture
@rehearsed
def evening(town: Town, kestrel: Group, bo: Person, max: Person, mia: Person) -> Meeting:
    """Bo leads with Max, Zoe stands by; Mia has time."""
    town.leads("Zoe")
    return town.accepts({(kestrel, 1): [bo, max], (kestrel, 2): []})[0]


@pytest.fixture
def shift(evening: Meeting, max: Person) -> Shift:
    return Shift.objects.get(meeting=evening, person=max)


def asked(acting: Acting, shift: Shift, taker: Person | None = None) -> Swap:
    with acting(shift.person):
        return ask_swap(shift, taker, actor=shift.person)


def test_a_mentor_hands_over_in_two_taps(signed_in: SignedIn, evening: Meeting, max: Person, mia: Person) -> None:
    client, there = signed_in(max), reverse("meetings:ask_swap", args=[evening.pk])
    assert there in client.get(reverse("meetings:meetings")).content.decode()
    page = client.get(there).content.decode()
    assert ("Mia" in page, "evening around then" in page) == (True, False)
    answer = client.post(there, {"taker": mia.pk})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("meetings:meetings"))
    assert Swap.objects.get().taker == mia
    listed = client.get(reverse("meetings:meetings")).content.decode()
    assert ("Keep it after all" in listed, there in listed) == (True, False)
    client.post(reverse("meetings:withdraw_swap", args=[Swap.objects.get().pk]))
    assert Swap.objects.get().state == Swap.State.WITHDRAWN


def test_a_mentor_steps_back_without_a_word(signed_in: SignedIn, evening: Meeting, max: Person) -> None:
    signed_in(max).post(reverse("meetings:ask_swap", args=[evening.pk]), {"taker": ""})
    assert Swap.objects.get().taker is None


def test_a_stranger_cannot_be_named(signed_in: SignedIn, evening: Meeting, max: Person, dee: Person) -> None:
    answer = signed_in(max).post(reverse("meetings:ask_swap", args=[evening.pk]), {"taker": dee.pk})
    assert (answer.status_code, Swap.objects.count()) == (200, 0)


def test_a_coordinator_agrees(
    signed_in: SignedIn, acting: Acting, evening: Meeting, shift: Shift, ana: Person, bo: Person, mia: Person
) -> None:
    swap, client = asked(acting, shift, mia), signed_in(ana)
    there = reverse("meetings:decide_swap", args=[swap.pk])
    assert "1 person asks" in client.get(reverse("meetings:meetings")).content.decode()
    listed = client.get(reverse("meetings:swaps")).content.decode()
    assert (there in listed, "Max would hand it to Mia." in listed) == (True, True)
    page = client.get(there).content.decode()
    assert f'value="{mia.pk}" checked' in page
    answer = client.post(there, {"taker": mia.pk, "answer": "yes"})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("meetings:swaps"))
    assert on(evening) == {bo, mia}
    assert client.get(there).status_code == 302


def test_a_coordinator_declines(signed_in: SignedIn, acting: Acting, shift: Shift, ana: Person) -> None:
    swap = asked(acting, shift)
    signed_in(ana).post(reverse("meetings:decide_swap", args=[swap.pk]), {"answer": "no"})
    assert Swap.objects.get().state == Swap.State.DECLINED


def test_a_gap_is_left_on_purpose_alone(
    signed_in: SignedIn, acting: Acting, shift: Shift, ana: Person, bo: Person
) -> None:
    there = reverse("meetings:decide_swap", args=[asked(acting, shift).pk])
    client = signed_in(ana)
    assert "Please choose." in client.post(there, {"answer": "yes"}).content.decode()
    assert len(on(shift.meeting)) == 2
    client.post(there, {"taker": "nobody", "answer": "yes"})
    assert on(shift.meeting) == {bo}


def test_for_others_neither_page_exists(
    signed_in: SignedIn, acting: Acting, shift: Shift, dee: Person, bo: Person, evening: Meeting
) -> None:
    swap = asked(acting, shift)
    decide, withdraw = (reverse(f"meetings:{name}", args=[swap.pk]) for name in ("decide_swap", "withdraw_swap"))
    for person in (dee, bo):
        client = signed_in(person)
        assert client.get(reverse("meetings:swaps")).status_code == 404
        assert client.post(decide, {"answer": "yes"}).status_code == 404
        assert client.post(withdraw).status_code == 404
    assert signed_in(dee).get(reverse("meetings:ask_swap", args=[evening.pk])).status_code == 404
    assert Swap.objects.get().state == Swap.State.ASKED


@pytest.mark.parametrize("count", [2, 20])
def test_as_many_queries_with_two_as_with_twenty(
    signed_in: SignedIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    town: Town,
    kestrel: Group,
    ana: Person,
    max: Person,
    count: int,
) -> None:
    people = town.mentors(*(f"Mentor {number}" for number in range(count)))
    first, second = town.accepts({(kestrel, 1): [max], (kestrel, 2): [max]})
    Swap.objects.bulk_create(Swap(meeting=first, asker=person) for person in [*people[1:], max])
    client, own = signed_in(ana), signed_in(max)
    (swap,) = Swap.objects.filter(asker=max)
    for path, who, number in (
        (reverse("meetings:swaps"), client, 4),
        (reverse("meetings:decide_swap", args=[swap.pk]), client, 6),
        (reverse("meetings:ask_swap", args=[second.pk]), own, 5),
    ):
        who.get(path)
        with django_assert_num_queries(number):
            assert who.get(path).status_code == 200

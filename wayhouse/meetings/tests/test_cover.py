"""On the day: the reserve comes with one tap, gaps are filled, somebody who cannot come is taken off."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import Acting, SignedIn
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.models import Group
from wayhouse.groups.refusals import Outdated, Unsuitable
from wayhouse.meetings.models import EveningCard, Meeting, Shift
from wayhouse.meetings.standing_in import call_reserve, fill_gap, take_off
from wayhouse.meetings.tests.scenes import Town, on
from wayhouse.people.models import Person, RosterEntry

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
def evening(town: Town, kestrel: Group, bo: Person, max: Person) -> Meeting:
    """Bea leads with Max, Bo stands by; Mia could come too."""
    (bea,) = town.leads("Bea")
    town.mentors("Mia")
    made = town.accepts({(kestrel, 1): [bea, max], (kestrel, 2): [bo]})
    assert on(made[0], reserve=True) == {bo}
    return made[0]


def named(name: str, town: Town) -> Person:
    with town.cast.acting(town.ana):
        entries = RosterEntry.objects.select_related("item", "person")
        (found,) = [entry.person for entry in entries if entry.name == name]
    return found


def test_the_reserve_comes_instead_of_somebody(
    acting: Acting, town: Town, ana: Person, bo: Person, max: Person, evening: Meeting, logged: Kinds
) -> None:
    bea = named("Bea", town)
    with acting(ana):
        call_reserve(evening, bo, instead_of=bea, actor=ana)
    assert (on(evening), on(evening, reserve=True)) == ({bo, max}, set())
    assert logged() == ["seats.ended", "meeting.staffed", "reserve.called"]
    with acting(bo):
        card = EveningCard.objects.get(meeting=evening)
        assert {words["name"] for words in card.serving} == {"Bo", "Max"}


def test_the_reserve_comes_as_well_even_after_it_began(
    acting: Acting, town: Town, ana: Person, bo: Person, max: Person, evening: Meeting
) -> None:
    with time_machine.travel(evening.starts_at + timedelta(minutes=20), tick=False), acting(ana):
        call_reserve(evening, bo, actor=ana)
    assert on(evening) == {named("Bea", town), bo, max}


def test_only_who_stands_by_can_be_called(
    acting: Acting, town: Town, ana: Person, max: Person, evening: Meeting
) -> None:
    with acting(ana):
        for other in (named("Mia", town), max):
            with pytest.raises(Unsuitable):
                call_reserve(evening, other, actor=ana)


def test_who_cannot_come_loses_the_keys(
    acting: Acting, ana: Person, max: Person, evening: Meeting, logged: Kinds
) -> None:
    with acting(ana):
        take_off(evening, max, actor=ana)
    assert not Shift.objects.filter(meeting=evening, person=max).exists()
    with acting(max), pytest.raises(CannotOpen):
        _ = EveningCard.objects.get(meeting=evening).group_name
    assert logged() == ["meeting.staffed", "shift.ended"]


def test_a_gap_is_filled_by_whoever_fits(
    acting: Acting, town: Town, ana: Person, max: Person, evening: Meeting, logged: Kinds
) -> None:
    mia = named("Mia", town)
    with acting(ana):
        fill_gap(evening, mia, as_reserve=False, actor=ana)
    assert on(evening) == {named("Bea", town), max, mia}
    assert logged() == ["meeting.staffed", "gap.filled"]


def test_judged_by_the_evening_as_it_is_now(
    acting: Acting, town: Town, ana: Person, bo: Person, max: Person, evening: Meeting
) -> None:
    mia = named("Mia", town)
    Meeting.objects.filter(pk=evening.pk).update(state=Meeting.State.SKIPPED)
    with acting(ana):
        with pytest.raises(Outdated):
            call_reserve(evening, bo, actor=ana)
        with pytest.raises(Outdated):
            fill_gap(evening, mia, as_reserve=False, actor=ana)
        with pytest.raises(Outdated):
            take_off(evening, max, actor=ana)
    assert on(evening) == {named("Bea", town), max}


@pytest.mark.parametrize("rule", ["time", "language", "elsewhere", "kept apart", "apart from staff", "limit", "role"])
def test_every_rule_refuses_in_the_same_way(
    acting: Acting, town: Town, kestrel: Group, ana: Person, evening: Meeting, rule: str
) -> None:
    mia, max_ = named("Mia", town), named("Max", town)
    if rule == "time":
        town.says(mia, slots=["mon-evening"])
    elif rule == "language":
        town.says(mia, languages=["ar"])
    elif rule == "elsewhere":
        town.accepts({**_as_it_is(kestrel, evening), **_elsewhere(town, mia)})
    elif rule == "kept apart":
        town.keeps_apart(mia, named("Cleo", town))
    elif rule == "apart from staff":
        town.keeps_apart(mia, max_)
    elif rule == "limit":
        town.says(mia, meetings_a_week=0)
    with acting(ana), pytest.raises(Unsuitable) as refused:
        fill_gap(evening, mia, as_reserve=rule == "role", actor=ana)
    assert refused.value.args == ()
    assert mia not in on(evening)


def _as_it_is(group: Group, evening: Meeting) -> dict[tuple[Group, int], list[Person]]:
    second = Meeting.objects.get(group=group, week=2)
    return {(group, 1): list(on(evening)), (group, 2): list(on(second))}


def _elsewhere(town: Town, person: Person) -> dict[tuple[Group, int], list[Person]]:
    wren = town.group("Wren")
    return {(wren, 1): [person], (wren, 2): []}


def test_dee_changes_nothing(
    acting: Acting, town: Town, dee: Person, bo: Person, max: Person, evening: Meeting
) -> None:
    before = (on(evening), on(evening, reserve=True))
    with acting(dee):
        with pytest.raises(PermissionDenied):
            call_reserve(evening, bo, actor=dee)
        with pytest.raises(PermissionDenied):
            fill_gap(evening, dee, as_reserve=False, actor=dee)
        with pytest.raises(PermissionDenied):
            take_off(evening, max, actor=dee)
    assert (on(evening), on(evening, reserve=True)) == before


def test_nothing_changes_once_it_is_over_or_skipped(acting: Acting, ana: Person, bo: Person, evening: Meeting) -> None:
    with time_machine.travel(evening.ends_at, tick=False), acting(ana), pytest.raises(PermissionDenied):
        call_reserve(evening, bo, actor=ana)
    evening.state = Meeting.State.SKIPPED
    with acting(ana), pytest.raises(PermissionDenied):
        call_reserve(evening, bo, actor=ana)


# -- The page ----------------------------------------------------------------------------------


def test_the_page_offers_the_reserve_first_and_fills_gaps(
    signed_in: SignedIn, town: Town, ana: Person, bo: Person, max: Person, evening: Meeting
) -> None:
    client, bea, mia = signed_in(ana), named("Bea", town), named("Mia", town)
    page = client.get(reverse("meetings:cover", args=[evening.pk]))
    text = page.content.decode()
    order = [
        text.index(words) for words in ("Stands by", "Comes instead of Bea", "Cannot come", "Only one mentor", "Mia")
    ]
    assert order == sorted(order)
    there = reverse("meetings:cover", args=[evening.pk])
    posts = [
        ("call_reserve", {"person": bo.pk, "instead_of": bea.pk}),
        ("fill_gap", {"person": mia.pk}),
        ("fill_gap", {"person": bea.pk, "as_reserve": "yes"}),
        ("take_off", {"person": max.pk}),
    ]
    for name, data in posts:
        answer = client.post(reverse(f"meetings:{name}", args=[evening.pk]), data)
        assert (answer.status_code, answer.headers["Location"]) == (302, there)
    assert (on(evening), on(evening, reserve=True)) == ({bo, mia}, {bea})


def test_a_tap_that_comes_too_late_says_so(
    signed_in: SignedIn, town: Town, ana: Person, evening: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, mia = signed_in(ana), named("Mia", town)
    monkeypatch.setattr("wayhouse.meetings.cover_sheet.candidates", lambda *_found, **_how: [])
    answer = client.post(reverse("meetings:call_reserve", args=[evening.pk]), {"person": mia.pk}, follow=True)
    text = answer.content.decode()
    assert "This does not fit any more." in text
    # Bo stands by and may come: nobody reads that there is nobody.
    assert ("Comes as well" in text, "Nobody else suitable" in text, "Nobody suitable" in text) == (True, True, False)


@pytest.mark.parametrize("who", ["bo", "max", "dee"])
def test_for_others_it_does_not_exist(
    signed_in: SignedIn, request: pytest.FixtureRequest, evening: Meeting, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(reverse("meetings:cover", args=[evening.pk])).status_code == 404
    for name in ("call_reserve", "fill_gap", "take_off"):
        assert client.post(reverse(f"meetings:{name}", args=[evening.pk]), {"person": "x"}).status_code == 404


def test_nonsense_is_not_found(signed_in: SignedIn, ana: Person, evening: Meeting) -> None:
    answer = signed_in(ana).post(reverse("meetings:fill_gap", args=[evening.pk]), {"person": "nobody"})
    assert answer.status_code == 404


@pytest.mark.parametrize("more", [0, 18])
def test_as_many_queries_with_two_as_with_twenty(
    signed_in: SignedIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    town: Town,
    kestrel: Group,
    ana: Person,
    max: Person,
    more: int,
) -> None:
    crew = [*town.leads("Bea", "Zoe"), *town.mentors(*(f"Mentor {number}" for number in range(2 + more)))]
    first, _second = town.accepts({(kestrel, 1): [crew[0], max], (kestrel, 2): []})
    client = signed_in(ana)
    client.get(reverse("meetings:cover", args=[first.pk]))
    with django_assert_num_queries(6):
        client.get(reverse("meetings:cover", args=[first.pk]))

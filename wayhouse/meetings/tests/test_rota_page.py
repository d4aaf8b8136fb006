"""The rota as coordinators see it: gaps on top with their reasons, weeks, loads; propose, change, accept."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import SignedIn
from wayhouse.core.child import ChildError
from wayhouse.groups import drawing
from wayhouse.groups.models import Cycle, Group, Proposal
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.reasons import sentences
from wayhouse.meetings.rota.explain import TEXTS
from wayhouse.meetings.tests.scenes import Town, nobody_leads, on
from wayhouse.people.models import Person


@pytest.fixture
def town(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(drawing, "run_apart", nobody_leads)
    monkeypatch.setattr(drawing, "in_background", lambda work: work())
    town.lasts(6)
    return town


@pytest.fixture
def kestrel(town: Town) -> Group:
    return town.group("Kestrel", *town.members("Cleo"))


@pytest.fixture
def crew(town: Town) -> list[Person]:
    return [*town.leads("Bea", "Zoe"), *town.mentors("Max", "Mia")]


def draw_up(client: Client, cycle: Cycle, query: str = "") -> Any:
    """Ask for a proposal, and go on to it as the browser does."""
    there = reverse("meetings:propose_rota", args=[cycle.pk]) + query
    return client.post(there, {"seconds": "15"}, follow=True)


def page(signed_in: SignedIn, ana: Person, cycle: Cycle, query: str = "") -> str:
    answer = signed_in(ana).get(reverse("meetings:rota", args=[cycle.pk]) + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_without_groups_it_says_what_to_do_first(signed_in: SignedIn, ana: Person, cycle: Cycle) -> None:
    text = page(signed_in, ana, cycle)
    assert ("There are no groups yet" in text, reverse("groups:cycle", args=[cycle.pk]) in text) == (True, True)


def test_proposed_changed_and_accepted_without_a_script(
    signed_in: SignedIn, town: Town, kestrel: Group, ana: Person, crew: list[Person]
) -> None:
    client, there = signed_in(ana), reverse("meetings:rota", args=[town.cycle.pk])
    assert "Draw up a proposal" in client.get(there).content.decode()
    draw_up(client, town.cycle)
    change = reverse("meetings:change_rota", args=[town.cycle.pk, kestrel.pk, 1])
    text = client.get(there).content.decode()
    assert [words in text for words in ("This is a proposal.", "nobody leads yet", change)] == [True, True, True]

    bea, _zoe, max_, mia = crew
    chosen = {"facilitator": bea.pk, "mentor": max_.pk, "second_mentor": mia.pk, "revision": 1}
    asked = client.post(change, chosen)
    assert sorted(asked.context["consequences"]) == [
        f"{name} comes, and has 1 evening in this cycle then." for name in ("Bea", "Max", "Mia")
    ]
    assert asked.context["total"].one > asked.context["total"].other
    assert Proposal.objects.get().revision == 1
    assert client.post(change, {**chosen, "sure": "on"}).headers["Location"] == f"{there}?n=1&week=1"
    assert "Bea" in client.get(there).content.decode()

    accept = reverse("meetings:accept_rota", args=[town.cycle.pk])
    assert "5 evenings still lack somebody who leads or accompanies." in client.get(accept).content.decode()
    answer = client.post(accept, {"revision": 2}, follow=True)
    text = answer.content.decode()
    assert [words in text for words in ("6 evenings are planned", "This is in force.")] == [True, True]
    assert on(Meeting.objects.get(week=1)) == {bea, max_, mia}


def test_a_choice_that_does_not_fit_is_refused_in_the_form(
    signed_in: SignedIn, town: Town, kestrel: Group, ana: Person, crew: list[Person]
) -> None:
    client = signed_in(ana)
    draw_up(client, town.cycle)
    change = reverse("meetings:change_rota", args=[town.cycle.pk, kestrel.pk, 1])
    bea, _zoe, max_, mia = crew
    town.keeps_apart(max_, mia)
    told = []
    for second in (mia, max_):
        data = {"facilitator": bea.pk, "mentor": max_.pk, "second_mentor": second.pk, "revision": 1}
        text = client.post(change, data).content.decode()
        told.append([words in text for words in ("This does not fit.", "Choose two different people.")])
    assert told == [[True, False], [False, True]]
    outdated = client.post(change, {"facilitator": bea.pk, "revision": 7}, follow=True)
    assert "Somebody else changed the proposal meanwhile." in outdated.content.decode()
    assert Proposal.objects.get().revision == 1


def test_somebody_dropped_on_an_evening_takes_an_empty_place_or_that_of_whom_they_were_dropped_on(
    signed_in: SignedIn, town: Town, kestrel: Group, ana: Person, crew: list[Person]
) -> None:
    bea, zoe, max_, mia = crew
    town.proposal({(kestrel, 1): [bea, max_], (kestrel, 2): [zoe, mia]})
    client, revision = signed_in(ana), Proposal.objects.get().revision
    change = reverse("meetings:change_rota", args=[town.cycle.pk, kestrel.pk, 1])
    rota = client.get(reverse("meetings:rota", args=[town.cycle.pk])).content.decode()
    assert (rota.count(f'data-at="{change}'), rota.count(f'data-person="{mia.pk}"')) == (1, 1)

    def dropped(person: Person, instead: str) -> list[str]:
        words = {"person": person.pk, "instead": instead, "target": "", "revision": revision}
        form = client.post(change, words).context["form"]
        return [form.data[name] for name in ("facilitator", "mentor", "second_mentor")]

    assert dropped(mia, "") == [str(bea.pk), str(max_.pk), str(mia.pk)]
    assert dropped(mia, str(max_.pk)) == [str(bea.pk), str(mia.pk), ""]
    assert dropped(zoe, str(max_.pk)) == [str(zoe.pk), str(max_.pk), ""]
    asked = client.post(change, {"person": mia.pk, "instead": "", "revision": revision})
    assert [words.split(",")[0] for words in asked.context["consequences"]] == ["Mia comes"]
    assert "asked" not in client.post(change, {"person": "x", "instead": "", "revision": revision}).context
    assert Proposal.objects.get().revision == revision


def test_only_who_could_serve_is_offered(
    signed_in: SignedIn, town: Town, kestrel: Group, ana: Person, crew: list[Person]
) -> None:
    town.leads("Elsewhere", slots=["mon-evening"])
    bea, zoe, *_mentors = crew
    wren = town.group("Wren")
    town.proposal({(kestrel, 1): [bea], (wren, 1): [zoe]})
    text = signed_in(ana).get(reverse("meetings:change_rota", args=[town.cycle.pk, kestrel.pk, 1])).content.decode()
    assert [name in text for name in ("Bea", "Zoe", "Elsewhere")] == [True, False, False]


def test_what_is_closed_or_begun_or_unknown_is_not_changed(
    signed_in: SignedIn, town: Town, kestrel: Group, ana: Person, crew: list[Person]
) -> None:
    client = signed_in(ana)
    first = reverse("meetings:change_rota", args=[town.cycle.pk, kestrel.pk, 1])
    accept = reverse("meetings:accept_rota", args=[town.cycle.pk])
    assert (client.get(first).status_code, client.get(accept).status_code) == (302, 302)
    town.proposal({(kestrel, week): [] for week in range(1, 7)})
    seventh = reverse("meetings:change_rota", args=[town.cycle.pk, kestrel.pk, 7])
    assert (client.get(first).status_code, client.get(seventh).status_code) == (200, 404)
    with time_machine.travel(town.cycle.starts_on + timedelta(days=4), tick=False):
        assert signed_in(ana).get(first).status_code == 404


def test_a_solve_that_ends_badly_says_so(
    monkeypatch: pytest.MonkeyPatch, signed_in: SignedIn, town: Town, kestrel: Group, ana: Person
) -> None:
    def ends(*_words: object, **_options: object) -> None:
        raise ChildError("killed")

    monkeypatch.setattr(drawing, "run_apart", ends)
    there = reverse("meetings:propose_rota", args=[town.cycle.pk])
    answer = draw_up(signed_in(ana), town.cycle)
    assert "Nothing was changed: what was accepted counts as before" in answer.content.decode()
    assert signed_in(ana).get(there).status_code == 405


def test_gaps_of_the_next_four_weeks_come_first_with_their_reasons(
    signed_in: SignedIn, town: Town, kestrel: Group, ana: Person, crew: list[Person]
) -> None:
    bea, zoe, max_, mia = crew
    town.accepts(
        {
            (kestrel, 1): [bea, max_, mia],
            (kestrel, 2): [bea],
            (kestrel, 3): [bea, max_, mia],
            (kestrel, 4): [zoe, max_, mia],
            (kestrel, 5): [zoe, max_, mia],
            (kestrel, 6): [bea],
        }
    )
    Meeting.objects.get(week=3).shifts.filter(reserve=True).delete()
    text = page(signed_in, ana, town.cycle)
    top = text[: text.index("Week by week")]
    gaps = [top.count(words) for words in ("no mentor yet", "nobody stands by yet", "1 later evening has a gap too.")]
    assert gaps == [1, 1, 1]
    assert zoe in on(Meeting.objects.get(week=2), reserve=True)


def test_loads_weeks_and_people_who_left(
    signed_in: SignedIn, town: Town, kestrel: Group, ana: Person, crew: list[Person]
) -> None:
    bea, _zoe, max_, mia = crew
    town.accepts({(kestrel, week): [bea, max_, mia] if week != 4 else [] for week in range(1, 7)})
    Person.objects.filter(pk=mia.pk).update(status=Person.Status.LEFT)
    shown = [page(signed_in, ana, town.cycle, query) for query in ("", "?week=5", "?week=x", "?week=99")]
    assert ["Week 1 " in text for text in shown] == [True, False, True, True]
    assert ["Week 5 " in text for text in shown] == [False, True, False, False]
    assert ["Mia" in text for text in shown] == [False] * 4


def test_groups_without_a_rota_are_mentioned(
    signed_in: SignedIn, town: Town, kestrel: Group, ana: Person, crew: list[Person]
) -> None:
    town.accepts({(kestrel, week): crew[:1] * (week != 3) for week in range(1, 7)})
    town.group("Wren")
    assert "1 group has no rota yet." in page(signed_in, ana, town.cycle)


@pytest.mark.parametrize("who", ["bo", "cass", "dee"])
def test_for_others_it_does_not_exist(
    signed_in: SignedIn, request: pytest.FixtureRequest, town: Town, kestrel: Group, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    names = [("rota", ()), ("accept_rota", ()), ("change_rota", (kestrel.pk, 1))]
    for name, more in names:
        assert client.get(reverse(f"meetings:{name}", args=[town.cycle.pk, *more])).status_code == 404
    assert client.post(reverse("meetings:propose_rota", args=[town.cycle.pk])).status_code == 404
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("count", [2, 20])
def test_as_many_queries_with_two_as_with_twenty(
    signed_in: SignedIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    town: Town,
    ana: Person,
    crew: list[Person],
    count: int,
) -> None:
    groups = [town.group(f"Group {number}", slot="mon-evening") for number in range(count)]
    client, there = signed_in(ana), reverse("meetings:rota", args=[town.cycle.pk])
    client.get(there)
    # The cycle comes along with a proposal; before the first one it is asked for.
    with django_assert_num_queries(7):
        client.get(there)
    town.proposal({(group, week): [] for group in groups for week in range(1, 7)})
    change = reverse("meetings:change_rota", args=[town.cycle.pk, groups[0].pk, 1])
    accept = reverse("meetings:accept_rota", args=[town.cycle.pk])
    for path, number in ((there, 5), (change, 5), (accept, 6)):
        with django_assert_num_queries(number):
            assert client.get(path).status_code == 200
    client.post(accept, {"revision": 1})
    client.get(there)
    with django_assert_num_queries(6):
        assert client.get(there).status_code == 200


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_reason_of_the_kernel_has_a_sentence(code: str) -> None:
    params = {"able": 3, "people": 2, "meetings": 4, "groups": "g1, g2", "group": "g1", "week": 1}
    told = {
        role: sentences([{"code": code, "params": {**params, "role": role}}], {"g1": "Wren", "g2": "Heron"})
        for role in ("facilitator", "mentor")
    }
    # The house always wants two mentors.
    assert [len(words) for words in told.values()] == ([0, 0] if code == "none_wanted" else [1, 1])
    assert not any("%" in words or "g1" in words for found in told.values() for words in found)


def test_the_same_reason_is_said_once_and_groups_by_name() -> None:
    codes = [{"code": "other_group", "params": {"people": 2, "groups": "g1, g2", "role": "mentor"}}] * 2
    assert sentences(codes, {"g1": "Wren", "g2": "Heron"}) == ["2 people are in other groups then: Wren, Heron."]

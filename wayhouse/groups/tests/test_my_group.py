"""Groups as those who sit in them see them, and nobody else does."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.groups.actions import open_group, take_seat
from wayhouse.groups.models import Cycle, Group, Seat
from wayhouse.groups.tests.conftest import enrol_people
from wayhouse.people.models import Person

Counted = Callable[..., Any]


def address(name: str, group: Group) -> str:
    return reverse(f"groups:{name}", args=[group.pk])


def test_members_and_facilitators_see_their_group_and_not_its_place(
    signed_in: SignedIn, bo: Person, cass: Person, tuesday: Group
) -> None:
    for person, may_leave in ((cass, True), (bo, False)):
        for there in (reverse("groups:group"), address("group", tuesday)):
            page = signed_in(person).get(there)
            text = page.content.decode()
            assert (page.context["leading"], page.context["members"]) == (["Bo"], [("Cass", person == cass)])
            assert page.context["facts"]["slot"] == "Tuesday evening"
            assert ("<h1>Kestrel</h1>" in text, "<title>My group – Open Circle</title>" in text) == (True, True)
            assert ("Library" in text, address("leave_group", tuesday) in text) == (False, may_leave)


def test_who_sits_in_several_groups_gets_a_list(
    signed_in: SignedIn, acting: Acting, ana: Person, cass: Person, tuesday: Group, thursday: Group
) -> None:
    with acting(ana):
        take_seat(thursday, cass, "Cass", Seat.Role.MEMBER, actor=ana)
    client = signed_in(cass)
    for there in (reverse("groups:group"), reverse("groups:groups")):
        shown = client.get(there).context["groups"]
        assert [(one["name"], one["slot"]) for one in shown] == [
            ("Kestrel", "Tuesday evening"),
            ("Wren", "Thursday evening"),
        ]


def test_who_sits_nowhere_is_told_how_to_get_a_seat(signed_in: SignedIn, dee: Person) -> None:
    page = signed_in(dee).get(reverse("groups:group")).content.decode()
    assert "You are in no group right now" in page


def test_for_dee_there_is_no_tuesday_group(signed_in: SignedIn, dee: Person, tuesday: Group, thursday: Group) -> None:
    client = signed_in(dee)
    assert client.get(address("group", thursday)).status_code == 200
    assert [client.get(address(name, tuesday)).status_code for name in ("group", "leave_group")] == [404, 404]
    posts = [client.post(address(name, tuesday)).status_code for name in ("rename_group", "give_seat", "leave_group")]
    assert posts == [404, 404, 404]


def test_a_visitor_is_led_to_sign_in(client: Client, tuesday: Group) -> None:
    answers = [client.get(there) for there in (address("group", tuesday), reverse("groups:groups"))]
    assert [answer.status_code for answer in answers] == [302, 302]


def test_the_page_of_ones_group_asks_the_database_the_same_at_any_size(
    acting: Acting, ana: Person, cass: Person, signed_in: SignedIn, tuesday: Group, django_assert_num_queries: Counted
) -> None:
    member = signed_in(cass)
    for first, last in ((1, 2), (2, 20)):
        with acting(ana):
            for number, person in enumerate(enrol_people(ana.programme, *[f"N{n}" for n in range(first, last)])):
                take_seat(tuesday, person, f"N{number}", Seat.Role.MEMBER, actor=ana)
        for there in (address("group", tuesday), reverse("groups:group")):
            with django_assert_num_queries(5):
                assert len(member.get(there).context["members"]) == last


def test_the_list_of_ones_groups_asks_the_same_at_any_size(
    acting: Acting,
    ana: Person,
    cass: Person,
    cycle: Cycle,
    signed_in: SignedIn,
    django_assert_num_queries: Counted,
) -> None:
    member = signed_in(cass)
    for first, last in ((0, 2), (2, 20)):
        for number in range(first, last):
            words = {"name": f"Wren {number}", "slot": "tue-evening", "language": "en", "kind": "mixed"}
            with acting(ana):
                open_group(cycle, words, facilitators={}, members={cass: "Cass"}, actor=ana)
        with django_assert_num_queries(4):
            assert len(member.get(reverse("groups:groups")).context["groups"]) == last

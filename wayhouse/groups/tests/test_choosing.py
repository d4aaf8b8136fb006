"""The page on which a coordinator chooses where somebody of a proposal goes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.groups.models import Proposal
from wayhouse.groups.placing import accept_groups, propose_groups
from wayhouse.groups.tests.conftest import CHANGED, Enrol, move, number_of, page_of, told
from wayhouse.people.models import Person

pytestmark = pytest.mark.usefixtures("same_process")
Counted = Callable[..., Any]


def choose(desk: Client, proposal: Proposal, person: "Person | str", **words: str) -> Any:
    """The page of choices for somebody, or where it leads instead."""
    there = reverse("groups:proposal_choose", args=[proposal.pk])
    return desk.get(there, {"person": str(getattr(person, "pk", person)), **words})


def test_every_other_group_is_offered_and_ones_own_is_not(
    acting: Acting, ana: Person, desk: Client, proposal: Proposal, people: dict[str, Person]
) -> None:
    tuesday, thursday = (number_of(acting, ana, proposal, f"{day}-evening") for day in ("tue", "thu"))
    offered = {}
    for name in ("Mina", "Mina B", "Far"):
        choices = choose(desk, proposal, people[name]).context["choices"]
        offered[choices.name] = (choices.home, [(one.number, one.name, one.where) for one in choices.groups])
    one, other = (tuesday, "Kestrel", "Library, Tuesday evening"), (thursday, "Wren", "Library, Thursday evening")
    assert offered == {"Mina": ("Kestrel", [other]), "Mina B": ("Wren", [one]), "Far": (None, [one, other])}


def test_no_group_is_offered_to_who_has_one(desk: Client, proposal: Proposal, people: dict[str, Person]) -> None:
    pages = {name: choose(desk, proposal, people[name]) for name in ("Mina", "Far")}
    assert {name: page.context["now"] for name, page in pages.items()} == {
        "Mina": "Mina is in Kestrel now.",
        "Far": "Far has no group now.",
    }
    none = '<option value="none">No group</option>'
    assert {name: none in page.content.decode() for name, page in pages.items()} == {"Mina": True, "Far": False}


def test_where_somebody_is_already_nothing_changes(
    acting: Acting, ana: Person, desk: Client, proposal: Proposal, people: dict[str, Person]
) -> None:
    tuesday, said = number_of(acting, ana, proposal, "tue-evening"), []
    for sure in ("", "on"):
        for name, target in (("Mina", tuesday), ("Far", "none")):
            said += move(desk, proposal, people[name], target, sure=sure)
    assert (
        said
        == [
            "Mina is in Kestrel already. Nothing was changed.",
            "Far has no group as it is. Nothing was changed.",
        ]
        * 2
    )
    assert Proposal.objects.get().revision == 1
    assert "Changed by hand." not in desk.get(page_of(proposal.cycle)).content.decode()


def test_who_cannot_be_moved_is_not_asked_about(
    acting: Acting, ana: Person, desk: Client, proposal: Proposal, people: dict[str, Person], enrol: Enrol
) -> None:
    (newt,) = enrol("Newt")
    for person in (newt, ana, "x", ""):
        answer = choose(desk, proposal, person)
        there = reverse("groups:kept_proposal", args=[proposal.pk])
        assert (answer["Location"], told(answer)[-1]) == (there, "Choose somebody.")
    with acting(ana):
        accept_groups(proposal, revision=1, actor=ana)
        again = propose_groups(proposal.cycle, actor=ana, seconds=10)
    # They sit there by now.
    assert told(choose(desk, again, people["Mina"]))[-1] == "Choose somebody."
    assert choose(desk, again, newt).context["choices"].name == "Newt"
    answer = choose(desk, proposal, people["Mina"])
    assert (answer["Location"], told(answer)[-1]) == (page_of(proposal.cycle), CHANGED)


def test_for_dee_there_is_nothing_to_choose(
    signed_in: SignedIn, dee: Person, proposal: Proposal, people: dict[str, Person]
) -> None:
    assert choose(signed_in(dee), proposal, people["Mina"]).status_code == 404

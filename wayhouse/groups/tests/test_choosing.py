"""The page on which a coordinator chooses where somebody of a proposal goes."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.groups.actions import take_seat
from wayhouse.groups.models import Group, Proposal, Seat, Venue
from wayhouse.groups.placing import accept_groups, plan_of, propose_groups
from wayhouse.groups.tests.conftest import (
    CHANGED,
    REFUSED,
    Apart,
    Enrol,
    Propose,
    move,
    number_of,
    page_of,
    told,
)
from wayhouse.people.models import Person, RosterEntry

pytestmark = pytest.mark.usefixtures("same_process")
Counted = Callable[..., Any]
Waits = Callable[..., tuple[Proposal, Person]]


@pytest.fixture
def waits(acting: Acting, ana: Person, six: list[Person], library: Venue, propose: Propose, enrol: Enrol) -> Waits:
    """Newt, who waits beside a group of six, with words of the roster; and the place with other words than before."""

    def build(words: dict[str, Any], venue: dict[str, Any], *, meets: bool) -> tuple[Proposal, Person]:
        proposal = propose()
        if meets:
            with acting(ana):
                accept_groups(proposal, revision=1, actor=ana)
            proposal = propose()
        (newt,) = enrol("Newt", **words)
        with acting(ana):
            Proposal.objects.get(pk=proposal.pk).rewrite(reasons=[{"person": str(newt.pk), "codes": []}])
            Venue.objects.get(pk=library.pk).rewrite(**venue)
        return proposal, newt

    return build


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


@pytest.mark.parametrize(
    ("words", "venue", "why"),
    [
        ({}, {}, ""),
        ({"slots": ["thu-evening"]}, {}, "Newt cannot come at that time."),
        ({"kinds": ["women"]}, {}, "Newt did not choose this kind of group."),
        ({"languages": ["ar"]}, {}, "Newt does not speak its language and asked for no interpreter."),
        ({"languages": ["ar"], "needs": ["interpreter"]}, {}, ""),
        ({"mode": "in-person"}, {"online": True}, "It meets online, and Newt wants to meet in person."),
        ({"mode": "online"}, {}, "It meets in person, and Newt wants to meet online."),
        ({"needs": ["step-free"]}, {"step_free": False}, "Its place cannot be reached without steps."),
        ({"needs": ["childcare"]}, {}, "There is no childcare at its place."),
        ({"area": "Applewick/Market"}, {}, "Its place is farther away than Newt travels."),
        ({"needs": ["phone-in"], "area": "Applewick/Market"}, {}, ""),
    ],
)
@pytest.mark.parametrize("meets", [False, True])
def test_why_a_group_is_not_suitable_is_said_before_it_is_tried_and_after(
    desk: Client, waits: Waits, words: dict[str, Any], venue: dict[str, Any], why: str, *, meets: bool
) -> None:
    """In a group that is to open, and in one that meets already."""
    proposal, newt = waits(words, venue, meets=meets)
    choices = choose(desk, proposal, newt).context["choices"]
    assert [(one.name, one.why) for one in choices.groups] == [("Kestrel", why)]
    answer = move(desk, proposal, newt, 0, sure="")
    if why:
        assert answer == [f"Kestrel is not suitable. {why} Nothing was changed."]
    else:
        assert answer.context["where"] == "Newt will be in Kestrel."


def test_a_group_without_a_free_seat_is_not_suitable(
    acting: Acting, ana: Person, desk: Client, six: list[Person], propose: Propose, enrol: Enrol
) -> None:
    proposal, found = propose(), []
    more = enrol(*(f"M{number}" for number in range(7)))
    with acting(ana):
        waiting = [{"person": str(person.pk), "codes": []} for person in more]
        Proposal.objects.get(pk=proposal.pk).rewrite(reasons=waiting)
    for revision, person in enumerate(more[:6], start=1):
        found += [choice.why for choice in choose(desk, proposal, person).context["choices"].groups]
        move(desk, proposal, person, 0, revision)
    assert found == [""] * 6
    assert [choice.why for choice in choose(desk, proposal, more[6]).context["choices"].groups] == ["No seat is free."]
    assert move(desk, proposal, more[6], 0, 7) == ["Kestrel is not suitable. No seat is free. Nothing was changed."]


def test_a_keep_apart_leaves_the_page_as_it_is_for_both(
    acting: Acting, ana: Person, desk: Client, proposal: Proposal, people: dict[str, Person], keep_apart: Apart
) -> None:
    """One of each group, who could sit in the other one."""
    mina, other = people["Mina"], people["Omar B"]
    with acting(ana):
        RosterEntry.objects.get(person=other).rewrite(slots=["tue-evening", "thu-evening"])
    tuesday, thursday = (number_of(acting, ana, proposal, f"{day}-evening") for day in ("tue", "thu"))
    tried = [(mina, thursday), (other, tuesday)]
    before = [shown(choose(desk, proposal, person)) for person, _target in tried]
    fits = [move(desk, proposal, person, target, sure="").context["where"] for person, target in tried]
    keep_apart(mina, other)
    assert [shown(choose(desk, proposal, person)) for person, _target in tried] == before
    refused = [move(desk, proposal, person, target, sure=sure) for sure in ("", "on") for person, target in tried]
    assert (fits, refused) == (["Mina will be in Wren.", "Omar B will be in Kestrel."], [[REFUSED]] * 4)
    assert [shown(choose(desk, proposal, person)) for person, _target in tried] == before


def test_who_must_not_meet_whoever_leads_a_group_has_the_same_page(
    acting: Acting, ana: Person, bo: Person, desk: Client, waits: Waits, keep_apart: Apart
) -> None:
    proposal, newt = waits({}, {}, meets=True)
    with acting(ana):
        take_seat(Group.objects.get(), bo, "Bo", Seat.Role.FACILITATOR, actor=ana)
    before, fits = shown(choose(desk, proposal, newt)), move(desk, proposal, newt, 0, sure="").context["where"]
    keep_apart(newt, bo)
    assert (shown(choose(desk, proposal, newt)), fits) == (before, "Newt will be in Kestrel.")
    assert move(desk, proposal, newt, 0) == [REFUSED]


def test_another_rule_is_refused_in_the_words_of_a_keep_apart(
    acting: Acting, ana: Person, desk: Client, waits: Waits
) -> None:
    """An interpreter whom nobody can book, so that these words stand for more than one thing."""
    proposal, newt = waits({"languages": ["ar"], "needs": ["interpreter"]}, {}, meets=False)
    with acting(ana):
        found = Proposal.objects.get(pk=proposal.pk)
        found.rewrite(plan={**plan_of(found), "interpreters": 0})
    assert move(desk, proposal, newt, 0) == [REFUSED]


def test_what_was_chosen_stays_chosen_after_a_refusal(
    acting: Acting, ana: Person, desk: Client, proposal: Proposal, people: dict[str, Person], keep_apart: Apart
) -> None:
    keep_apart(people["Mina"], people["Omar B"])
    thursday = number_of(acting, ana, proposal, "thu-evening")
    words = {"person": str(people["Mina"].pk), "target": str(thursday), "revision": "1"}
    page = desk.post(reverse("groups:proposal_move", args=[proposal.pk]), words, follow=True).content.decode()
    assert (page.count(" selected>"), page.count(f'<option value="{thursday}" selected>')) == (1, 1)


def shown(page: Any) -> str:
    """A page, without what is another each time."""
    return re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]+"', "", page.content.decode())


def test_the_page_asks_the_database_the_same_at_any_size(
    desk: Client, enrol: Enrol, leads: Enrol, library: Venue, propose: Propose, django_assert_num_queries: Counted
) -> None:
    leads("Bo", "Max")
    for slot in ("tue-evening", "thu-evening"):
        (mina, *_others) = enrol(*(f"{slot} {number}" for number in range(6)), slots=[slot])
        proposal = propose()
        choose(desk, proposal, mina)
        with django_assert_num_queries(7):
            choose(desk, proposal, mina)


def test_for_dee_there_is_nothing_to_choose(
    signed_in: SignedIn, dee: Person, proposal: Proposal, people: dict[str, Person]
) -> None:
    assert choose(signed_in(dee), proposal, people["Mina"]).status_code == 404

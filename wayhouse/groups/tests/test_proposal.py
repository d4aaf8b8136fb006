"""The pages of a proposal: ask for it, read it, change it by hand, accept it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.groups.models import Cycle, Drawing, Group, Proposal, Seat, Venue
from wayhouse.groups.placing import accept_groups, propose_groups
from wayhouse.groups.tests.conftest import (
    ACCEPTED,
    CHANGED,
    NAMES,
    REFUSED,
    Apart,
    Enrol,
    draw_up,
    move,
    number_of,
    page_of,
    told,
)
from wayhouse.people.invitations import found
from wayhouse.people.models import Person

pytestmark = pytest.mark.usefixtures("same_process")
Counted = Callable[..., Any]


def test_groups_are_drawn_up(desk: Client, cycle: Cycle, people: dict[str, Person]) -> None:
    assert "You can watch, and stop at any time" in desk.get(page_of(cycle)).content.decode()
    answer = draw_up(desk, cycle, interpreters="3")
    proposal = Proposal.objects.get()
    drawing, there = reverse("groups:drawing", args=[cycle.pk]), reverse("groups:kept_proposal", args=[proposal.pk])
    assert [url for url, _status in answer.redirect_chain] == [drawing, there]
    board = answer.context["board"]
    assert [(table.slot, len(table.people)) for table in board.tables] == [
        ("Tuesday evening", 7),
        ("Thursday evening", 7),
    ]
    assert (board.placed, board.everybody, [one.name for one in board.waiting]) == (14, 16, ["Far", "Sun"])
    assert not Drawing.objects.exists()


def test_with_a_script_the_browser_is_sent_on(desk: Client, cycle: Cycle, people: dict[str, Person]) -> None:
    words = {"interpreters": "1", "seconds": "15"}
    answer = desk.post(page_of(cycle), words, headers={"HX-Request": "true"})
    drawing = reverse("groups:drawing", args=[cycle.pk])
    assert (answer.status_code, answer["HX-Redirect"]) == (200, drawing)
    answer = desk.get(drawing, headers={"HX-Request": "true"})
    there = reverse("groups:kept_proposal", args=[Proposal.objects.get().pk])
    assert (answer.status_code, answer["HX-Redirect"]) == (200, there)


@pytest.mark.parametrize("number", ["", "-1", "21", "x"])
def test_a_number_of_interpreters_is_needed(desk: Client, cycle: Cycle, number: str) -> None:
    answer = draw_up(desk, cycle, interpreters=number)
    assert list(answer.context["form"].errors) == ["interpreters"]
    assert not Proposal.objects.exists()


def test_the_page_shows_who_where_with_which_needs_and_why_not(
    desk: Client, cycle: Cycle, people: dict[str, Person], enrol: Enrol
) -> None:
    enrol("Ben", needs=["step-free", "phone-in"])
    draw_up(desk, cycle)
    page = desk.get(page_of(cycle))
    tuesday = page.context["board"].tables[0]
    assert (tuesday.name, tuesday.venue, tuesday.language, tuesday.kind) == ("Kestrel", "Library", "English", "mixed")
    assert {one.name: one.needs for one in tuesday.people if one.needs} == {"Ben": "step-free access, joining by phone"}
    assert {one.name: list(one.reasons) for one in page.context["board"].waiting} == {
        "Far": ["At these times no place suits what this person needs, how far they travel or how they want to meet."],
        "Sun": ["No place is open at the times this person can come."],
    }
    assert "Proven best" in page.content.decode()


def test_a_keep_apart_is_neither_shown_nor_hinted_at(
    desk: Client, cycle: Cycle, people: dict[str, Person], enrol: Enrol, keep_apart: Apart
) -> None:
    (never,) = enrol("Never")
    for name in NAMES:
        keep_apart(never, people[name])
    draw_up(desk, cycle)
    page = desk.get(page_of(cycle))
    (waiting,) = (one for one in page.context["board"].waiting if one.name == "Never")
    assert waiting.reasons[0] == "No suitable group at these times."
    assert "apart" not in page.content.decode().lower()
    # What may be said is said; what this is refused for, is not.
    proposal = Proposal.objects.get()
    tuesday = next(table.number for table in page.context["board"].tables if table.slot == "Tuesday evening")
    assert [move(desk, proposal, who, tuesday) for who in (never, people["Sun"], people["Far"])] == [
        [REFUSED],
        ["Kestrel is not suitable. Sun cannot come at that time. Nothing was changed."],
        ["Kestrel is not suitable. Its place is farther away than Far travels. Nothing was changed."],
    ]


def test_a_proposal_that_is_not_proven_best_says_how_far_it_may_be(desk: Client, proposal: Proposal) -> None:
    Proposal.objects.update(objective=1000, bound=985, optimal=False)
    page = desk.get(page_of(proposal.cycle)).content.decode()
    assert "At most 2 % from the best possible plan." in page


def test_a_move_says_what_follows_from_it_before_it_is_saved(
    acting: Acting, ana: Person, desk: Client, proposal: Proposal, people: dict[str, Person]
) -> None:
    thursday = number_of(acting, ana, proposal, "thu-evening")
    asked = move(desk, proposal, people["Mina"], thursday, sure="").context
    assert (asked["where"], asked["consequences"]) == (
        "Mina will be in Wren.",
        ["Wren: 8 people.", "It is not a time that Mina prefers.", "Kestrel has 6 people left."],
    )
    # A wish costs six points. Eight and six people are as far from nine as seven and seven.
    assert [(str(row.label), row.other - row.one) for row in asked["rows"]] == [("Wishes that are not met", 6)]
    assert (asked["total"].other - asked["total"].one, Proposal.objects.get().revision) == (6, 1)
    assert move(desk, proposal, people["Mina"], thursday) == ["Mina is in Wren now."]
    asked = move(desk, proposal, people["Omar"], "none", 2, sure="").context
    assert (asked["where"], asked["consequences"]) == (
        "Omar will have no group.",
        ["Kestrel has 5 people left.", "The plan aims for 6 at least."],
    )
    assert move(desk, proposal, people["Omar"], "none", 2) == ["Omar has no group now."]
    page = desk.get(page_of(proposal.cycle)).content.decode()
    assert "Changed by hand." in page
    assert "Taken out by hand." in page


def test_a_group_that_is_emptied_will_not_open(
    acting: Acting, ana: Person, desk: Client, proposal: Proposal, people: dict[str, Person]
) -> None:
    for revision, name in enumerate(NAMES[:-1], start=1):
        move(desk, proposal, people[name], "none", revision)
    asked = move(desk, proposal, people["Pia"], "none", 7, sure="").context
    assert asked["consequences"] == ["Kestrel is empty then and will not open."]
    assert move(desk, proposal, people["Pia"], "none", 7) == ["Pia has no group now."]
    assert "will not open" in desk.get(page_of(proposal.cycle)).content.decode()
    desk.post(reverse("groups:proposal_accept", args=[proposal.pk]), {"revision": 8})
    assert (Group.objects.count(), Seat.objects.count()) == (1, 7)


def test_an_interpreter_that_a_move_needs_is_said(
    acting: Acting, ana: Person, desk: Client, proposal: Proposal, enrol: Enrol
) -> None:
    (omid,) = enrol("Omid", languages=["fa"], needs=["interpreter"])
    with acting(ana):
        fresh = Proposal.objects.get(pk=proposal.pk)
        fresh.rewrite(reasons=[{"person": str(omid.pk), "codes": []}])
    tuesday = number_of(acting, ana, proposal, "tue-evening")
    asked = move(desk, proposal, omid, tuesday, sure="").context
    assert asked["consequences"] == ["Kestrel: 8 people.", "An interpreter is needed there."]


@pytest.mark.parametrize(
    "words", [{}, {"person": "x", "target": "0", "revision": "1"}, {"target": "", "revision": "1"}]
)
def test_a_move_without_a_choice_is_asked_again(desk: Client, proposal: Proposal, words: dict[str, str]) -> None:
    answer = desk.post(reverse("groups:proposal_move", args=[proposal.pk]), words)
    assert told(answer) == ["Choose somebody and the group they go to."]
    assert Proposal.objects.get().revision == 1


def test_a_move_on_an_older_page_changes_nothing(desk: Client, proposal: Proposal, people: dict[str, Person]) -> None:
    assert move(desk, proposal, people["Mina"], "none", 7) == [CHANGED]
    assert Proposal.objects.get().revision == 1


def test_accepting_asks_first_and_then_opens_the_groups(desk: Client, proposal: Proposal) -> None:
    there = reverse("groups:proposal_accept", args=[proposal.pk])
    page = desk.get(there).content.decode()
    asked = [
        words for words in ("2 groups open.", "14 people get a seat.", "2 people stay without a group") if words in page
    ]
    assert (len(asked), Group.objects.count()) == (3, 0)
    answer = desk.post(there, {"revision": "1"})
    assert (answer["Location"], told(answer)) == (
        reverse("groups:cycle", args=[proposal.cycle_id]),
        ["2 groups are open."],
    )
    assert (Group.objects.count(), Seat.objects.count()) == (2, 14)


@pytest.mark.parametrize("revision", ["", "2", "x"])
def test_accepting_an_older_page_opens_nothing(desk: Client, proposal: Proposal, revision: str) -> None:
    answer = desk.post(reverse("groups:proposal_accept", args=[proposal.pk]), {"revision": revision})
    assert (answer["Location"], told(answer)) == (page_of(proposal.cycle), [CHANGED])
    assert not Group.objects.exists()


def test_the_same_yes_again_leads_where_the_first_one_led(desk: Client, proposal: Proposal) -> None:
    there, cycle = (
        reverse("groups:proposal_accept", args=[proposal.pk]),
        reverse("groups:cycle", args=[proposal.cycle_id]),
    )
    answers = [desk.post(there, {"revision": "1"}), desk.post(there, {"revision": "1"}), desk.get(there)]
    assert [answer["Location"] for answer in answers] == [cycle] * 3
    assert told(answers[2]) == ["2 groups are open.", ACCEPTED]
    assert (Group.objects.count(), Seat.objects.count()) == (2, 14)


def test_the_same_yes_at_the_same_moment_leads_there_too(
    monkeypatch: pytest.MonkeyPatch, desk: Client, proposal: Proposal
) -> None:
    """The other one is accepted after this request read the proposal, as when two taps arrive at once."""

    def first_of_two(found: Proposal, **words: Any) -> list[Group]:
        accept_groups(found, **words)
        return accept_groups(found, **words)

    monkeypatch.setattr("wayhouse.groups.views.proposals.accept_groups", first_of_two)
    answer = desk.post(reverse("groups:proposal_accept", args=[proposal.pk]), {"revision": "1"})
    assert (answer["Location"], told(answer)) == (reverse("groups:cycle", args=[proposal.cycle_id]), [ACCEPTED])
    assert Group.objects.count() == 2


def test_a_yes_to_something_else_than_was_accepted_is_told(
    acting: Acting, ana: Person, desk: Client, proposal: Proposal, people: dict[str, Person]
) -> None:
    with acting(ana):
        again = propose_groups(proposal.cycle, actor=ana, seconds=10)
    move(desk, proposal, people["Mina"], "none")
    desk.post(reverse("groups:proposal_accept", args=[proposal.pk]), {"revision": "2"})
    for other, revision in ((proposal, 1), (proposal, 3), (again, 1)):
        answer = desk.post(reverse("groups:proposal_accept", args=[other.pk]), {"revision": revision})
        assert (answer["Location"], told(answer)[-1]) == (page_of(proposal.cycle), CHANGED)
    assert told(desk.get(reverse("groups:proposal_accept", args=[again.pk])))[-1] == CHANGED
    assert move(desk, proposal, people["Mina"], "none")[-1] == CHANGED
    assert Seat.objects.count() == 13


def test_newcomers_are_marked_and_those_who_sit_cannot_be_chosen(
    acting: Acting, ana: Person, desk: Client, proposal: Proposal, people: dict[str, Person], enrol: Enrol
) -> None:
    with acting(ana):
        accept_groups(proposal, revision=1, actor=ana)
        (new,) = enrol("Newt")
        again = propose_groups(proposal.cycle, actor=ana, seconds=10)
    board = desk.get(page_of(proposal.cycle)).context["board"]
    assert [(table.goes_on, [one.name for one in table.movable]) for table in board.tables] == [
        (True, ["Newt"]),
        (True, []),
    ]
    assert (board.opening, board.newcomers) == ([], 1)
    assert move(desk, again, people["Mina"], "none") == [REFUSED]
    assert move(desk, again, new, "none", sure="").context["consequences"] == ["Kestrel has 7 people left."]


def test_for_dee_there_is_no_proposal(signed_in: SignedIn, dee: Person, proposal: Proposal) -> None:
    client = signed_in(dee)
    accept = reverse("groups:proposal_accept", args=[proposal.pk])
    move_there = reverse("groups:proposal_move", args=[proposal.pk])
    assert [client.get(there).status_code for there in (page_of(proposal.cycle), accept, move_there)] == [404] * 3
    assert [client.post(there, {"revision": 1}).status_code for there in (accept, move_there)] == [404] * 2
    assert Proposal.objects.get().state == Proposal.State.OPEN


def test_a_coordinator_elsewhere_sees_no_proposal(cast: Any, signed_in: SignedIn, proposal: Proposal) -> None:
    _programme, token = found("Other House (invented)", "Elsewhere", "Eve", time_zone="Europe/Berlin")
    client = signed_in(cast.accept(token, "eve"))
    accept = reverse("groups:proposal_accept", args=[proposal.pk])
    cycle_page = reverse("groups:cycle", args=[proposal.cycle_id])
    pages = [client.get(there).status_code for there in (page_of(proposal.cycle), accept, cycle_page)]
    assert pages == [404, 404, 404]
    assert client.post(accept, {"revision": "1"}).status_code == 404


def test_the_page_asks_the_database_the_same_at_any_size(
    desk: Client, cycle: Cycle, enrol: Enrol, leads: Enrol, library: Venue, django_assert_num_queries: Counted
) -> None:
    leads("Bo", "Max")
    for size in (6, 18):
        enrol(*[f"{size} {number}" for number in range(size)])
        draw_up(desk, cycle)
        desk.get(page_of(cycle))
        with django_assert_num_queries(6):
            desk.get(page_of(cycle))
        accept = reverse("groups:proposal_accept", args=[Proposal.objects.open().latest("number").pk])
        with django_assert_num_queries(7):
            desk.get(accept)

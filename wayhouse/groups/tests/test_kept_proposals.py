"""Proposals kept beside each other: compared, put aside, with people locked in them; and moves that are refused."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import Acting
from wayhouse.groups import placing
from wayhouse.groups.formation import objective
from wayhouse.groups.models import Proposal
from wayhouse.groups.placing import propose_groups
from wayhouse.groups.tests.conftest import CHANGED, REFUSED, Apart, Enrol, move, number_of, page_of, told
from wayhouse.people.models import Person, RosterEntry

pytestmark = pytest.mark.usefixtures("same_process")
Counted = Callable[..., Any]


def test_a_refused_move_takes_as_many_steps_whatever_refuses_it(
    desk: Client,
    proposal: Proposal,
    people: dict[str, Person],
    enrol: Enrol,
    acting: Acting,
    ana: Person,
    keep_apart: Apart,
) -> None:
    """A keep-apart, another time, another kind: the same page, as many queries and calls of the kernel's rules."""
    (never, late, busy) = enrol("Never", "Late", "Busy")
    with acting(ana):
        Proposal.objects.get(pk=proposal.pk).rewrite(
            reasons=[{"person": str(one.pk), "codes": []} for one in (never, late, busy)]
        )
        RosterEntry.objects.get(person=late).rewrite(slots=["sun-morning"])
        RosterEntry.objects.get(person=busy).rewrite(kinds=["women"])
    keep_apart(never, people["Mina"])
    tuesday = number_of(acting, ana, proposal, "tue-evening")
    there, seen, said = reverse("groups:proposal_move", args=[proposal.pk]), [], []
    for sure in ("", "on"):
        for person in (never, late, busy):
            words = {"person": str(person.pk), "target": str(tuesday), "revision": "1", "sure": sure}
            # Rules are looked at in Python: their calls are steps as much as queries are.
            with CaptureQueriesContext(connection) as queries, steps() as taken:
                answer = desk.post(there, words)
            page = answer["Location"].replace(str(person.pk), "somebody")
            seen.append((answer.status_code, page, len(queries), taken))
            said += told(answer)[-1:]
            desk.get(answer["Location"])
    assert seen == [seen[0]] * 6
    assert (seen[0][1].rpartition("/")[2], seen[0][3]["faults"]) == (f"?person=somebody&target={tuesday}", 2)
    why = ("Late cannot come at that time.", "Busy did not choose this kind of group.")
    assert said == [REFUSED, *(f"Kestrel is not suitable. {words} Nothing was changed." for words in why)] * 2


@contextmanager
def steps() -> Iterator[Counter[str]]:
    """How often each step of looking at a move is taken."""
    taken: Counter[str] = Counter()

    def counted(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*words: Any, **more: Any) -> Any:
            taken[name] += 1
            return step(*words, **more)

        return run

    with ExitStack() as stack:
        for where, name in ((objective, "faults"), (objective, "evaluate"), (placing, "unmet_in")):
            stack.enter_context(patch.object(where, name, counted(name, getattr(where, name))))
        yield taken


def test_two_proposals_are_compared_and_one_is_put_aside(
    acting: Acting,
    ana: Person,
    desk: Client,
    proposal: Proposal,
    people: dict[str, Person],
    django_assert_num_queries: Counted,
) -> None:
    there = reverse("groups:compare_proposals", args=[proposal.cycle_id])
    assert desk.get(there)["Location"] == page_of(proposal.cycle)
    with acting(ana):
        again = propose_groups(proposal.cycle, actor=ana, seconds=10)
    thursday = number_of(acting, ana, again, "thu-evening")
    move(desk, again, people["Mina"], thursday)
    move(desk, again, people["Omar"], "none", 2)
    with django_assert_num_queries(6):
        page = desk.get(there)
    found = page.context["comparison"]
    assert [(str(row.label), row.one, row.other) for row in found.figures][:2] == [
        ("People with a group", 13, 14), ("People without a group", 3, 2),
    ]  # fmt: skip
    assert [(who.name, who.one.partition(" ")[0], who.other.partition(" ")[0]) for who in found.elsewhere] == [
        ("Mina", "Wren", "Kestrel"), ("Omar", "Without", "Kestrel"),
    ]  # fmt: skip
    assert [(str(row.label), row.one - row.other) for row in found.parts][:1] == [("People without a group", 1000)]
    other_way = desk.get(there, {"one": "1", "other": "2"}).context["comparison"]
    assert [who.one for who in other_way.elsewhere] == [who.other for who in found.elsewhere]
    kept = reverse("groups:kept_proposal", args=[proposal.pk])
    assert "Proposals kept" in desk.get(kept).content.decode()
    answer = desk.post(reverse("groups:proposal_drop", args=[proposal.pk]))
    assert (told(answer), Proposal.objects.open().get().pk) == (["Proposal 1 is put aside."], again.pk)
    assert desk.get(kept)["Location"] == page_of(proposal.cycle)


def test_accepting_one_puts_the_others_aside(acting: Acting, ana: Person, desk: Client, proposal: Proposal) -> None:
    with acting(ana):
        propose_groups(proposal.cycle, actor=ana, seconds=10)
    there = reverse("groups:proposal_accept", args=[proposal.pk])
    assert "1 other proposal is kept no longer." in desk.get(there).content.decode()
    desk.post(there, {"revision": "1"})
    assert sorted(Proposal.objects.values_list("number", "state")) == [(1, "accepted"), (2, "replaced")]


def test_somebody_is_locked_and_let_go_with_a_form(desk: Client, proposal: Proposal, people: dict[str, Person]) -> None:
    there, kept = (reverse(f"groups:{name}", args=[proposal.pk]) for name in ("proposal_lock", "kept_proposal"))
    words = {"person": str(people["Mina"].pk), "revision": "1", "stays": "on"}
    assert told(desk.post(there, words)) == ["Locked. They stay there when it is drawn up again."]
    page = desk.get(kept)
    assert (page.context["board"].locked, "1 person is locked and stays where they are." in page.content.decode()) == (
        1,
        True,
    )
    assert told(desk.post(there, {**words, "revision": "1"}))[-1] == CHANGED
    assert told(desk.post(there, {"person": str(people["Mina"].pk), "revision": "2"}))[-1] == "Not locked any more."
    assert told(desk.post(there, {"revision": "2"}))[-1] == "Choose somebody."
    assert desk.get(kept).context["board"].locked == 0

"""The register of demands: who reads it, who signs, what a hold does, and what nobody else learns."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from conftest import Cast
from wayhouse.crypto import items
from wayhouse.crypto.box import CannotOpen
from wayhouse.people import holds
from wayhouse.people.actions import end_role
from wayhouse.people.models import Hold, Person, Role
from wayhouse.safeguarding import demands, posts, steps
from wayhouse.safeguarding.demand_tables import counts_by_year
from wayhouse.safeguarding.models import Concern, Demand, DemandOpening
from wayhouse.safeguarding.protocol import Kind, Level, Post
from wayhouse.safeguarding.protocol.demands import Matter, Move, NotPossible, Stage
from wayhouse.safeguarding.raising import Report, raise_concern
from wayhouse.safeguarding.refusals import ConcernsYou, TooFewReaders
from wayhouse.safeguarding.tests.conftest import appointed, arrived, asks_again

Team = dict[str, Person]
ASKED = {"who": "A court", "basis": "Order 7", "what": "Everything", "about": "A man called K."}
WORDS = {
    "law_sheet": "de 2026-11-28", "validity": "signed", "counsel": "asked", "asked": "only dates", "reason": "why",
    "again": "2027-06-01", "given": "dates", "whom": "the court", "said": "nothing", "told": "by phone", "note": "n",
}  # fmt: skip


def url(name: str, *args: object) -> str:
    return reverse(f"safeguarding:{name}", args=args)


def about(cast: Cast, raiser: Person, person: Person, kind: Kind = Kind.LEGAL_DEMAND) -> Concern:
    """Somebody tells that it is about a person."""
    report = Report(Level.THIS_WEEK, kind, "seat", about_person=str(person.pk), about_name="K.")
    with cast.acting(raiser):
        made = raise_concern(report, actor=raiser)
    return Concern.objects.select_related("item", "programme").get(pk=made.pk)


def entered(cast: Cast, who: Person, *people: Concern, **more: Any) -> Demand:
    with cast.acting(who):
        return demands.enter_demand(
            demands.Asked(ASKED["who"], ASKED["basis"], ASKED["what"], ASKED["about"], people=people), actor=who, **more
        )


def go(cast: Cast, who: Person, demand: Demand, *way: Move | tuple[Move, Matter]) -> Demand:
    with cast.acting(who):
        for one in way:
            what, matter = one if isinstance(one, tuple) else (one, None)
            entries = demands.open_demand(demand, actor=who)
            waits = demands.shown_for_signing(entries)
            people = [one["id"] for one in demand.people]
            more = {"proposal": str(waits.pk) if waits else "", "person": people[0] if people else ""}
            demand = demands.take_move(demand, what, {**WORDS, **more}, matter=matter, actor=who)
    return Demand.objects.select_related("item", "scope", "programme").get(pk=demand.pk)


def reads(cast: Cast, who: Person, demand: Demand) -> bool:
    try:
        with cast.acting(who):
            items.words_of(Demand.objects.select_related("item").get(pk=demand.pk).item)
    except CannotOpen:
        return False
    return Demand.objects.visible_to(who).filter(pk=demand.pk).exists()


@pytest.mark.abuse(31)
def test_those_whom_it_concerns_and_coordinators_do_not_read_it(
    cast: Cast, team: Team, ana: Person, bo: Person
) -> None:
    # It is about the deputy, and a concern about Bo was kept from the director.
    of_dot = about(cast, bo, team["dot"])
    demand = entered(cast, team["sol"], of_dot)
    everybody = {**team, "bo": bo, "ana": ana}
    assert {name for name, who in everybody.items() if reads(cast, who, demand)} == {"sol", "dia"}
    with cast.acting(team["dia"]), pytest.raises(PermissionDenied):
        demands.admit_to_demand(demand, team["dot"], actor=team["dia"])
    with pytest.raises(ConcernsYou):
        entered(cast, team["sol"], about(cast, bo, bo, Kind.VIOLENCE), without=(Post.LEAD,))
    with pytest.raises(PermissionDenied):
        entered(cast, ana)
    # With fewer than two left the trustee reads along, and a post does not end over it.
    alone = entered(cast, team["sol"], of_dot, without=(Post.DIRECTOR,))
    assert {name for name, who in everybody.items() if reads(cast, who, alone)} == {"sol", "tru"}
    held = team["tru"].appointments.get()
    with cast.acting(ana), pytest.raises(TooFewReaders):
        posts.end_post(held, actor=ana)
    # Nor does a role. One that ends after a colleague was let in takes the keys along; one signature counts no more.
    waiting = go(cast, team["sol"], alone, Move.CHECK, (Move.PROPOSE, Matter.COMPLIED))
    role = team["sol"].roles.get(kind=Role.Kind.SAFEGUARDING_LEAD, until_on=None)
    with cast.acting(ana), pytest.raises(TooFewReaders):
        end_role(role, actor=ana)
    eve = appointed(cast, ana, "eve", Post.DEPUTY)
    with cast.acting(team["sol"]):
        for one in (demand, alone):
            demands.admit_to_demand(one, eve, actor=team["sol"])
        steps.let_colleague_in(of_dot, eve, actor=team["sol"])
    with cast.acting(ana):
        end_role(role, actor=ana)
    assert not reads(cast, team["sol"], alone)
    with pytest.raises(NotPossible):
        go(cast, team["tru"], waiting, Move.CONFIRM)
    assert go(cast, team["tru"], waiting, Move.WITHDRAW).waiting == ""


def test_from_the_letter_to_the_end_and_the_count_of_a_year(cast: Cast, team: Team, bo: Person) -> None:
    demand = entered(cast, team["sol"], about(cast, team["dot"], bo))
    demand = go(cast, team["sol"], demand, Move.CHECK, Move.NARROW, (Move.PROPOSE, Matter.NARROWED))
    with pytest.raises(NotPossible):
        go(cast, team["sol"], demand, Move.CONFIRM)
    # Dropped and proposed anew while the page was open: what was read is not what would be signed.
    with cast.acting(team["dot"]):
        old = demands.shown_for_signing(demands.open_demand(demand, actor=team["dot"]))
    demand = go(cast, team["sol"], demand, Move.WITHDRAW, (Move.PROPOSE, Matter.COMPLIED))
    with cast.acting(team["dot"]), pytest.raises(NotPossible):
        demands.take_move(demand, Move.CONFIRM, {"proposal": str(old and old.pk)}, actor=team["dot"])
    demand = go(cast, team["dot"], demand, Move.CONFIRM)
    assert {demand.signed_by, demand.second_by} == {team["sol"].pk, team["dot"].pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        Demand.objects.filter(pk=demand.pk).update(second_by=demand.signed_by)
    with pytest.raises(NotPossible):
        go(cast, team["dia"], demand, Move.REFUSE)
    demand = go(cast, team["dia"], demand, Move.ANSWER)
    with pytest.raises(NotPossible):
        go(cast, team["dia"], demand, Move.CLOSE)
    demand = go(cast, team["dia"], demand, Move.MAY_NOT_TELL, Move.CLOSE)
    assert (demand.stage, DemandOpening.objects.filter(demand=demand).count()) == (Stage.CLOSED, 3)
    Demand.objects.filter(pk=entered(cast, team["sol"]).pk).update(year=demand.year - 2)
    assert [tuple(row.values()) for row in counts_by_year(demand.programme)] == [
        (demand.year, 1, 1, 0), (demand.year - 1, 0, 0, 0), (demand.year - 2, 1, 0, 0),
    ]  # fmt: skip


def test_two_hold_and_two_let_go_and_no_row_says_whose_records(cast: Cast, team: Team, ana: Person, bo: Person) -> None:
    cass = arrived(cast, ana, "cass", Role.Kind.MEMBER)
    first, second = (entered(cast, team["sol"], about(cast, bo, cass)) for _each in range(2))
    first = go(cast, team["sol"], first, Move.HOLD)
    assert holds.held_ids() == frozenset()
    first = go(cast, team["dot"], first, Move.CONFIRM)
    assert holds.held_ids() == {cass.pk}
    assert str(cass.pk).encode() not in bytes(Hold.objects.get().box)
    assert cass.pk.bytes not in bytes(Hold.objects.get().box)
    # Nobody tells the person by holding; telling is a step of its own, and then their own page says so.
    assert holds.known_to(cass.pk) == []
    first = go(cast, team["dot"], first, Move.TELL)
    assert [terms.again.isoformat() for terms in holds.known_to(cass.pk)] == [WORDS["again"]]
    second = go(cast, team["dia"], second, Move.HOLD)
    second = go(cast, team["sol"], second, Move.CONFIRM)
    with cast.acting(team["dot"]):
        assert [one["hold"] != "" for one in second.people] == [True]
    first = go(cast, team["sol"], first, Move.LIFT)
    with pytest.raises(NotPossible):
        go(cast, team["sol"], first, Move.CONFIRM)
    first = go(cast, team["dia"], first, Move.CONFIRM)
    assert not first.held
    assert holds.held_ids() == {cass.pk}
    second = go(cast, team["dia"], go(cast, team["sol"], second, Move.LIFT), Move.CONFIRM)
    assert (second.held, Hold.objects.count()) == (False, 0)
    # Whoever was erased before the second signature is not held, and that is said.
    third = go(cast, team["sol"], entered(cast, team["sol"], about(cast, bo, cass)), Move.HOLD)
    Person.objects.filter(pk=cass.pk).delete()
    with pytest.raises(NotPossible):
        go(cast, team["dot"], third, Move.CONFIRM)
    assert not Demand.objects.get(pk=third.pk).held


@pytest.mark.abuse(7)
@pytest.mark.look
def test_the_pages_of_the_register(
    cast: Cast,
    team: Team,
    clock: time_machine.Traveller,
    bo: Person,
    ana: Person,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    concern = about(cast, bo, bo)
    sol, dot = cast.sign_in(team["sol"]), cast.sign_in(team["dot"])
    assert f"{url('enter_demand')}?from={concern.pk}" in sol.get(url("concern", concern.pk)).content.decode()
    sol.post(url("enter_demand"), {**ASKED, "until": "2026-12-24", "people": [concern.pk], "from": concern.pk})
    demand = Demand.objects.get()
    assert "It was entered in the register" in sol.get(url("concern", concern.pk)).content.decode()
    with django_assert_max_num_queries(8):
        page = sol.get(url("demands")).content.decode()
    assert "A court" in page
    assert sol.get(url("take_move", demand.pk, "answer")).status_code == 404
    sol.post(url("take_move", demand.pk, "hold"), {"reason": "Order 7", "again": "2027-06-01"})
    assert "You proposed it." in sol.get(url("demand", demand.pk)).content.decode()
    assert "Read it and sign" in dot.get(url("demand", demand.pk)).content.decode()
    shown = dot.get(url("take_move", demand.pk, "confirm")).content.decode()
    assert "Order 7" in shown
    with cast.acting(team["dot"]):
        waits = demands.shown_for_signing(demands.open_demand(demand, actor=team["dot"]))
    refused = sol.post(url("take_move", demand.pk, "confirm"), {"proposal": str(waits and waits.pk)})
    assert "A second person signs" in refused.content.decode()
    dot.post(url("take_move", demand.pk, "confirm"), {"proposal": str(waits and waits.pk)})
    assert holds.held_ids() == {bo.pk}
    assert "a hold stands" in dot.get(url("demand", demand.pk)).content.decode()
    for who in (ana, bo):
        assert cast.sign_in(who).get(url("demand", demand.pk)).status_code == 404
    # On a phone that was put away open, a quarter of an hour after the proof, none of this is shown.
    clock.shift(timedelta(minutes=9))
    of_one = [url("demand", demand.pk), url("take_move", demand.pk, "note"), url("end_unread", demand.pk)]
    pages = [*of_one, url("demands"), url("enter_demand"), f"{url('enter_demand')}?from={concern.pk}"]
    assert [asks_again(dot, page) for page in pages] == [True] * 6

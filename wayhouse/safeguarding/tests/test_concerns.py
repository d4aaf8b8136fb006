"""A concern from raising to closing: who reads it, who signs, what is kept."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from conftest import Cast
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto import items
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import use
from wayhouse.crypto.models import Item
from wayhouse.people.actions import end_role
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding import steps, talking
from wayhouse.safeguarding.models import Concern, Entry, Message, Timeliness, Timer
from wayhouse.safeguarding.protocol import Duty, Event, Kind, Level, NotAllowed, Outcome, Post, State
from wayhouse.safeguarding.raising import Report, raise_concern, raise_unnamed
from wayhouse.safeguarding.refusals import NoSuchReceipt, NothingOwed
from wayhouse.safeguarding.tests.conftest import L1, arrived

Team = dict[str, Person]
Raised = Callable[..., Concern]
TICKED = dict.fromkeys(("near", "serious", "credible", "less_intrusive", "smallest"), "yes")
AGAINST = {**TICKED, "reason": "danger to life", "told": "not yet: unconscious", "law_sheet": "de 2026-11-28"}
WAY: list[tuple[Event, dict[str, str], Any]] = [
    (Event.ACKNOWLEDGE, {}, None),
    (Event.FIND_SAFE, {"wish": "to sleep at a friend's"}, None),
    (Event.DECIDE, {"reason": "agreed"}, Outcome.WITH_CONSENT),
    (Event.PLAN, {"plan": "call at noon"}, None),
    (Event.REVIEW, {"found": "better"}, None),
    (Event.CLOSE, dict.fromkeys(("person_told", "raiser_told", "aftercare", "learning"), "yes"), None),
]


def fresh(concern: Concern) -> Concern:
    return Concern.objects.select_related("item", "programme", "scope", "own_scope").get(pk=concern.pk)


def go(cast: Cast, who: Person, concern: Concern, *way: tuple[Event, dict[str, str], Any]) -> Concern:
    with cast.acting(who):
        for event, words, outcome in way:
            concern = steps.take_step(concern, event, words, outcome=outcome, actor=who)
    return fresh(concern)


def reads(cast: Cast, who: Person, item: Item) -> bool:
    try:
        with cast.acting(who):
            items.words_of(Item.objects.get(pk=item.pk))
    except CannotOpen:
        return False
    return True


@pytest.mark.abuse(31)
def test_only_those_who_answer_and_the_raiser_read_it(
    cast: Cast, team: Team, ana: Person, bo: Person, raised: Raised
) -> None:
    concern = raised()
    sol, max = team["sol"], arrived(cast, ana, "max", Role.Kind.MENTOR)  # noqa: A001
    with cast.acting(sol):
        entry = steps.write_down(concern, steps.NOTE, {"note": "phoned"}, actor=sol)
    everybody = {**team, "bo": bo, "ana": ana, "max": max}
    report = {name: reads(cast, who, concern.item) for name, who in everybody.items()}
    record = {name: reads(cast, who, entry.item) for name, who in everybody.items()}
    answering = {"sol", "dot", "dia"}
    assert {name for name, does in report.items() if does} == answering | {"bo"}
    assert {name for name, does in record.items() if does} == answering
    seen = {name: Concern.objects.visible_to(who).exists() for name, who in everybody.items()}
    assert {name for name, does in seen.items() if does} == answering
    assert not Concern.objects.raised_by(ana).exists()
    assert Concern.objects.raised_by(bo).get() == concern


def test_a_report_about_the_lead_goes_past_the_lead(cast: Cast, team: Team, bo: Person, raised: Raised) -> None:
    concern = raised(Report(Level.TODAY, Kind.ALLEGATION, "lead"), (Post.LEAD,))
    assert {name for name, who in team.items() if reads(cast, who, concern.item)} == {"dot", "dia"}
    assert [call.person for call in concern.calls.all()] == [team["dot"]]
    # Nobody holds it alone: with two gone, the trustee reads along.
    concern = raised(Report(Level.TODAY, Kind.ALLEGATION, "lead"), (Post.LEAD, Post.DEPUTY))
    assert {name for name, who in team.items() if reads(cast, who, concern.item)} == {"dia", "tru"}


def test_without_a_name_nothing_ties_it_to_anybody_and_the_code_leads_back(cast: Cast, team: Team, bo: Person) -> None:
    report = Report(Level.TODAY, Kind.ALLEGATION, "staff", "He asked for money")
    with cast.acting(bo):
        concern, code = raise_unnamed(report, without=(Post.DEPUTY,), actor=bo)
    assert AuditLeaf.objects.latest("index").actor_tag is None
    assert not Concern.objects.raised_by(bo).exists()
    assert not reads(cast, bo, concern.item)
    assert concern.item.author_id != bo.user.holder_id if bo.user else False
    with cast.acting(team["sol"]):
        talking.write_message(fresh(concern), "Thank you. Are you safe?", actor=team["sol"])
    with talking.with_receipt(code.lower().replace("-", " ")) as found:
        said = [message.words for message in Message.objects.filter(concern=found)]
        assert (said, found.words) == (["Thank you. Are you safe?"], "He asked for money")
    talking.write_unnamed(code, "Yes")
    with cast.acting(team["sol"]):
        assert [m.by_raiser for m in Message.objects.filter(concern=concern).order_by("pk")] == [False, True]
    with pytest.raises(NoSuchReceipt), talking.with_receipt("0000-" * 7 + "0000"):
        pass


def test_what_is_sent_twice_is_one_concern_with_its_calls(cast: Cast, team: Team, bo: Person, cass: Person) -> None:
    key = uuid4()
    with cast.acting(bo):
        first = raise_concern(L1, actor=bo, key=key)
        calls, leaves = first.calls.count(), AuditLeaf.objects.count()
        assert raise_concern(L1, actor=bo, key=key) == first
    assert (Concern.objects.count(), first.calls.count(), AuditLeaf.objects.count()) == (1, calls, leaves)
    assert calls > 0
    with cast.acting(cass):
        other = raise_concern(L1, actor=cass, key=key)
    assert (other == first, Concern.objects.count()) == (False, 2)


def test_the_form_is_taken_once(cast: Cast, team: Team, bo: Person) -> None:
    client = cast.sign_in(bo)
    shown = re.search(r'name="key" value="([^"]+)"', client.get("/care/new/").content.decode())
    told = {"level": "1", "kind": Kind.SELF_HARM.value, "about": "unsure", "key": shown[1] if shown else ""}
    first, second = (client.post("/care/new/", told) for _press in range(2))
    assert (first.status_code, first["Location"] == second["Location"], Concern.objects.count()) == (302, True, 1)


def test_the_key_of_a_form_from_which_a_code_is_made_is_in_no_row(cast: Cast, team: Team, bo: Person) -> None:
    key = uuid4()
    with cast.acting(bo):
        named, (unnamed, _code) = raise_concern(L1, actor=bo, key=key), raise_unnamed(L1, actor=bo, key=key)
    assert (key in {named.pk, unnamed.pk}, Concern.objects.count()) == (False, 2)


def test_what_is_sent_twice_without_a_name_has_one_code(cast: Cast, team: Team, bo: Person) -> None:
    report, key = Report(Level.TODAY, Kind.ALLEGATION, "staff", "He asked for money"), uuid4()
    with cast.acting(bo):
        once = raise_unnamed(report, actor=bo, key=key)
        again = raise_unnamed(report, actor=bo, key=key)
        other = raise_unnamed(report, actor=bo)
    assert (once == again, Concern.objects.count(), once[1] == other[1]) == (True, 2, False)
    with talking.with_receipt(once[1]) as found:
        assert found.words == "He asked for money"


def test_the_whole_way_and_what_is_left_of_it(cast: Cast, team: Team, raised: Raised) -> None:
    sol = team["sol"]
    concern = go(cast, sol, raised(), *WAY)
    assert (concern.state, concern.raised_at, concern.held_by) == (State.CLOSED, None, sol)
    assert not concern.timers.owed().exists()
    with cast.acting(sol):
        rows = Entry.objects.filter(concern=concern).select_related("item").order_by("item__seq")
        assert [row.what for row in rows] == [event for event, _words, _outcome in WAY]
    # What counts for the figures says nothing about which concern it was.
    assert set(Timeliness.objects.values_list("duty", "met")) == {
        (duty, True) for duty in (Duty.ACKNOWLEDGE, Duty.SAFE_NOW, Duty.PLAN, Duty.REVIEW, Duty.AFTERCARE)
    }


def test_two_sign_what_is_shared_against_a_will(cast: Cast, team: Team, raised: Raised) -> None:
    sol, dot = team["sol"], team["dot"]
    concern = go(cast, sol, raised(), *WAY[:2])
    with pytest.raises(NotAllowed):
        go(cast, sol, concern, (Event.DECIDE, AGAINST, Outcome.LEGAL_DUTY))
    with pytest.raises(NotAllowed):
        go(cast, sol, concern, (Event.PROPOSE, {**AGAINST, "near": ""}, Outcome.LEGAL_DUTY))
    concern = go(cast, sol, concern, (Event.PROPOSE, AGAINST, Outcome.LEGAL_DUTY))
    with cast.acting(sol), pytest.raises(NotAllowed):
        steps.write_down(concern, steps.SHARED, {"whom": "police"}, actor=sol)
    client, address = cast.sign_in(dot), reverse("safeguarding:take_step", args=[concern.pk, "confirm"])
    # Nobody is offered what they would be refused: who proposed does not sign, and nobody decides past a proposal.
    desks = [who.get(reverse("safeguarding:concern", args=[concern.pk])).content.decode() for who in
             (client, cast.sign_in(sol))]  # fmt: skip
    offered = ("/step/confirm/", "/step/withdraw/", "/step/decide/", "/step/propose/", "You proposed it.")
    assert [[words in desk for words in offered] for desk in desks] == [
        [True, True, False, False, False],
        [False, True, False, False, True],
    ]
    page = client.get(address).content.decode()
    assert "danger to life" in page
    assert "not yet: unconscious" in page
    shown = re.search(r'name="proposal" value="([0-9a-f-]{36})"', page)
    assert shown
    signing = (Event.CONFIRM, {"proposal": shown[1]}, None)
    with pytest.raises(NotAllowed):
        go(cast, sol, concern, signing)
    # Dropped and proposed anew while Dot reads: her yes is to what she has read.
    anew = (Event.PROPOSE, {**AGAINST, "reason": "something else"}, Outcome.LEGAL_DUTY)
    go(cast, sol, concern, (Event.WITHDRAW, {"reason": "not enough"}, None), anew)
    assert client.post(address, {"proposal": shown[1]}).status_code == 302
    assert fresh(concern).signed_by is None
    shown = re.search(r'name="proposal" value="([0-9a-f-]{36})"', client.get(address).content.decode())
    assert shown
    client.post(address, {"proposal": shown[1]})
    concern = fresh(concern)
    assert {concern.signed_by, concern.second_by} == {sol.pk, dot.pk}
    with cast.acting(sol):
        steps.write_down(concern, steps.SHARED, {"whom": "police"}, actor=sol)


def test_the_database_itself_refuses_one_signature(cast: Cast, team: Team, raised: Raised) -> None:
    concern = raised()
    for second in (None, team["sol"].pk):
        with pytest.raises(IntegrityError), transaction.atomic():
            Concern.objects.filter(pk=concern.pk).update(
                outcome=Outcome.LEGAL_DUTY, signed_by=team["sol"].pk, second_by=second
            )


def test_struck_stays_to_be_read(cast: Cast, team: Team, raised: Raised) -> None:
    sol, concern = team["sol"], raised()
    with cast.acting(sol):
        entry = steps.write_down(concern, steps.NOTE, {"note": "wrong person"}, actor=sol)
        steps.strike_entry(entry, "mixed up", actor=sol)
        entry = Entry.objects.select_related("item").get(pk=entry.pk)
        assert (entry.fields, entry.struck) == ({"note": "wrong person"}, "mixed up")
    go(cast, team["dot"], concern, *WAY[:1])
    concern = go(cast, sol, concern, (Event.STRIKE, {"reason": "raised for another house"}, None))
    assert (concern.state, Concern.objects.count()) == (State.RAISED_IN_ERROR, 1)


def test_what_is_owed_besides_is_done_once(cast: Cast, team: Team, raised: Raised) -> None:
    sol, concern = team["sol"], raised()
    with cast.acting(sol):
        steps.fulfil(concern, Duty.CONTACT, "spoke at 22:20", actor=sol)
        assert concern.timers.get(duty=Duty.CONTACT).state == Timer.State.MET
        for duty in (Duty.CONTACT, Duty.TELL_AUTHORITY, Duty.ACKNOWLEDGE):
            with pytest.raises(NothingOwed):
                steps.fulfil(concern, duty, "", actor=sol)


@pytest.mark.abuse(32)
def test_what_the_log_does_not_take_is_not_shown(
    cast: Cast, team: Team, raised: Raised, monkeypatch: pytest.MonkeyPatch
) -> None:
    concern = raised()

    def refuse(*_words: object, **_details: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(steps, "record", refuse)
    with cast.acting(team["sol"]), pytest.raises(RuntimeError):
        steps.open_concern(concern, actor=team["sol"])
    assert not concern.openings.exists()


@pytest.mark.abuse(32)
def test_whoever_answers_no_more_reads_nothing_and_every_step_is_in_the_log(
    cast: Cast, team: Team, ana: Person, bo: Person, raised: Raised
) -> None:
    concern, sol = raised(), team["sol"]
    with cast.acting(sol):
        steps.open_concern(concern, actor=sol)
    assert AuditLeaf.objects.latest("index").kind == "concern.opened"
    assert [one.person for one in concern.openings.all()] == [sol]
    go(cast, sol, concern, *WAY[:1])
    leaf = AuditLeaf.objects.latest("index")
    assert (leaf.kind, leaf.actor_tag is None) == ("concern.acknowledged", False)
    with cast.acting(ana):
        end_role(Role.objects.get(person=sol, kind=Role.Kind.SAFEGUARDING_LEAD, until_on=None), actor=ana)
    sol.role_kinds = None
    assert not reads(cast, sol, concern.item)
    for who in (sol, bo, ana):
        with pytest.raises(PermissionDenied):
            go(cast, who, concern, *WAY[1:2])
    with use(None), pytest.raises(PermissionDenied):
        raise_concern(L1, actor=Person.objects.create(programme=ana.programme))

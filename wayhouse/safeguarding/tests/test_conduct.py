"""The conduct ladder: who decides, who reads, looking again, appeal, and what ends by itself."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from conftest import Cast
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.sealed import open_all
from wayhouse.notices.models import Notice
from wayhouse.people.actions import come_back, leave
from wayhouse.people.models import Away, Person, Role
from wayhouse.safeguarding import conduct, conduct_clock
from wayhouse.safeguarding.conduct import Decided
from wayhouse.safeguarding.conduct_words import DEEDS, DONE
from wayhouse.safeguarding.models import Concern, ConductStep
from wayhouse.safeguarding.protocol import Kind, Level
from wayhouse.safeguarding.protocol.conduct import Deed, Given, NotFollowing, Place, Rung, Step, follow
from wayhouse.safeguarding.raising import Report, raise_concern
from wayhouse.safeguarding.tests.conftest import arrived, asks_again

Team = dict[str, Person]
AWAY = Decided(
    Rung.AWAY, "You shouted at two people on Tuesday.", until=date(2026, 12, 20), review_on=date(2026, 12, 10)
)
AGREED = Decided(Rung.AGREEMENT, "You shouted.", agreement="You leave the room first.", review_on=date(2026, 12, 10))
ENDING = Decided(Rung.ENDING, "You hit somebody.", signpost="The advice line of the town")
WHY = {"reason": "We looked at it."}


def url(name: str, *args: object) -> str:
    return reverse(f"safeguarding:{name}", args=args)


def about(cast: Cast, raiser: Person, person: Person) -> Concern:
    report = Report(Level.CONDUCT, Kind.CONDUCT, "seat", about_person=str(person.pk), about_name="Cass")
    with cast.acting(raiser):
        made = raise_concern(report, actor=raiser)
    return Concern.objects.select_related("item", "programme", "scope").get(pk=made.pk)


def decided(cast: Cast, who: Person, concern: Concern, what: Decided) -> ConductStep:
    with cast.acting(who):
        return conduct.take_conduct_step(concern, what, actor=who)


def do(cast: Cast, who: Person, step: ConductStep, deed: Deed) -> ConductStep:
    with cast.acting(who):
        if who.pk == step.person_id:
            return conduct.answer_step(step, deed, {"words": "I see it differently."}, actor=who)
        return conduct.do_with_step(step, deed, WHY, actor=who)


def reads(cast: Cast, who: Person, step: ConductStep) -> bool:
    try:
        with cast.acting(who):
            open_all([ConductStep.objects.select_related("item").get(pk=step.pk)])
    except CannotOpen:
        return False
    both = ConductStep.objects.visible_to(who) | ConductStep.objects.told_to(who)
    return both.filter(pk=step.pk).exists()


def status(person: Person) -> str:
    return Person.objects.get(pk=person.pk).status


@pytest.fixture
def cass(cast: Cast, team: Team, ana: Person) -> Person:
    return arrived(cast, ana, "cass", Role.Kind.MEMBER)


def test_nobody_looks_again_or_decides_an_appeal_who_decided_it() -> None:
    readers = frozenset({"sol", "dot", "dia"})
    filled = frozenset({"reason", "words"})
    places = [
        Step(rung, place, frozenset(signed), frozenset(looked))
        for rung, place in product(Rung, Place)
        for signed, looked in product((("sol",), ("sol", "dot")), ((), ("dia",)))
    ]
    for step, deed, who in product(places, Deed, (*sorted(readers), "cass", "bo")):
        given = Given(who, who == "cass", readers, filled, in_time=True, day_over=deed == Deed.RUN_OUT)
        try:
            after = follow(step, deed, given)
        except NotFollowing:
            continue
        allowed = {
            Deed.CONFIRM: who in readers - step.signed,
            Deed.DROP: who in readers,
            Deed.TAKE_BACK: who in step.signed,
            Deed.KEEP: who in readers - step.signed,
            Deed.END: who in readers - step.signed,
            Deed.CLOSE: who in readers and step.rung in {Rung.TALK, Rung.AGREEMENT},
            Deed.UPHOLD: who in readers - step.signed - step.looked,
            Deed.OVERTURN: who in readers - step.signed - step.looked,
            Deed.RUN_OUT: True,
        }
        assert allowed.get(deed, who == "cass"), (step, deed, who)
        assert step.place != Place.APPEALED or deed != Deed.RUN_OUT
        assert after.place != Place.APPEALED or step.place in {Place.STANDING, Place.APPEALED}
    proposed = Step(Rung.ENDING, Place.PROPOSED, frozenset({"sol"}))
    given = Given("dot", readers=readers)
    assert follow(proposed, Deed.CONFIRM, given).signed == {"sol", "dot"}
    with pytest.raises(NotFollowing):
        follow(proposed, Deed.CONFIRM, replace(given, readers=readers - {"sol"}))
    assert set(DONE) == set(Deed) - {Deed.RUN_OUT} == set(DEEDS)


@pytest.mark.abuse(31)
def test_the_person_reads_every_word_and_time_away_ends_by_itself(
    cast: Cast, clock: time_machine.Traveller, team: Team, ana: Person, bo: Person, cass: Person
) -> None:
    step = decided(cast, team["sol"], about(cast, bo, cass), AWAY)
    everybody = {**team, "bo": bo, "ana": ana, "cass": cass}
    assert {name for name, who in everybody.items() if reads(cast, who, step)} == {"sol", "dot", "dia", "cass"}
    assert (status(cass), Away.objects.get().until_on) == (Person.Status.AWAY, AWAY.until)
    assert Notice.objects.filter(person_id=cass.pk).count() == 1
    # To leave and come back is everybody's right, and ends nothing of it.
    with cast.acting(cass):
        leave(Person.objects.get(pk=cass.pk), actor=Person.objects.get(pk=cass.pk))
        come_back(Person.objects.get(pk=cass.pk), actor=Person.objects.get(pk=cass.pk))
    assert status(cass) == Person.Status.AWAY
    assert reads(cast, cass, step)
    clock.move_to("2026-12-19T22:59:59+00:00")
    conduct_clock.run()
    assert status(cass) == Person.Status.AWAY
    clock.move_to("2026-12-19T23:00:01+00:00")
    conduct_clock.run()
    assert (status(cass), Away.objects.exists()) == (Person.Status.ACTIVE, False)
    assert ConductStep.objects.get().place == Place.OVER


def test_an_appeal_goes_to_somebody_else_in_time_and_takes_back_what_it_did(
    cast: Cast, clock: time_machine.Traveller, team: Team, bo: Person, cass: Person
) -> None:
    step = decided(cast, team["sol"], about(cast, bo, cass), AWAY)
    # Told on Tuesday at 22:00; ten working days later it is too late by a second, and not before.
    clock.move_to("2026-12-15T22:00:01+01:00")
    with pytest.raises(NotFollowing):
        do(cast, cass, step, Deed.APPEAL)
    clock.move_to("2026-12-15T22:00:00+01:00")
    step = do(cast, team["dot"], step, Deed.KEEP)
    step = do(cast, cass, step, Deed.APPEAL)
    assert set(Notice.objects.filter(once=f"appeal:{step.pk}").values_list("person_id", flat=True)) == {
        team["dot"].pk,
        team["dia"].pk,
    }
    for who in ("sol", "dot"):
        with pytest.raises(NotFollowing):
            do(cast, team[who], step, Deed.OVERTURN)
    # Whose time is over while nobody decides stays away no longer, but nothing is decided by waiting.
    # Ten working days: Christmas is none.
    clock.move_to("2026-12-30T22:00:00+01:00")
    conduct_clock.run()
    late = Notice.objects.filter(once__startswith="late:")
    assert set(late.values_list("person_id", flat=True)) == {team["dot"].pk, team["dia"].pk}
    conduct_clock.run()
    assert late.count() == 2
    step = do(cast, team["dia"], step, Deed.OVERTURN)
    assert (step.place, status(cass), step.decide_by) == (Place.SET_ASIDE, Person.Status.ACTIVE, None)
    assert [line["what"] for line in step.lines] == ["keep", "appeal", "overturn"]


def test_two_end_it_after_an_earlier_step_and_what_one_drops_is_never_told(
    cast: Cast, team: Team, ana: Person, bo: Person, cass: Person
) -> None:
    concern = about(cast, bo, cass)
    with pytest.raises(NotFollowing):
        decided(cast, team["sol"], concern, ENDING)
    first = do(cast, cass, decided(cast, team["sol"], concern, AGREED), Deed.AGREE)
    assert first.lines[0]["what"] == "agree"
    step = decided(cast, team["sol"], concern, ENDING)
    assert (reads(cast, cass, step), status(cass)) == (False, Person.Status.ACTIVE)
    assert not ConductStep.objects.told_to(cass).filter(pk=step.pk).exists()
    with pytest.raises(NotFollowing):
        do(cast, team["sol"], step, Deed.CONFIRM)
    assert do(cast, team["dot"], step, Deed.DROP).told_at is None
    step = decided(cast, team["sol"], concern, ENDING)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConductStep.objects.filter(pk=step.pk).update(told_at=concern.raised_at)
    step = do(cast, team["dot"], step, Deed.CONFIRM)
    assert (status(cass), Away.objects.get().until_on) == (Person.Status.AWAY, None)
    # Whoever it is about never decides it, whatever post they are given meanwhile.
    Role.objects.create(person=cass, kind=Role.Kind.SAFEGUARDING_LEAD)
    assert not ConductStep.objects.visible_to(Person.objects.get(pk=cass.pk)).exists()
    with cast.acting(team["dia"]), pytest.raises(PermissionDenied):
        conduct.admit_to_conduct(step, cass, actor=team["dia"])
    # One of the two takes the signature back, and nothing is left of it but the record.
    assert do(cast, team["dot"], step, Deed.TAKE_BACK).place == Place.SET_ASIDE
    assert (status(cass), Away.objects.exists()) == (Person.Status.ACTIVE, False)


@pytest.mark.abuse(7)
@pytest.mark.look
def test_the_pages_of_the_ladder(
    cast: Cast, team: Team, clock: time_machine.Traveller, ana: Person, bo: Person, cass: Person
) -> None:
    concern = about(cast, bo, cass)
    sol, dia, own = cast.sign_in(team["sol"]), cast.sign_in(team["dia"]), cast.sign_in(cass)
    assert url("take_conduct_step", concern.pk) in sol.get(url("concern", concern.pk)).content.decode()
    assert "There is nothing" in own.get(url("told")).content.decode()
    missing = sol.post(url("take_conduct_step", concern.pk), {"rung": "away", "reason": "You shouted."})
    assert "This step needs it." in missing.content.decode()
    words = {"rung": "away", "reason": "You shouted.", "until": "2026-12-20", "review_on": "2026-12-10"}
    sol.post(url("take_conduct_step", concern.pk), words)
    step = ConductStep.objects.get()
    mine = own.get(url("own_step", step.pk)).content.decode()
    assert "You shouted." in mine
    assert ("20 December 2026" in mine, "15 December 2026" in mine) == (True, True)
    for page in ("/people/me/", "/"):
        shown = own.get(page).content.decode()
        assert ("You are away for now" in shown, "Until 20 December 2026." in shown) == (True, True)
    own.post(url("answer_step", step.pk, "appeal"), {"words": "It was not me."})
    assert own.get(url("answer_step", step.pk, "appeal")).status_code == 404
    assert sol.get(url("do_with_step", step.pk, "overturn")).status_code == 404
    assert "It was not me." in dia.get(url("conduct_step", step.pk)).content.decode()
    assert "appealed" in dia.get(url("ladder")).content.decode()
    dia.post(url("do_with_step", step.pk, "overturn"), {"reason": "Two people saw it."})
    assert "Two people saw it." in own.get(url("own_step", step.pk)).content.decode()
    assert "You are away for now" not in own.get("/people/me/").content.decode()
    for who in (ana, bo, team["tru"]):
        client = cast.sign_in(who)
        assert client.get(url("conduct_step", step.pk)).status_code == 404
        assert client.get(url("own_step", step.pk)).status_code == 404
    assert own.get(url("conduct_step", step.pk)).status_code == 404
    # On a phone that was put away open, a quarter of an hour after the proof, none of this is shown.
    clock.shift(timedelta(minutes=9))
    of_team = [url("ladder"), url("take_conduct_step", concern.pk), url("conduct_step", step.pk)]
    forms = [url("say", concern.pk), url("write", concern.pk)]
    of_person = [url("told"), url("own_step", step.pk), url("answer_step", step.pk, "appeal")]
    assert [asks_again(dia, page) for page in [*of_team, url("do_with_step", step.pk, "drop"), *forms]] == [True] * 6
    assert [asks_again(own, page) for page in of_person] == [True] * 3
    # What cannot be taken is said beside the words of others: not before the proof either.
    assert [dia.post(form).headers["Location"] for form in forms] == forms

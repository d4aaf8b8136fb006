"""Break-glass with real keys: nobody alone, only with consent, only in an emergency, never behind anybody's back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from conftest import LONG_AGO, Cast
from wayhouse.crypto import halves
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Erasure, Item, Scope, Shred
from wayhouse.notices.models import Notice
from wayhouse.people.actions import give_role
from wayhouse.people.consents.ledger import ConsentEntry
from wayhouse.people.granting import carry_out_grants
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding import naming, steps
from wayhouse.safeguarding.models import Appointment, Concern, EmergencyCopy, HalfKey, PlanOpening, ReleasedHalf
from wayhouse.safeguarding.posts import end_post
from wayhouse.safeguarding.protocol import Event, Kind, Level, Post
from wayhouse.safeguarding.raising import Report, raise_concern
from wayhouse.safeguarding.refusals import ConcernsYou, NothingToOpen
from wayhouse.safeguarding.safety_plan import copying, opening, writing
from wayhouse.safeguarding.safety_plan.own import plan_of
from wayhouse.safeguarding.tests.conftest import appointed
from wayhouse.safeguarding.tests.test_concerns import fresh

Team = dict[str, Person]
WORDS = {"signs": "I stop sleeping", "people": "Fern"}


def url(name: str, *args: object) -> str:
    return reverse(f"safeguarding:{name}", args=args)


@pytest.fixture
def planned(cast: Cast, team: Team, ana: Person, cass: Person) -> Person:
    """Cass wrote a plan, and said yes to a copy. Everybody has had their role for a while."""
    Role.objects.update(since_on=LONG_AGO)
    with cast.acting(cass):
        writing.write_plan(WORDS, actor=cass)
        copying.keep_copy("2", "en", actor=cass)
    return cass


@pytest.fixture
def danger(cast: Cast, planned: Person) -> Callable[..., Concern]:
    """Cass says that she is in danger, or something else."""

    def said(level: Level = Level.NOW) -> Concern:
        with cast.acting(planned):
            return fresh(raise_concern(Report(level, Kind.SELF_HARM, "me", raiser="Cass"), actor=planned))

    return said


def half(cast: Cast, who: Person, side: HalfKey.Side) -> str | None:
    """One half of the key, as far as somebody's own keys open it."""
    try:
        with cast.acting(who):
            return HalfKey.objects.select_related("item").get(side=side).key
    except CannotOpen:
        return None


@pytest.mark.abuse(26)
def test_neither_half_opens_it_and_both_do(cast: Cast, team: Team, ana: Person, planned: Person, bo: Person) -> None:
    copy, (answering, coordinating) = EmergencyCopy.objects.get(), HalfKey.Side
    held = {who: (half(cast, who, answering), half(cast, who, coordinating)) for who in (*team.values(), ana, bo)}
    first, second = held[team["sol"]][0], held[ana][1]
    assert first
    assert second
    # Each side has its own half and nothing of the other; whoever has no part in it has none.
    assert [held[who] for who in team.values()] == [(first, None)] * 4
    assert (held[ana], held[bo]) == ((None, second), (None, None))
    for stolen in ((first, first), (second, second), (second, first), (first, halves.fresh_halves().second)):
        with cast.acting(team["sol"]), pytest.raises(CannotOpen):
            halves.open_with_halves(halves.Halves(*stolen), planned.pk, copy.pk, bytes(copy.box))
    with cast.acting(team["sol"]):
        both = halves.open_with_halves(halves.Halves(first, second), planned.pk, copy.pk, bytes(copy.box))
        assert (both["signs"], both["people"]) == ("I stop sleeping", "Fern")
        # Each change locks it with another key: halves of yesterday open nothing of today.
    with cast.acting(planned):
        writing.write_plan({"signs": "I walk at night"}, actor=planned)
    changed = EmergencyCopy.objects.get()
    with cast.acting(team["sol"]), pytest.raises(CannotOpen):
        halves.open_with_halves(halves.Halves(first, second), planned.pk, changed.pk, bytes(changed.box))
    assert Scope.objects.filter(kind=copying.HALF).count() == 2


@pytest.mark.abuse(32)
def test_two_open_it_for_a_day_and_the_person_reads_who_and_why(
    cast: Cast, clock: time_machine.Traveller, team: Team, ana: Person, planned: Person, danger: Callable[..., Concern]
) -> None:
    concern, sol, anas, casss = danger(), cast.sign_in(team["sol"]), cast.sign_in(ana), cast.sign_in(planned)
    assert "Ask a coordinator" in sol.get(url("concern", concern.pk)).content.decode()
    for _twice in range(2):
        sol.post(url("ask_opening", concern.pk), {"reason": "She does not answer the door"})
    asked = PlanOpening.objects.get()
    assert sol.get(url("read_opened", concern.pk)).status_code == 404
    assert Notice.objects.filter(person_id=ana.pk, kind="call_in_now").exists()
    # Told before anything is opened; and whoever agrees reads the reason, not the plan.
    assert "Others asked to open something of yours" in casss.get("/").content.decode()
    assert "A second person is needed, now" in anas.get("/").content.decode()
    assert "Sol" in anas.get(url("waiting_openings")).content.decode()
    page = anas.get(url("answer_opening", asked.pk)).content.decode()
    assert ("She does not answer the door" in page, "Cass" in page, "I stop sleeping" in page) == (True, True, False)
    clock.shift(timedelta(minutes=5))
    anas.post(url("answer_opening", asked.pk), {"answer": "yes"})
    assert anas.get(url("answer_opening", asked.pk)).status_code == 404
    assert "I stop sleeping" in sol.get(url("read_opened", concern.pk)).content.decode()
    # Another of those who answer asks for themselves.
    assert cast.sign_in(team["dot"]).get(url("read_opened", concern.pk)).status_code == 404
    told = casss.get(url("openings")).content.decode()
    for said in ("She does not answer the door", "Sol", "Ana", "22:00", "22:05", "open now"):
        assert said in told, said
    assert "open something of yours" in casss.get("/").content.decode()
    casss.post(url("openings"))
    assert "open something of yours" not in casss.get("/").content.decode()
    # What the person changes meanwhile is read as well, and said to be read.
    casss.post(url("write_plan"), {"signs": "I walk at night"})
    assert "I walk at night" in sol.get(url("read_opened", concern.pk)).content.decode()
    assert "open something of yours" in casss.get("/").content.decode()
    clock.shift(timedelta(hours=24))
    sol = cast.sign_in(team["sol"])
    assert sol.get(url("read_opened", concern.pk)).status_code == 404
    assert copying.end_openings() == 1
    assert not ReleasedHalf.objects.exists()
    assert Item.objects.filter(kind=opening.GLASS).count() == 1
    assert "was open, is closed" in cast.sign_in(planned).get(url("openings")).content.decode()


@pytest.mark.abuse(31)
def test_only_in_an_open_emergency_about_this_person_and_never_alone(
    cast: Cast, team: Team, ana: Person, planned: Person, bo: Person, danger: Callable[..., Concern]
) -> None:
    sol, dot = team["sol"], team["dot"]
    slow, concern = danger(Level.TODAY), danger()
    with cast.acting(bo):
        other = fresh(raise_concern(Report(Level.NOW, Kind.SELF_HARM, "unsure"), actor=bo))
    with cast.acting(sol):
        with pytest.raises(PermissionDenied):
            opening.ask_opening(slow, "a reason", actor=sol)
        with pytest.raises(PermissionDenied):
            opening.ask_opening(concern, " ", actor=sol)
        with pytest.raises(NothingToOpen):
            opening.ask_opening(other, "a reason", actor=sol)
    with cast.acting(ana), pytest.raises(PermissionDenied):
        opening.ask_opening(concern, "a reason", actor=ana)
    with cast.acting(sol):
        asked = opening.ask_opening(concern, "a reason", actor=sol)
        for who in (sol, dot, planned):
            with pytest.raises(PermissionDenied):
                opening.agree_to_opening(asked, actor=who)
    # Nobody has both roles, and a second whom somebody has just made up is no second.
    with cast.acting(ana), pytest.raises(PermissionDenied):
        give_role(sol, Role.Kind.COORDINATOR, actor=ana)
    Role.objects.filter(person=ana).update(since_on=asked.ends_at.date())
    with cast.acting(Person.objects.get(pk=ana.pk)), pytest.raises(PermissionDenied):
        opening.agree_to_opening(asked, actor=Person.objects.get(pk=ana.pk))
    Role.objects.filter(person=ana).update(since_on=LONG_AGO)
    with cast.acting(ana):
        opening.agree_to_opening(asked, actor=ana)
        with pytest.raises(NothingToOpen):
            opening.refuse_opening(asked, actor=ana)
    # On a slower level, and when it is struck, it closes though time is left.
    with cast.acting(sol):
        assert opening.read_opened(concern, actor=sol)["people"] == "Fern"
        slower = steps.take_step(concern, Event.SET_LEVEL, {"reason": "calm"}, level=Level.TODAY, actor=sol)
        with pytest.raises(NothingToOpen):
            opening.read_opened(fresh(slower), actor=sol)


def test_taking_the_yes_back_destroys_the_copy_at_once(
    cast: Cast, clock: time_machine.Traveller, team: Team, ana: Person, planned: Person, danger: Callable[..., Concern]
) -> None:
    sol, concern, page = team["sol"], danger(), cast.sign_in(planned)
    copy = EmergencyCopy.objects.get()
    with cast.acting(sol):
        asked = opening.ask_opening(concern, "a reason", actor=sol)
    with cast.acting(ana):
        opening.agree_to_opening(asked, actor=ana)
    assert "The copy is destroyed" in page.post(url("give_up_copy"), follow=True).content.decode()
    assert not EmergencyCopy.objects.exists()
    assert not HalfKey.objects.exists()
    assert not ReleasedHalf.objects.exists()
    assert not Scope.objects.filter(kind=copying.HALF).exists()
    assert not Shred.objects.filter(pk=copy.pk).exists()
    assert Erasure.objects.count() == 1, "no backup brings it back"
    assert ConsentEntry.objects.latest("pk").effects == 1
    with cast.acting(sol), pytest.raises(NothingToOpen):
        opening.read_opened(concern, actor=sol)
    assert "was open, is closed" in page.get(url("openings")).content.decode()
    # The plan itself stays; a yes lasts six months and is asked for anew.
    with cast.acting(planned):
        plan = plan_of(planned)
        assert plan is not None
        assert plan.signs == "I stop sleeping"
        copying.keep_copy("2", "en", actor=planned)
    clock.shift(timedelta(days=179))
    assert copying.destroy_run_out() == 0
    clock.shift(timedelta(days=1))
    assert not copying.may_be_opened(planned)
    assert copying.destroy_run_out() == 1
    assert not EmergencyCopy.objects.exists()


def test_whoever_comes_to_answer_gets_the_older_halves_and_whoever_stops_loses_them(
    cast: Cast, team: Team, ana: Person, planned: Person
) -> None:
    answering = HalfKey.Side.ANSWERING
    eve = appointed(cast, ana, "eve", Post.DEPUTY)
    assert half(cast, eve, answering) is None
    with cast.acting(team["dot"]), transaction.atomic():
        carry_out_grants(team["dot"])
    assert half(cast, eve, answering) == half(cast, team["dot"], answering) is not None
    with cast.acting(ana):
        end_post(Appointment.objects.get(person=eve), actor=ana)
    assert half(cast, eve, answering) is None


@pytest.mark.abuse(32)
def test_whom_it_is_about_may_be_named_later_by_one_who_knows_them_and_two_are_still_needed(
    cast: Cast, clock: time_machine.Traveller, team: Team, planned: Person, bo: Person
) -> None:
    with cast.acting(bo):
        known = Report(Level.THIS_WEEK, Kind.AT_RISK, "seat", about_person=str(planned.pk), about_name="Cass")
        raise_concern(known, actor=bo)
        report = Report(Level.NOW, Kind.SELF_HARM, "unsure", "Somebody cried in the corridor")
        unsure = raise_concern(report, actor=bo)
    sol = cast.sign_in(team["sol"])
    assert "Ask a coordinator" not in sol.get(url("concern", unsure.pk)).content.decode()
    # Somebody of whom nobody told those who answer is nobody to choose.
    said = {"person": str(team["dot"].pk), "reason": "I saw them"}
    sol.post(url("name_person", unsure.pk), said)
    assert not unsure.entries.exists()
    sol.post(url("name_person", unsure.pk), {"person": str(planned.pk), "reason": "Bo told me on the phone"})
    page = sol.get(url("concern", unsure.pk)).content.decode()
    assert ("Ask a coordinator" in page, "Bo told me on the phone" in page) == (True, True)
    sol.post(url("ask_opening", unsure.pk), {"reason": "She does not answer"})
    assert (PlanOpening.objects.get().person_id, PlanOpening.objects.get().state) == (planned.pk, "asked")
    assert sol.get(url("read_opened", unsure.pk)).status_code == 404
    # Whoever raised it reads no name, and whoever is named, and answers, reads it no more.
    assert "Bo told me" not in cast.sign_in(bo).get(url("own", unsure.pk)).content.decode()
    with cast.acting(team["sol"]):
        found = Concern.objects.get(pk=unsure.pk)
        naming.name_person(found, str(team["dot"].pk), "It was Dot", known=said_of(team["dot"]), actor=team["sol"])
        with pytest.raises(ConcernsYou):
            naming.name_person(found, str(team["sol"].pk), "I", known=said_of(team["sol"]), actor=team["sol"])
        with pytest.raises(PermissionDenied):
            naming.name_person(found, str(bo.pk), "A guess", known=said_of(planned), actor=team["sol"])
    assert cast.sign_in(team["dot"]).get(url("concern", unsure.pk)).status_code == 404
    with cast.acting(team["sol"]), pytest.raises(PermissionDenied):
        steps.let_colleague_in(Concern.objects.get(pk=unsure.pk), team["dot"], actor=team["sol"])


def said_of(person: Person) -> dict[str, str]:
    return {str(person.pk): "a name"}

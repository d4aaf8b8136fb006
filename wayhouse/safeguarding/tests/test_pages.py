"""The pages of this room, as people use them."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from conftest import Cast
from wayhouse.crypto import items
from wayhouse.crypto.models import Item
from wayhouse.groups.models import OpeningConditions
from wayhouse.notices.actions import agree_contact
from wayhouse.notices.delivering import deliver_due
from wayhouse.notices.hours import Hours
from wayhouse.notices.kinds import Channel
from wayhouse.notices.models import SweepRun
from wayhouse.notices.plan import Plan
from wayhouse.notices.tests.conftest import everything_goes_out
from wayhouse.people import reach
from wayhouse.people.models import Person, Profile, Role
from wayhouse.safeguarding import misses
from wayhouse.safeguarding.models import Concern, Drill, OnCall, OnCallSwap, Opening
from wayhouse.safeguarding.protocol import Kind, Level, State
from wayhouse.safeguarding.raising import Report
from wayhouse.safeguarding.readiness import refresh_all
from wayhouse.safeguarding.tests.conftest import LATE, arrived, reachable

Team = dict[str, Person]
Raised = Callable[..., Concern]
TOLD = {"level": "1", "kind": "k1", "about": "unsure", "words": "I do not want to be here tomorrow"}


def url(name: str, *args: object) -> str:
    return reverse(f"safeguarding:{name}", args=args)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_whoever_takes_part_is_one_tap_away_from_telling_it(cast: Cast, team: Team, ana: Person, bo: Person) -> None:
    cass, max = (arrived(cast, ana, *who) for who in (("cass", Role.Kind.MEMBER), ("max", Role.Kind.MENTOR)))  # noqa: A001
    for person in (bo, cass, max):
        client = cast.sign_in(person)
        assert f'href="{url("raise_concern")}"' in text(client, "/people/me/")
        page = text(client, url("raise_concern"))
        # Call first: the numbers stand above the questions.
        assert 0 < page.index('href="tel:112"') < page.index('name="level"')
    aud = cast.sign_in(arrived(cast, ana, "aud", Role.Kind.AUDITOR))
    assert url("raise_concern") not in text(aud, "/people/me/")
    assert aud.get(url("raise_concern")).status_code == 404


def test_three_answers_are_enough_and_fewer_are_not(cast: Cast, team: Team, bo: Person) -> None:
    client = cast.sign_in(bo)
    for missing in ("level", "kind", "about"):
        answer = client.post(url("raise_concern"), {name: value for name, value in TOLD.items() if name != missing})
        assert (answer.status_code, Concern.objects.count()) == (200, 0)
    answer = client.post(url("raise_concern"), {**TOLD, "words": ""}, follow=True)
    concern = Concern.objects.get()
    assert answer.redirect_chain[-1][0] == url("own", concern.pk)
    assert concern.calls.get().person == team["sol"]


def test_a_name_that_does_not_open_keeps_nobody_from_the_numbers(cast: Cast, team: Team, bo: Person) -> None:
    with cast.acting(bo):
        item = items.seal(reach.keep_among("personal", [bo]), "profile", {"name": "Bo"})
        Profile.objects.create(person=bo, item=item)
    Item.objects.filter(pk=item.pk).update(box=bytes(60))
    client = cast.sign_in(bo)
    assert 'href="tel:112"' in text(client, url("raise_concern"))
    assert client.post(url("raise_concern"), TOLD).status_code == 302


def test_whom_it_is_about_does_not_read_it(cast: Cast, team: Team, bo: Person) -> None:
    cast.sign_in(bo).post(url("raise_concern"), {**TOLD, "kind": "k6", "about": "lead"})
    concern = Concern.objects.get()
    seen = {name: cast.sign_in(who).get(url("concern", concern.pk)).status_code for name, who in team.items()}
    assert seen == {"sol": 404, "dot": 200, "dia": 200, "tru": 404}


def test_a_name_may_stay_away_only_when_it_is_about_staff(cast: Cast, team: Team, bo: Person) -> None:
    client = cast.sign_in(bo)
    client.post(url("raise_concern"), {**TOLD, "unnamed": "on"})
    assert not Concern.objects.exists()
    page = client.post(url("raise_concern"), {**TOLD, "kind": "k6", "unnamed": "on"}).content.decode()
    found = re.search(r"<b>([0-9A-Z-]{39})</b>", page)
    assert found
    assert Concern.objects.get().pk not in {c.pk for c in Concern.objects.raised_by(bo)}
    visitor = Client()
    answer = visitor.post(url("back"), {"code": found[1], "words": "Are you there?"}).content.decode()
    assert TOLD["words"] in answer
    # Once: the form does not hold it still, to be sent again.
    assert answer.count("Are you there?") == 1
    assert TOLD["words"] not in visitor.post(url("back"), {"code": "0" * 32}).content.decode()


def test_the_board_goes_by_the_time_that_is_left(
    cast: Cast,
    clock: time_machine.Traveller,
    team: Team,
    raised: Raised,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    slow, fast = raised(Report(Level.THIS_WEEK, Kind.AT_RISK, "me")), raised()
    for _each in range(4):
        raised(Report(Level.CONDUCT, Kind.CONDUCT, "me"))
    clock.shift(timedelta(minutes=16))
    misses.sweep()
    client = cast.sign_in(team["sol"])
    client.get(url("board"))
    with django_assert_max_num_queries(8):
        page = text(client, url("board"))
    assert page.index(str(fast.pk)) < page.index(str(slow.pk))
    assert "1 minute over" in page
    # No worker was seen here; then it was.
    assert "Calls may not go out" in page
    seen = SweepRun.objects.create(name="notices.worker", next_at=LATE, ended_at=LATE + timedelta(minutes=16))
    assert "Calls may not go out" not in text(client, url("board"))
    SweepRun.objects.filter(pk=seen.pk).update(failed="TooLong")
    assert "Calls may not go out" in text(client, url("board"))
    assert "Sol" in page


def test_the_record_on_its_page(cast: Cast, team: Team, raised: Raised, bo: Person) -> None:
    concern, client = raised(), cast.sign_in(team["sol"])
    page = text(client, url("concern", concern.pk))
    assert "I do not want to be here tomorrow" in page
    assert "<title>Notes – " in page
    assert Opening.objects.get().person == team["sol"]
    client.post(url("take_step", concern.pk, "acknowledge"))
    client.post(url("take_step", concern.pk, "find_safe"), {"wish": "To sleep at a friend's"})
    client.post(url("fulfil", concern.pk, "contact"), {"note": "Rang at 22:15"})
    client.post(url("say", concern.pk), {"words": "Thank you, we have it."})
    assert client.get(url("take_step", concern.pk, "close")).status_code == 404
    refused = client.post(url("write", concern.pk), {"what": "shared", "note": "x", "whom": "doctor", "law_sheet": ""})
    assert "Write this down when something is shared." in refused.content.decode()
    page = text(client, url("concern", concern.pk))
    for said in ("To sleep at a friend&#x27;s", "Rang at 22:15", "Thank you, we have it."):
        assert said in page
    concern.refresh_from_db()
    assert (concern.state, concern.held_by) == (State.SAFE_NOW, team["sol"])
    own = text(cast.sign_in(bo), url("own", concern.pk))
    assert "Thank you, we have it." in own
    assert "To sleep" not in own


@pytest.mark.abuse(7)
def test_a_phone_that_was_put_away_open_opens_no_concern(
    cast: Cast, team: Team, clock: time_machine.Traveller, raised: Raised
) -> None:
    concern = raised()
    client = cast.sign_in(team["sol"])
    # Six minutes since the proof when it begins; the session itself stays open, since somebody reads on.
    clock.shift(timedelta(minutes=8, seconds=59))
    assert client.get(url("concern", concern.pk)).status_code == 200
    clock.shift(timedelta(seconds=1))
    asked = client.get(url("concern", concern.pk))
    again = f"/account/again/?{urlencode({'next': url('concern', concern.pk)})}"
    assert (asked.status_code, asked.headers["Location"]) == (302, again)
    # Nor do the forms that repeat its words.
    forms = [
        url("take_step", concern.pk, "acknowledge"),
        url("name_person", concern.pk),
        url("read_opened", concern.pk),
    ]
    assert [client.get(form).headers["Location"].split("?")[0] for form in forms] == ["/account/again/"] * 3
    # What was typed meanwhile is not lost.
    assert client.post(url("say", concern.pk), {"words": "Thank you, we have it."}).status_code == 302
    assert "Thank you, we have it." in text(cast.sign_in(team["sol"]), url("concern", concern.pk))


@pytest.mark.parametrize("name", ["concern", "take_step", "own"])
def test_for_everybody_else_it_does_not_exist(cast: Cast, team: Team, ana: Person, raised: Raised, name: str) -> None:
    concern = raised()
    dee = arrived(cast, ana, "dee", Role.Kind.MEMBER)
    more = ["acknowledge"] if name == "take_step" else []
    for who in (ana, dee, team["tru"]):
        assert cast.sign_in(who).get(url(name, concern.pk, *more)).status_code == 404


def test_a_day_on_call_is_handed_over(cast: Cast, team: Team) -> None:
    sol, dia = cast.sign_in(team["sol"]), cast.sign_in(team["dia"])
    day = OnCall.objects.filter(person=team["sol"]).order_by("day")[1]
    sol.post(url("ask_swap", day.pk), {"taker": str(team["dot"].pk)})
    assert not OnCallSwap.objects.exists(), "the second of that day is no free person"
    # Who is called that day anyway is not offered.
    offered = re.search(rf"/calls/{day.pk}/swap/.*?</form>", sol.get(url("rota")).content.decode(), re.DOTALL)
    assert offered
    assert [str(team[who].pk) in offered[0] for who in ("dot", "dia")] == [False, True]
    sol.post(url("ask_swap", day.pk), {"taker": str(team["dia"].pk)})
    assert "Dia is asked to take it" in text(sol, url("rota"))
    dia.post(url("answer_swap", OnCallSwap.objects.get().pk), {"answer": "yes"})
    day.refresh_from_db()
    assert day.person == team["dia"]


def drilled(coordinating: Client, on_call: Client, clock: time_machine.Traveller, *, delivered: bool) -> str:
    """A drill that is answered after four minutes; the page of drills."""
    coordinating.post(url("drills"))
    if delivered:
        deliver_due()
    clock.shift(timedelta(minutes=4))
    on_call.post(url("take_step", Drill.objects.latest("begun_at").concern_id, "acknowledge"))
    return text(coordinating, url("drills"))


def test_a_group_opens_after_lead_deputy_rota_ways_and_a_drill_that_was_delivered(
    cast: Cast, clock: time_machine.Traveller, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    OpeningConditions.objects.all().delete()
    lead, deputy = (arrived(cast, ana, handle, Role.Kind.SAFEGUARDING_LEAD) for handle in ("sol", "dot"))
    coordinating = cast.sign_in(ana)

    def lacking() -> list[str]:
        row = OpeningConditions.objects.filter(programme=ana.programme).first() or OpeningConditions()
        return row.lacking(date(2026, 12, 1))

    assert lacking() == ["lead", "deputy", "rota", "paged", "numbers", "drill"]
    for person, post in ((lead, "lead"), (deputy, "deputy")):
        coordinating.post(url("posts"), {"person": str(person.pk), "name": post.capitalize(), "post": post})
    assert lacking() == ["rota", "drill"]
    weeks = [f"2026-{month:02}-{day:02}" for month, day in ((11, 30), (12, 7), (12, 14), (12, 21), (12, 28))]
    filled = {f"{place}_{week}": str(who.pk) for week in weeks for place, who in (("first", lead), ("second", deputy))}
    coordinating.post(url("rota"), filled)
    # Whoever is on call and cannot be paged on two ways lets no group open.
    assert lacking() == ["paged", "drill"]
    everything_goes_out(monkeypatch)
    reachable(lead)
    agree_contact(Plan(channels=(Channel.SMS,), phone="+490", hours=Hours(), paged=True), actor=deputy)
    refresh_all()
    assert lacking() == ["paged", "drill"]
    reachable(deputy)
    refresh_all()
    assert lacking() == ["drill"]
    assert "answered without a delivered call" in drilled(coordinating, cast.sign_in(lead), clock, delivered=False)
    assert lacking() == ["drill"]
    page = drilled(coordinating, cast.sign_in(lead), clock, delivered=True)
    assert lacking() == []
    assert "4 min until somebody answered" in page
    assert "delivered on 2 ways" in page
    assert "Groups may open" in text(coordinating, url("posts"))

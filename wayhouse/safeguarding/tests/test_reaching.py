"""Whoever cannot be called is passed over, and the page of the rota says who."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from conftest import Cast
from wayhouse.notices.actions import agree_contact, stop_contact
from wayhouse.notices.channels import Refused
from wayhouse.notices.delivering import deliver_due
from wayhouse.notices.hours import Hours
from wayhouse.notices.kinds import Channel
from wayhouse.notices.plan import Plan
from wayhouse.notices.tests.conftest import Outside, everything_goes_out
from wayhouse.people.models import Person
from wayhouse.safeguarding import misses, steps
from wayhouse.safeguarding.models import Concern
from wayhouse.safeguarding.posts import to_call
from wayhouse.safeguarding.protocol import Event
from wayhouse.safeguarding.reaching import reachable

Team = dict[str, Person]
DEPUTY = "e-mail: delivered a message of this browser: skipped: no way to them text message: did not arrive"


@pytest.fixture(autouse=True)
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """All ways lead to an invented world."""
    return everything_goes_out(monkeypatch)


def test_the_first_call_goes_to_somebody_who_can_be_called(team: Team, raised: Callable[..., Concern]) -> None:
    sol, dot, dia = team["sol"], team["dot"], team["dia"]
    assert reachable(team.values(), ways=2) == {person.pk for person in team.values()}
    # Whoever lets nothing lie around gets neither a text nor an e-mail: those are no ways to them.
    ways = (Channel.SMS, Channel.EMAIL)
    hidden = Plan(channels=ways, email="a@example.org", phone="+490", hours=Hours(), paged=True, may_stay=False)
    agree_contact(hidden, actor=team["tru"])
    assert reachable(team.values()) == {sol.pk, dot.pk, dia.pk}
    stop_contact(actor=sol)
    concern = raised()
    assert concern.calls.get().person == dot
    Person.objects.filter(pk=dot.pk).update(status=Person.Status.PAUSED)
    assert to_call(concern) == [dia, sol]
    # Where everybody pauses, all are called all the same.
    Person.objects.filter(pk__in=[sol.pk, dia.pk]).update(status=Person.Status.PAUSED)
    assert set(to_call(concern)) == {sol, dot, dia}


def test_the_rota_says_who_cannot_be_called_in_two_ways(
    cast: Cast, team: Team, outside: Outside, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = cast.sign_in(team["dot"])
    client.get("/care/calls/")
    with django_assert_max_num_queries(8):
        page = client.get("/care/calls/").content.decode()
    assert "Cannot be called in two ways" not in page
    plan = Plan(channels=(Channel.SMS,), phone="+490", hours=Hours(), paged=True)
    agree_contact(plan, actor=team["sol"])
    page = client.get("/care/calls/").content.decode()
    assert "<li>Sol</li>" in page[page.index("Cannot be called in two ways") :]


def test_the_page_of_a_concern_says_what_became_of_every_call(
    cast: Cast, team: Team, outside: Outside, clock: time_machine.Traveller, raised: Callable[..., Concern]
) -> None:  # fmt: skip
    sol, dot = team["sol"], team["dot"]
    Person.objects.filter(pk=sol.pk).update(status=Person.Status.PAUSED)
    concern = raised()
    outside.answers[Channel.SMS] = [Refused()]
    deliver_due()
    clock.shift(timedelta(minutes=15))
    misses.sweep()
    client = cast.sign_in(dot)
    address = reverse("safeguarding:concern", args=[concern.pk])
    page = client.get(address).content.decode()
    card = re.sub(r"<[^>]+>|\s+", " ", page[page.index("Who was called") : page.index("Who opened this")])
    said = re.findall(
        r"(director|deputy|lead) 1 Dec, (22:\d\d)(.*?)(?= director| deputy| lead|$)", " ".join(card.split())
    )
    assert [(post, at, more.strip()) for post, at, more in said] == [
        ("director", "22:15", "e-mail: waiting a message of this browser: waiting text message: waiting"),
        ("deputy", "22:00", DEPUTY),
        ("lead", "22:00", "Passed over: pauses"),
    ]  # fmt: skip
    # Done: whoever was not reached yet is not called any more. Whom it is not for does not see the page at all.
    with cast.acting(dot):
        steps.take_step(concern, Event.ACKNOWLEDGE, {}, actor=dot)
    assert client.get(address).content.decode().count("not needed any more") == 3
    assert cast.sign_in(team["tru"]).get(address).status_code == 404

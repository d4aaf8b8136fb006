"""Whoever cannot be called is passed over, and the page of the rota says who."""

from collections.abc import Callable
from functools import partial
from operator import eq

import pytest

from conftest import Cast
from wayhouse.notices import channels
from wayhouse.notices.actions import stop_contact
from wayhouse.notices.channels import Way
from wayhouse.notices.kinds import Channel
from wayhouse.people.models import Person
from wayhouse.safeguarding.models import Concern
from wayhouse.safeguarding.posts import to_call
from wayhouse.safeguarding.reaching import reachable

Team = dict[str, Person]


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """This house sends text messages, and nothing else."""
    for channel in Channel:
        monkeypatch.setitem(channels.WAYS, channel, Way(partial(eq, channel, Channel.SMS), print))


def test_the_first_call_goes_to_somebody_who_can_be_called(team: Team, raised: Callable[..., Concern]) -> None:
    sol, dot, dia = team["sol"], team["dot"], team["dia"]
    assert reachable(team.values()) == {person.pk for person in team.values()}
    stop_contact(actor=sol)
    concern = raised()
    assert concern.calls.get().person == dot
    Person.objects.filter(pk=dot.pk).update(status=Person.Status.PAUSED)
    assert to_call(concern) == [dia, sol]
    # Where everybody pauses, all are called all the same.
    Person.objects.filter(pk__in=[sol.pk, dia.pk]).update(status=Person.Status.PAUSED)
    assert set(to_call(concern)) == {sol, dot, dia}


def test_the_rota_says_who_cannot_be_called(cast: Cast, team: Team) -> None:
    client = cast.sign_in(team["dot"])
    assert "Cannot be called now" not in client.get("/care/calls/").content.decode()
    stop_contact(actor=team["sol"])
    page = client.get("/care/calls/").content.decode()
    assert "<li>Sol</li>" in page[page.index("Cannot be called now") :]

"""Somebody who answers for concerns leaves: nobody refuses it, and what is open keeps two readers."""

# ruff: noqa: F811  fixtures of the room below are asked for by their names

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from conftest import Cast
from wayhouse.crypto.keyring import use
from wayhouse.leaving.actions import leave
from wayhouse.people.models import Person
from wayhouse.safeguarding import misses, steps
from wayhouse.safeguarding.models import Concern, Timer
from wayhouse.safeguarding.protocol import Duty, Post
from wayhouse.safeguarding.refusals import NothingOwed
from wayhouse.safeguarding.tests.conftest import L1, LATE, bo, clock, raised, team  # noqa: F401  fixtures
from wayhouse.safeguarding.tests.test_concerns import fresh, reads
from wayhouse.safeguarding.tests.test_demands import entered
from wayhouse.safeguarding.tests.test_demands import reads as reads_demand

Team = dict[str, Person]
Raised = Callable[..., Concern]


def test_whoever_leaves_is_never_refused_and_lets_the_next_in(
    cast: Cast, clock: time_machine.Traveller, team: Team, raised: Raised
) -> None:
    dot, dia, sol, tru = (team[name] for name in ("dot", "dia", "sol", "tru"))
    kept_from_sol, open_to_all = raised(L1, (Post.LEAD,)), raised()
    with cast.acting(dot):
        leave(dot, actor=dot)
    # Two are left where three were; where one was left the next reads along, but nobody it was kept from.
    assert [reads(cast, who, kept_from_sol.item) for who in (sol, dot, dia, tru)] == [False, False, True, True]
    assert [reads(cast, who, open_to_all.item) for who in (sol, dot, dia, tru)] == [True, False, True, False]
    assert not Timer.objects.filter(duty=Duty.SECOND_READER).exists()
    # Now nobody is left whom it may be shown: a clock runs, and whoever is left is called.
    before = kept_from_sol.calls.count()
    with cast.acting(tru):
        leave(tru, actor=tru)
    owed = kept_from_sol.timers.owed().get(duty=Duty.SECOND_READER)
    assert owed.due_at == LATE + timedelta(hours=1)
    assert [call.person for call in kept_from_sol.calls.order_by("pk")[before:]] == [dia]
    client = cast.sign_in(dia)
    page = client.get(reverse("safeguarding:concern", args=[kept_from_sol.pk])).content.decode()
    assert "only one of you can read it" in page
    # And on the board, with its time, although that somebody says it arrived has less time left.
    board = client.get(reverse("safeguarding:board")).content.decode()
    assert len(re.findall(r"only one of you can read it.{0,40}<b>1 Dec, 23:00</b>", board, re.DOTALL)) == 1
    clock.shift(timedelta(hours=1, seconds=1))
    misses.sweep()
    owed.refresh_from_db()
    assert owed.state == Timer.State.MISSED


def test_with_locked_keys_leaving_goes_on_and_the_clock_ends_with_a_colleague(
    cast: Cast, team: Team, raised: Raised
) -> None:
    sol, dot = team["sol"], team["dot"]
    concern, demand = raised(L1, (Post.DIRECTOR,)), entered(cast, dot)
    with use(None):
        leave(dot, actor=dot)
    assert not reads(cast, team["tru"], concern.item)
    assert concern.timers.owed().filter(duty=Duty.SECOND_READER).exists()
    with cast.acting(sol), pytest.raises(NothingOwed):
        steps.fulfil(concern, Duty.SECOND_READER, "", actor=sol)
    with cast.acting(sol):
        steps.let_colleague_in(fresh(concern), team["tru"], actor=sol)
    assert concern.timers.get(duty=Duty.SECOND_READER).state == Timer.State.MET
    # What an authority asked for keeps two readers as well.
    with cast.acting(sol):
        leave(sol, actor=sol)
    assert [reads_demand(cast, team[name], demand) for name in ("sol", "dot", "dia", "tru")] == [
        False,
        False,
        True,
        True,
    ]

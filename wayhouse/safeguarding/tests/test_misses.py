"""What follows when a clock is over: whoever is next, everybody, again until somebody has it, and no storm."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from wayhouse.people.models import Person
from wayhouse.safeguarding import misses, steps
from wayhouse.safeguarding.models import Concern, Timer
from wayhouse.safeguarding.posts import Turns, turns
from wayhouse.safeguarding.protocol import Duty, Event
from wayhouse.safeguarding.rota import fill_rota
from wayhouse.safeguarding.tests.conftest import LATE

Team = dict[str, Person]
Raised = Callable[..., Concern]
Clock = time_machine.Traveller


def called(concern: Concern) -> list[Person]:
    return [call.person for call in concern.calls.order_by("pk")]


def test_at_the_turn_of_a_rota_whoever_was_not_called_is_called(
    cast: Cast, clock: Clock, ana: Person, team: Team, raised: Raised
) -> None:
    sol, dot, dia = team["sol"], team["dot"], team["dia"]
    tomorrow = LATE.date() + timedelta(days=1)
    with cast.acting(ana):
        fill_rota(ana.programme, {tomorrow: (dia, sol)}, actor=ana)
    # Nine minutes before midnight; the first miss is after it, and then Sol is in the second place.
    clock.shift(timedelta(hours=1, minutes=51))
    concern = raised()
    for expected in ([sol, dia], [sol, dia, dot]):
        clock.shift(timedelta(minutes=15))
        misses.sweep()
        assert called(concern) == expected


def test_after_a_downtime_everybody_is_called_once(clock: Clock, team: Team, raised: Raised) -> None:
    sol, dot, dia = team["sol"], team["dot"], team["dia"]
    concern = raised()
    clock.shift(timedelta(hours=3))
    # Three rungs, whether they are safe, and a talk: all of it in one call.
    assert misses.sweep() == 5
    assert called(concern)[0] == sol
    assert sorted(person.pk for person in called(concern)[1:]) == sorted([sol.pk, dot.pk, dia.pk])
    assert not concern.timers.due(LATE + timedelta(hours=3)).exists()


def test_what_cannot_wait_is_called_for_until_somebody_has_it(
    cast: Cast, clock: Clock, team: Team, raised: Raised
) -> None:
    concern, sol = raised(), team["sol"]
    clock.shift(timedelta(hours=2))
    misses.sweep()
    for _each in range(2):
        calls = len(called(concern))
        clock.shift(timedelta(minutes=30))
        assert misses.sweep() == 1
        assert set(called(concern)[calls:]) == {team[name] for name in ("sol", "dot", "dia")}
    with cast.acting(sol):
        steps.take_step(concern, Event.ACKNOWLEDGE, {}, actor=sol)
    clock.shift(timedelta(minutes=30))
    assert misses.sweep() == 0


def test_many_misses_share_a_transaction(clock: Clock, team: Team, raised: Raised) -> None:
    concerns = [raised() for _each in range(4)]
    clock.shift(timedelta(minutes=15))
    with CaptureQueriesContext(connection) as few:
        assert misses.sweep() == 4
    assert [called(concern) for concern in concerns] == [[team["sol"], team["dot"]]] * 4
    # Nine for each miss, and what they share.
    assert len(few) <= 4 * 9 + 24


def test_a_sweep_asks_no_more_with_many_open_clocks(clock: Clock, team: Team, raised: Raised) -> None:
    asked = []
    for open_clocks in (0, 400):
        concern = raised()
        # Others that run for weeks, on this concern and beside it.
        Timer.objects.bulk_create(
            Timer(concern=concern, duty=Duty.REVIEW, rung=n, started_at=LATE, due_at=LATE + timedelta(days=9, hours=n))
            for n in range(open_clocks)
        )
        with CaptureQueriesContext(connection) as calm:
            assert misses.sweep() == 0
        clock.shift(timedelta(minutes=15))
        with CaptureQueriesContext(connection) as busy:
            assert misses.sweep() == 1
        asked.append((len(calm), len(busy)))
        Timer.objects.filter(concern=concern, duty=Duty.ACKNOWLEDGE).update(state=Timer.State.MET)
    assert asked[0] == asked[1]
    assert asked[0][0] == 1


def test_one_concern_that_cannot_be_answered_holds_up_no_other(
    clock: Clock, team: Team, raised: Raised, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = raised(), raised()

    def breaks(concern: Concern) -> Turns:
        if concern == broken:
            raise ZeroDivisionError
        return turns(concern)

    monkeypatch.setattr("wayhouse.safeguarding.misses.turns", breaks)
    clock.shift(timedelta(minutes=15))
    with pytest.raises(ZeroDivisionError):
        misses.sweep()
    assert called(whole) == [team["sol"], team["dot"]]
    assert called(broken) == [team["sol"]]

import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from wayhouse.notices import sweeps, working
from wayhouse.notices.actions import agree_contact
from wayhouse.notices.kinds import Channel
from wayhouse.notices.models import SweepRun
from wayhouse.notices.sweeps import last_seen, register, sweep, well_since, within
from wayhouse.notices.tests.conftest import BY_MAIL, NOON, Outside, Someone, put_in

HOUR = timedelta(hours=1)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "SWEEPS", {})
    monkeypatch.setattr(sweeps, "_failing", set())


def test_the_command_sends_what_is_due(someone: Someone, outside: Outside, registry: object) -> None:
    from wayhouse.notices.delivering import deliver_due

    register("notices.deliveries", deliver_due)
    agree_contact(BY_MAIL, actor=someone)
    put_in(someone)
    said = StringIO()
    call_command("work", "--once", stdout=said)
    assert (outside.ways, said.getvalue()) == ([Channel.EMAIL], "notices.deliveries: 1\n")


def test_the_house_looks_after_its_deliveries_and_tidies_up() -> None:
    assert {"notices.deliveries", "notices.worker", "config.tidy"} <= set(sweeps.SWEEPS)


def test_how_often_survives_a_restart(db: None, registry: object, clock: time_machine.Traveller) -> None:
    register("people.tidy", lambda: 3, every=HOUR)
    assert (sweep(), sweep()) == ({"people.tidy": 3}, {})
    clock.shift(HOUR)
    assert sweep() == {"people.tidy": 3}
    assert last_seen() == NOON + HOUR


def test_a_sweep_that_was_killed_begins_anew_after_its_limit(
    db: None, registry: object, clock: time_machine.Traveller
) -> None:
    def killed() -> int:
        raise KeyboardInterrupt

    register("people.tidy", killed, every=timedelta(days=1), limit=HOUR)
    with pytest.raises(KeyboardInterrupt):
        sweep()
    register("people.tidy", lambda: 1, every=timedelta(days=1), limit=HOUR)
    clock.shift(HOUR - timedelta(seconds=1))
    assert sweep() == {}
    clock.shift(1)
    assert sweep() == {"people.tidy": 1}


def test_a_sweep_that_fails_holds_up_no_other(db: None, registry: object, caplog: pytest.LogCaptureFixture) -> None:
    divisors = [0, 0, 1]
    register("a.fails", lambda: 1 // divisors.pop(0))
    register("b.works", lambda: 2)
    assert [sweep(), sweep()] == [{"b.works": 2}] * 2
    assert SweepRun.objects.get().failed == "ZeroDivisionError"
    assert [record.name for record in caplog.records] == ["wayhouse.notices.sweeps"]
    assert sweep() == {"a.fails": 1, "b.works": 2}
    assert SweepRun.objects.get().failed == ""


class Process:
    """A process that was begun, as far as a sweep knows it."""

    def __init__(self, command: list[str], **_more: object) -> None:
        self.words, self.killed = command[3:], False
        self.code: int | None = None

    def poll(self) -> int | None:
        return self.code

    def wait(self) -> None:
        """Over at once."""

    def kill(self) -> None:
        self.killed = True


def test_what_takes_long_runs_apart_and_holds_up_no_clock(
    db: None, registry: object, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Process] = []

    def begin(command: list[str], **more: object) -> Process:
        begun.append(Process(command, **more))
        return begun[-1]

    def goes(name: str) -> Callable[[], int]:
        def go() -> int:
            rounds.append(name)
            return 0

        return go

    monkeypatch.setattr(sweeps, "_children", {})
    monkeypatch.setattr("subprocess.Popen", begin)
    rounds: list[str] = []
    register("config.tidy", lambda: 1, every=HOUR, limit=HOUR / 3, apart=("tidy",))
    register("notices.deliveries", goes("deliveries"))
    register("safeguarding.clocks", goes("clocks"), first=True)
    assert [sweep(apart=True), sweep(apart=True)] == [{"safeguarding.clocks": 0, "notices.deliveries": 0}] * 2
    assert rounds == ["clocks", "deliveries"] * 2
    assert [process.words for process in begun] == [["tidy"]]
    begun[0].code = 0
    sweep(apart=True)
    assert SweepRun.objects.get().ended_at == NOON
    assert SweepRun.objects.filter(well_since(NOON - HOUR)).exists()
    # The next one never ends.
    clock.shift(HOUR)
    sweep(apart=True)
    clock.shift(HOUR / 3)
    sweep(apart=True)
    assert (len(begun), begun[1].killed, SweepRun.objects.get().failed) == (2, True, "TooLong")
    assert not SweepRun.objects.filter(well_since(NOON - HOUR)).exists()


def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(sweeps.TooLong), within(timedelta(milliseconds=1)):
        threading.Event().wait(20)


def test_told_to_stop_it_ends_after_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "sweep", lambda **_how: os.kill(os.getpid(), signal.SIGTERM))
    before = signal.getsignal(signal.SIGTERM)
    assert working.work(every=60) == 1
    assert signal.getsignal(signal.SIGTERM) == before


def test_without_the_server_that_started_it_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "sweep", lambda: None)
    assert working.work(every=60, parent=-1) == 0

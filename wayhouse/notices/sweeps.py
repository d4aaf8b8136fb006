"""Sweeps: what the worker looks after. Rooms above put theirs in, in `ready()` of their AppConfig.

    register("meetings.reminders", put_in_reminders, every=timedelta(minutes=10))

A sweep finds out from the database what is due, does it, and says how much it was. It may be killed anywhere and run
again, also twice at once on two machines: whatever it does must be safe then (`notify` and its `once` are).
"""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import DatabaseError, close_old_connections, connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, Q

from wayhouse.core import clock
from wayhouse.notices.models import SweepRun

_LOG = logging.getLogger(__name__)
EACH_ROUND = timedelta(0)
_LONGEST = 40


class Sweep(NamedTuple):
    """What to look after, how often at most, and how long it may take."""

    run: Callable[[], int]
    every: timedelta = EACH_ROUND
    limit: timedelta = timedelta(minutes=2)
    # Goes before the others of a round.
    first: bool = False
    # The words of `wayhouse` that do the same in a process of their own, for what takes long.
    apart: Sequence[str] = ()


class TooLong(Exception):  # noqa: N818  an answer, written down like any other
    """A sweep took longer than it may, and was stopped where it was."""


class NotDone(Exception):  # noqa: N818  an answer as well
    """A process of its own did not end well."""


class _Child(NamedTuple):
    process: "subprocess.Popen[bytes]"
    until: datetime


SWEEPS: dict[str, Sweep] = {}
# What runs in processes of its own now.
_children: dict[str, _Child] = {}
# Which failed when they last ran, as far as this process knows.
_failing: set[str] = set()


def register(
    name: str,
    run: Callable[[], int],
    *,
    every: timedelta = EACH_ROUND,
    limit: timedelta = timedelta(minutes=2),
    first: bool = False,
    apart: Sequence[str] = (),
) -> None:
    """Let the worker look after something: at each round (some seconds), or every so often.

    How often survives restarts: whatever is not done at each round is written down when it was done. `first`: before
    the others of a round. `apart`: the command that does the same in a process of its own, while rounds go on; for
    what is not done at each round.
    """
    SWEEPS[name] = Sweep(run, every, limit, first, apart)


def sweep(*, apart: bool = False) -> dict[str, int]:
    """Run whatever is due, in the order in which it was put in; how much each did. One that fails holds up no other.

    `apart`: what can be done in a process of its own is begun there, and looked after in the rounds that follow.
    """
    done = {}
    for name, one in sorted(SWEEPS.items(), key=lambda item: not item[1].first):
        if not connection.in_atomic_block:
            # After an error a connection may be of no use any more; the next sweep gets another.
            close_old_connections()
        try:
            if apart and one.apart:
                _look_after(name, one)
            elif one.every == EACH_ROUND or _begin(name, one):
                with within(one.limit):
                    done[name] = one.run()
                _end(name, one)
        except TooLong:
            # It was stopped anywhere, perhaps in the middle of a transaction of its own.
            if not connection.in_atomic_block:
                connection.close()
            _fail(name, "TooLong")
        except Exception as error:  # noqa: BLE001  whatever it is, the other sweeps go on
            _fail(name, type(error).__name__)
    return done


def end_children() -> None:
    """The worker ends: so does what it began. It may be killed anywhere, as the worker itself."""
    for child in _children.values():
        child.process.terminate()
        child.process.wait()
    _children.clear()


def _look_after(name: str, one: Sweep) -> None:
    """Begin it where it is due, end it where it takes too long, write down how it ended. `TooLong`, `NotDone`."""
    child = _children.get(name)
    if child is None:
        if _begin(name, one):
            command = [sys.executable, "-m", "wayhouse.config", *one.apart]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603  our own interpreter and module
            _children[name] = _Child(process, clock.now() + one.limit)
        return
    code = child.process.poll()
    if code is None and clock.now() < child.until:
        return
    del _children[name]
    if code is None:
        child.process.kill()
        child.process.wait()
        raise TooLong
    if code:
        raise NotDone
    _end(name, one)


@contextmanager
def within(limit: timedelta) -> Iterator[None]:
    """End what takes too long. Error: `TooLong`. Only in the main thread, and where the system has alarms."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_arguments: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit.total_seconds())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _begin(name: str, one: Sweep) -> bool:
    """Take a sweep for oneself until its limit is over; False where it is not due or another worker has it."""
    now = clock.now()
    row, _made = SweepRun.objects.get_or_create(name=name, defaults={"next_at": now})
    if row.next_at > now:
        return False
    taken = SweepRun.objects.filter(name=name, next_at=row.next_at).update(next_at=now + one.limit)
    return bool(taken)


def _end(name: str, one: Sweep) -> None:
    now, was_failing = clock.now(), name in _failing
    if one.every != EACH_ROUND:
        SweepRun.objects.filter(name=name).update(next_at=now + one.every, ended_at=now, failed="")
    elif was_failing:
        SweepRun.objects.filter(name=name).update(failed="")
    _failing.discard(name)


def _fail(name: str, error: str) -> None:
    """Write down what kind of error it was, so that `wayhouse doctor` can say so. It is tried when its time comes."""
    if name in _failing:
        # Said already, and every few seconds would be too often.
        return
    _LOG.exception("A sweep did not end as it should.")
    try:
        new = {"failed": error[:_LONGEST], "next_at": clock.now()}
        SweepRun.objects.update_or_create(name=name, defaults={"failed": error[:_LONGEST]}, create_defaults=new)
        _failing.add(name)
    except DatabaseError:
        _LOG.exception("That a sweep failed could not be written down.")


def last_seen() -> datetime | None:
    """When the worker last did something that it writes down."""
    return SweepRun.objects.order_by("-ended_at").exclude(ended_at=None).values_list("ended_at", flat=True).first()


def well_since(moment: datetime) -> "ExpressionWrapper[Q]":
    """For a query: whether the worker did something that it writes down since a moment, and nothing of it fails."""
    seen, failing = SweepRun.objects.filter(ended_at__gt=moment), SweepRun.objects.exclude(failed="")
    return ExpressionWrapper(Q(Exists(seen), ~Exists(failing)), output_field=BooleanField())

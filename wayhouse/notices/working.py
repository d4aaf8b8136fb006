"""The worker: one round of sweeps every few seconds, until it is told to stop or whoever started it is gone."""

import os
import signal
import threading
from types import FrameType

from wayhouse.notices.sweeps import end_children, sweep


def work(*, every: float, parent: int | None = None) -> int:
    """Sweep until SIGTERM or SIGINT, or until the process that started this is not `parent` any more; how many rounds.

    A round is finished first. Killed outright it leaves nothing behind that the next one does not take up.
    """
    stop = threading.Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    rounds = 0
    try:
        while not stop.is_set() and parent in {None, os.getppid()}:
            sweep(apart=True)
            rounds += 1
            stop.wait(every)
    finally:
        end_children()
        for number, handler in before.items():
            signal.signal(number, handler)
    return rounds

"""Doing work in a thread of its own while the one who asked looks on."""

from collections.abc import Callable
from threading import Event, Thread
from typing import Generic, TypeVar

TICK = 0.05

T = TypeVar("T")


class Work(Generic[T]):
    """Work that goes on in a thread; `result` waits for it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._ended = Event()
        self._results: list[T] = []
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether the work is done or broken off."""
        return self._ended.is_set()

    def wait(self, over: Callable[[], bool]) -> None:
        """Wait until the work has ended, or `over`, asked many times a second, returns true."""
        while not self._ended.wait(TICK):
            if over():
                return

    def result(self) -> T:
        """What came out, once the work has ended. Error: whatever the work raised."""
        self._thread.join()
        if self._fault is not None:
            raise self._fault
        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as fault:  # noqa: BLE001  raised again in the thread that asked
            self._fault = fault
        finally:
            self._ended.set()

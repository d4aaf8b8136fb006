"""Run a pure module in a process of its own, fed and read in memory: never a file, a queue row or a log line."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any

# Started from here the child finds our modules, wherever the server itself was started.
_HOME = Path(__file__).resolve().parents[2]
# What the child may need beyond its own time limit to start, to read and to write.
_GRACE_SECONDS = 30
# Looking for what one more of something would change takes half as long again.
_WITH_WHAT_IF = 1.5
_TICK_SECONDS = 1.0

Figures = Mapping[str, Any]


class ChildError(Exception):
    """The child process ended without an answer; nothing was changed by it."""


def run_apart(
    module: str,
    problem: dict[str, Any],
    *,
    time_limit: float,
    seed: int = 0,
    what_if: bool = False,
    on_tick: Callable[[Figures], bool] = lambda _figures: False,
) -> dict[str, Any]:
    """Feed a problem to `python -m module` and return the JSON object that it prints.

    `time_limit` in seconds is the child's own; it is ended where it overstays. `on_tick` is called about once a second
    with the figures of the best plan so far (none yet: empty); once it returns true the child is asked to stop and to
    hand over that plan. Keys and addresses in our own settings are not handed on. Error: `ChildError`.
    """
    extra = ["--what-if"] if what_if else []
    words = ["--time-limit", str(time_limit), "--seed", str(seed), "--figures", *extra, "-"]
    patience = time_limit * (_WITH_WHAT_IF if what_if else 1) + _GRACE_SECONDS
    try:
        with _start(module, words) as child:
            try:
                answer = json.loads(_Watch(child, problem).answer(patience, on_tick))
            finally:
                child.kill()
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise ChildError(module) from error
    if not isinstance(answer, dict):
        raise ChildError(module)
    return answer


def _start(module: str, words: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  our own interpreter and our own module
        [sys.executable, "-m", module, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=_HOME,
        env={name: value for name, value in os.environ.items() if not name.startswith("WAYHOUSE_")},
    )


class _Watch:
    """A child with a thread at each of its pipes, so that a full one never holds up another."""

    def __init__(self, child: "subprocess.Popen[bytes]", problem: dict[str, Any]) -> None:
        self._child = child
        self._figures: Figures = {}
        self._printed = b""
        text = json.dumps(problem).encode()
        self._threads = [
            Thread(target=work, args=words, daemon=True)
            for work, words in ((self._feed, (text,)), (self._read, ()), (self._listen, ()))
        ]
        for thread in self._threads:
            thread.start()

    def answer(self, patience: float, on_tick: Callable[[Figures], bool]) -> bytes:
        """What the child printed. Errors: `CalledProcessError`, `TimeoutExpired`."""
        end, asked = time.monotonic() + patience, False
        while self._runs():
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(self._child.args, patience)
            # Before its first figures it has no plan to hand over, and may not listen to signals yet.
            if on_tick(self._figures) and self._figures and not asked:
                asked = True
                self._child.terminate()
        for thread in self._threads:
            thread.join()
        if self._child.returncode:
            raise subprocess.CalledProcessError(self._child.returncode, self._child.args)
        return self._printed

    def _runs(self) -> bool:
        try:
            self._child.wait(_TICK_SECONDS)
        except subprocess.TimeoutExpired:
            return True
        return False

    def _feed(self, text: bytes) -> None:
        with suppress(OSError), _pipe(self._child.stdin) as pipe:
            pipe.write(text)

    def _read(self) -> None:
        self._printed = _pipe(self._child.stdout).read()

    def _listen(self) -> None:
        for line in _pipe(self._child.stderr):
            # Warnings of libraries come this way too.
            with suppress(ValueError):
                told = json.loads(line)
                self._figures = told if isinstance(told, dict) else self._figures


def _pipe(pipe: "IO[bytes] | None") -> "IO[bytes]":
    assert pipe is not None  # noqa: S101  all three were asked for
    return pipe

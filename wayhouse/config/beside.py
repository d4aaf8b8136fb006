"""The worker beside the server: begun anew where it ends, ended with the server. A small process without Django.

Not a thread of the server, which multiplies itself by forking.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# A worker that cannot live is not begun anew at once, over and over.
_BREATH_SECONDS = 5
_GRACE_SECONDS = 10


@contextmanager
def working() -> Iterator[None]:
    """Within this block a worker runs, with the keys that this process was given."""
    keeper = subprocess.Popen([sys.executable, "-m", __name__, str(os.getpid())])  # noqa: S603  our own interpreter
    try:
        yield
    finally:
        keeper.terminate()
        keeper.wait(_GRACE_SECONDS * 2)


def keep(parent: int) -> None:
    """Keep a worker running until SIGTERM or SIGINT, or until `parent` is gone."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: over.set())
    command = [sys.executable, "-m", "wayhouse.config", "work", "--parent", str(os.getpid())]
    while not over.is_set() and os.getppid() == parent:
        worker = subprocess.Popen(command)  # noqa: S603  our own interpreter and our own module
        while worker.poll() is None and not over.wait(1) and os.getppid() == parent:
            pass
        if worker.poll() is None:
            worker.terminate()
            worker.wait(_GRACE_SECONDS)
        else:
            over.wait(_BREATH_SECONDS)


if __name__ == "__main__":
    keep(int(sys.argv[1]))

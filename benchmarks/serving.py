"""A server of an application on a free port of this machine, for as long as a block lasts."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SERVER = ("--interface", "wsgi", "--workers", "2", "--blocking-threads", "2", "--log-level", "error")


@contextmanager
def served(application: str, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Its port and the id of its process. Error: `RuntimeError` where it does not answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "granian", *SERVER, "--host", "127.0.0.1", "--port", str(port), application]
    server = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for path in ("health/", "ok"):
            with suppress(OSError), urllib.request.urlopen(f"http://localhost:{port}/{path}", timeout=2):
                return
        time.sleep(0.1)
    raise RuntimeError("the server does not answer")

"""A real server of the house, as in earnest: its own process group, which can be killed and measured."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
# Django takes a form whose cookie and field hold the same 32 letters.
FORM = secrets.token_hex(16)
PATIENCE = 60
OK, FOUND, BUSY = 200, 302, 503


class Answer(NamedTuple):
    """What a server said, or status 0 where it said nothing."""

    status: int
    location: str = ""
    retry_after: int = 0
    cookie: str = ""


class Served:
    """A server that runs `wayhouse serve` with the settings of this process."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to start; `wait` for it."""
        words = ["serve", "--no-work", "--port", str(self.port), "--workers", str(WORKERS)]
        command = [sys.executable, "-m", "wayhouse.config", *words]
        said = subprocess.DEVNULL
        self.process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=said, stderr=said)

    def wait(self) -> None:
        """Until it answers. Error: `RuntimeError`."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.ask("GET", "/health/").status == OK:
                return
            time.sleep(0.05)
        raise RuntimeError("the server does not answer")

    def kill(self) -> None:
        """Kill -9: the command and all of its workers, in the middle of whatever they do."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def workers(self) -> list[int]:
        """The processes that answer."""
        return [pid for pid, parent in _parents().items() if self.process and parent == self.process.pid]

    def megabytes(self) -> float:
        """Resident memory of the command and all its workers together; what they share is counted once."""
        pids = [self.process.pid, *self.workers()] if self.process else []
        return sum(_resident(pid) for pid in pids) / 1e6

    def ask(self, method: str, path: str, *, network: str = "10.0.0.1", cookie: str = "", **form: Any) -> Answer:
        """One request from a network, with the form that a browser would send."""
        cookies = f"form={FORM}" + (f"; {cookie}" if cookie else "")
        headers = {"Cookie": cookies, "X-Forwarded-For": network, "Accept-Language": "en"}
        body = None
        if method == "POST":
            body = urlencode({"csrfmiddlewaretoken": FORM, **form}, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection("localhost", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return Answer(0)
        finally:
            connection.close()
        sid = re.search(r"sid=([^;]+)", "; ".join(answer.headers.get_all("Set-Cookie", [])))
        return Answer(
            answer.status,
            answer.headers.get("Location", ""),
            int(answer.headers.get("Retry-After", 0)),
            f"sid={sid[1]}" if sid else "",
        )


@contextmanager
def serving() -> Iterator[Served]:
    """A server that answers, until the end of the block."""
    served = Served()
    served.start()
    try:
        served.wait()
        yield served
    finally:
        served.kill()


class Watch(threading.Thread):
    """Looks at the memory of a server five times a second; the most it saw is in `most`."""

    def __init__(self, served: Served) -> None:
        super().__init__(daemon=True)
        self.served, self.most, self.over = served, 0.0, threading.Event()

    def run(self) -> None:
        """Until it is over."""
        while not self.over.wait(0.2):
            self.most = max(self.most, self.served.megabytes())


def tell(words: str) -> None:
    """Progress, for whoever waits."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {words}\n")
    sys.stderr.flush()


def _parents() -> dict[int, int]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError):
                found[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
    return found


def _resident(pid: int) -> int:
    with suppress(OSError):
        found = re.search(r"^Pss: +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        return int(found[1]) * 1024 if found else 0
    return 0

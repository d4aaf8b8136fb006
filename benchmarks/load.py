"""A bounded load on one address of this machine: how many requests a second, how long each, how much CPU."""

import http.client
import os
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests per second, milliseconds (p50, p95), CPU milliseconds of the server a request, bytes as sent.

    `database_ms`: CPU milliseconds of a database that runs in processes of its own.
    """

    per_second: float
    p50: float
    p95: float
    cpu_ms: float
    size: int
    database_ms: float | None = None

    @property
    def together_ms(self) -> float:
        """CPU milliseconds of server and database."""
        return self.cpu_ms + (self.database_ms or 0)


def measure(
    port: int,
    path: str,
    cookie: str,
    pids: list[int],
    *,
    seconds: float = 4.0,
    threads: int = 4,
    database: Sequence[int] = (),
) -> Measured:
    """Ask for one page again and again. Error: `RuntimeError` for an answer that is not 200."""
    times: list[float] = []
    sizes: list[int] = []
    wrong: list[int] = []
    until = time.monotonic() + seconds
    headers = {"Cookie": cookie, "Accept-Encoding": "br, gzip", "Accept-Language": "en"}

    def ask() -> None:
        connection = http.client.HTTPConnection("localhost", port, timeout=30)
        while time.monotonic() < until and not wrong:
            start = time.perf_counter()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            times.append(time.perf_counter() - start)
            sizes.append(len(body))
            if answer.status != http.HTTPStatus.OK:
                wrong.append(answer.status)

    before, before_in_database, begun = cpu(pids), cpu(database), time.monotonic()
    crowd = [threading.Thread(target=ask) for _ in range(threads)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    if wrong:
        raise RuntimeError(f"{path} answered {wrong[0]}")
    spent, in_database = cpu(pids) - before, cpu(database) - before_in_database
    return Measured(
        per_second=len(times) / (time.monotonic() - begun),
        p50=statistics.median(times) * 1000,
        p95=sorted(times)[int(len(times) * 0.95)] * 1000,
        cpu_ms=spent / len(times) * 1000,
        size=round(statistics.mean(sizes)),
        database_ms=in_database / len(times) * 1000 if database else None,
    )


def cpu(pids: Sequence[int]) -> float:
    """CPU seconds that these processes and their children have used so far (Linux)."""
    return sum(_seconds(pid) for pid in _with_children(pids))


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _with_children(pids: Sequence[int]) -> set[int]:
    found = set(pids)
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return found

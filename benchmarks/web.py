"""What the main pages cost, beside a bare Django view and a bare list on the same machine in the same run.

python -m benchmarks.web            prints the table (Markdown)
python -m benchmarks.web --write    also writes it into docs/reference/benchmarks.md
python -m benchmarks.web --postgresql   the same on a PostgreSQL server of its own, whose CPU is told beside

Builds a demonstration in a temporary folder; takes four minutes. Absolute figures depend on the machine; compare the
ratios.
"""

import argparse
import json
import os
import platform
import secrets
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.load import Measured, measure
from benchmarks.page import write
from benchmarks.serving import served

ROOT = Path(__file__).resolve().parents[1]
TURNS = 9
HEADS = ("page", "requests/s", "p50 ms", "p95 ms", "CPU ms", "bytes", "queries", "CPU / bare list")
ON_POSTGRESQL = ("CPU ms of the database", "with the database / bare list")


def main() -> None:
    """Build, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seconds", type=float, default=9.0, help="for each page, and as long again for the bare list")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, _database(wanted=options.postgresql) as socket:
        lines = []
        for line in _table(Path(folder), options.seconds, socket):
            print(line, flush=True)  # as it comes: the whole takes minutes
            lines.append(line)
    if options.write:
        write("web on PostgreSQL" if options.postgresql else "web", "\n".join(lines))


@contextmanager
def _database(*, wanted: bool) -> Iterator[Path | None]:
    """The folder of the socket of a PostgreSQL server with an empty database for either, where one is wanted."""
    if not wanted:
        yield None
        return
    sys.path.append(str(ROOT / "tests"))
    from throwaway_postgresql import server

    with server() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE bare")
        yield Path(url.partition("host=")[2])


def _table(folder: Path, seconds: float, socket: Path | None) -> Iterator[str]:
    own = {f"WAYHOUSE_{name.upper()}": str(folder / name) for name in ("data", "keys", "static")}
    house = {
        **os.environ,
        **own,
        "WAYHOUSE_HTTPS": "no",
        "WAYHOUSE_SECOND_STEP": "no",
        "WAYHOUSE_PRETENDED_WAYS": "yes",
        "WAYHOUSE_PAGES_A_MINUTE": "1000000",
        "WAYHOUSE_BOOT_KEY": secrets.token_hex(32),
    }
    house["PYTHONPATH"] = str(ROOT)
    bare = {**os.environ, "BARE_FOLDER": str(folder), "PYTHONPATH": str(ROOT / "benchmarks")}
    database: list[int] = []
    if socket:
        house["WAYHOUSE_DATABASE_URL"] = f"postgresql://wayhouse@/postgres?host={socket}"
        bare["BARE_HOST"] = str(socket)
        database = [int((socket / "data" / "postmaster.pid").read_text().split()[0])]
    heads = (*HEADS, *ON_POSTGRESQL) if socket else HEADS
    cookie = _run(bare, "benchmarks/bare.py")
    subjects = json.loads(_run(house, "benchmarks/subjects.py"))
    yield f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n"
    yield "| " + " | ".join(heads) + " |"
    yield "|---|" + "---:|" * (len(heads) - 1)
    with (
        served("bare:application", bare) as (bare_port, bare_pid),
        served("wayhouse.config.wsgi:application", house) as (port, pid),
    ):

        def yardstick(path: str = "/list") -> Measured:
            return measure(bare_port, path, cookie, [bare_pid], seconds=seconds / TURNS, database=database)

        yield _row("bare view", *_in_turn(lambda: yardstick("/ok"), yardstick), 0)
        yield _row("bare list, 50 of 20,000 rows", *_in_turn(yardstick, yardstick), 3)
        for subject in subjects:

            def page(path: str = subject["path"], who: str = subject["cookie"]) -> Measured:
                return measure(port, path, who, [pid], seconds=seconds / TURNS, database=database)

            yield _row(subject["name"], *_in_turn(page, yardstick), subject["queries"])


def _in_turn(page: Callable[[], Measured], yardstick: Callable[[], Measured]) -> tuple[Measured, float, float]:
    """The middle one of several turns by its CPU beside the yardstick's of the same turn, and that ratio.

    And the middle one of the ratios with the database's CPU.

    In turn, because the speed of a machine drifts by more within a minute than pages differ.
    """
    page()  # composes queries and templates in each worker
    turns = [(page(), yardstick()) for _turn in range(TURNS)]
    ratios = [(found, found.cpu_ms / beside.cpu_ms) for found, beside in turns]
    middle = sorted(ratios, key=lambda turn: turn[1])[TURNS // 2]
    return (*middle, statistics.median(found.together_ms / beside.together_ms for found, beside in turns))


def _row(name: str, found: Measured, ratio: float, together: float, queries: int) -> str:
    cells = [
        f"{found.per_second:.0f}",
        f"{found.p50:.1f}",
        f"{found.p95:.1f}",
        f"{found.cpu_ms:.2f}",
        f"{found.size:,}",
        str(queries),
        f"{ratio:.2f}",
    ]
    if found.database_ms is not None:
        cells += [f"{found.database_ms:.2f}", f"{together:.2f}"]
    return f"| {name} | " + " | ".join(cells) + " |"


def _run(environment: dict[str, str], script: str) -> str:
    done = subprocess.run(
        [sys.executable, script], cwd=ROOT, env=environment, capture_output=True, check=True, text=True
    )
    return done.stdout.strip().splitlines()[-1]


if __name__ == "__main__":
    main()

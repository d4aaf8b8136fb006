"""What every page takes, beside a bare list: calls of functions, queries, bytes. The same on every machine.

python -m benchmarks.pages            prints the table (Markdown), the dearest page first
python -m benchmarks.pages --write    also writes those above the bare list into docs/reference/benchmarks.md

CPU goes with the calls, but not strictly: what the database and the boxes do is not in them.
"""

import argparse
import cProfile
import gc
import json
import os
import pstats
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.page import write

ROOT = Path(__file__).resolve().parents[1]
TURNS = 3


class Taken(NamedTuple):
    """One page as one person reads it."""

    calls: int
    queries: int
    size: int
    who: str
    path: str


def main() -> None:
    """Build, ask for every page, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bare = _calls_of_the_bare_list(folder)
        for name in ("data", "keys", "static"):
            os.environ[f"WAYHOUSE_{name.upper()}"] = str(Path(folder) / name)
        os.environ |= {
            "WAYHOUSE_HTTPS": "no",
            "WAYHOUSE_SECOND_STEP": "no",
            "WAYHOUSE_PRETENDED_WAYS": "yes",
            "WAYHOUSE_DATABASE_URL": "",
        }
        os.environ["WAYHOUSE_PAGES_A_MINUTE"] = "1000000"
        taken = sorted(_taken(), reverse=True)
    head = ["| page | reader | calls / bare list | queries | bytes |", "|---|---|---:|---:|---:|"]
    rows = [f"| `{one.path}` | {one.who} | {one.calls / bare:.2f} | {one.queries} | {one.size:,} |" for one in taken]
    print("\n".join([*head, *rows]))
    if options.write:
        above = sum(one.calls > bare for one in taken)
        told = (
            f"{len(taken)} pages were asked for, as their readers see them; these take more calls than the bare list."
        )
        write("pages", "\n".join([told, "", *head, *rows[:above]]))


def calls_of(ask: Callable[[], object]) -> int:
    """How many calls of functions one page takes, once everything is composed."""
    profile = cProfile.Profile()
    gc.disable()
    profile.enable()
    for _turn in range(TURNS):
        ask()
    profile.disable()
    gc.enable()
    total: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]  # not in the stubs
    return total // TURNS


def _calls_of_the_bare_list(folder: str) -> int:
    bare = {**os.environ, "BARE_FOLDER": folder, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "benchmarks")])}
    done = subprocess.run(
        [sys.executable, "benchmarks/bare.py", "calls"], cwd=ROOT, env=bare, capture_output=True, check=True, text=True
    )
    return int(done.stdout.strip().splitlines()[-1])


def _taken() -> Iterator[Taken]:
    from benchmarks import subjects  # sets Django up, by the environment as it is now
    from tests.browser.addresses import ADDRESSES, NOBODY

    cast = subjects.built()
    group, thread = subjects.fifty(cast)
    done = subprocess.run(
        [sys.executable, "tests/browser/inside.py", "scene"], cwd=ROOT, capture_output=True, check=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    ids = json.loads(done.stdout) | {"group": str(group), "thread": str(thread)}
    for address in ADDRESSES:
        # Invitations and swaps are made by the browser's walk alone.
        if set(re.findall(r"{(\w+)}", address.path)) - ids.keys():
            continue
        for who in address.looks.split():
            client = subjects.Client(headers={"host": "localhost", "accept-encoding": "gzip", "accept-language": "en"})
            if who != NOBODY:
                client.cookies[subjects.settings.SESSION_COOKIE_NAME] = subjects.sign_in(cast, who)
            yield from _measured(client, who, address.path, address.filled(ids))


def _measured(client: Any, who: str, name: str, path: str) -> Iterator[Taken]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _turn in range(2):  # sits down at the desk, composes queries and templates
        response = client.get(path)
    if response.status_code != 200:
        return
    with CaptureQueriesContext(connection) as queries:
        size = len(client.get(path).content)
        number = len(queries)
    yield Taken(calls_of(lambda: client.get(path)), number, size, who, name)


if __name__ == "__main__":
    main()

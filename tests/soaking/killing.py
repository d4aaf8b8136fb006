"""python -m soaking.killing [--kills 100]

A load of writes, and kill -9 at random moments of it: mostly the whole server; every tenth time one worker alone, which
has to be replaced; on PostgreSQL every tenth time one process of the database, which ends all sessions there and comes
back by its log. After each, everything that was answered must be there, and everything must hold together.
One line of JSON.
"""

import argparse
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402  Django must be set up first
from faults.house import House  # noqa: E402
from faults.invariants import broken  # noqa: E402
from faults.store import maintenance  # noqa: E402

from soaking.house import built  # noqa: E402
from soaking.served import OK, PATIENCE, Served, Watch, serving, tell  # noqa: E402
from soaking.writing import Load  # noqa: E402
from wayhouse.audit.heads import publish_head, require_whole_log  # noqa: E402

SHORTEST, LONGEST = 0.05, 1.2
EVERY = 10


def main() -> None:
    """Build, serve, write and kill, and say what was found."""
    options = _options()
    house = built()
    with serving() as served:
        told = _soak(house, served, options.kills)
    sys.stdout.write(json.dumps(told) + "\n")


def _soak(house: House, served: Served, kills: int) -> dict[str, Any]:
    load, watch = Load(house, served), Watch(served)
    watch.start()
    kinds: Counter[str] = Counter()
    faults: list[str] = []
    longest = 0.0
    for number in range(1, kills + 1):
        kind = _kind(number)
        found, seconds = _kill_once(load, served, kind)
        longest = max(longest, seconds)
        kinds[kind] += 1
        faults += [f"kill {number}, {kind}: {words}" for words in found]
        tell(f"{number} of {kills}: {kind}, {load.answered} writes answered {found or ''}")
    require_whole_log()
    watch.over.set()
    return {
        "kills": dict(kinds),
        "faults": faults,
        "longest_back_s": round(longest, 1),
        "answered": load.answered,
        "statuses": {str(status): count for status, count in load.statuses.items()},
        "log": publish_head().size,
        "megabytes": round(watch.most),
    }


def _kill_once(load: Load, served: Served, kind: str) -> tuple[list[str], float]:
    """What was wrong afterwards, and how many seconds passed until pages were there again."""
    with load.going_on():
        time.sleep(random.uniform(SHORTEST, LONGEST))  # noqa: S311  no secret
        start = time.monotonic()
        KILLS[kind](served)
        if kind != "server":
            _answers_again(served)
    if kind == "server":
        served.start()
    found = [*load.faults(), *broken()]
    connection.close()
    served.wait()
    return found, time.monotonic() - start


def _kind(number: int) -> str:
    if number % EVERY == 0:
        return "worker"
    return "database" if number % EVERY == EVERY // 2 and connection.vendor == "postgresql" else "server"


def _kill_worker(served: Served) -> None:
    os.kill(random.choice(served.workers()), signal.SIGKILL)  # noqa: S311  no secret


def _kill_database(_served: Served) -> None:
    """One session's process of our own server: the database ends all others and recovers from its log."""
    with maintenance() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [connection.settings_dict["NAME"]])
        os.kill(random.choice(cursor.fetchall())[0], signal.SIGKILL)  # noqa: S311  no secret


def _answers_again(served: Served) -> None:
    """Until pages that need the database are there, ten times in turn. Error: `RuntimeError`."""
    until, well = time.monotonic() + PATIENCE, 0
    while well < EVERY:
        well = well + 1 if served.ask("GET", "/transparency/").status == OK and len(served.workers()) > 1 else 0
        if time.monotonic() > until:
            raise RuntimeError("the server does not come back by itself")
        time.sleep(0.05)


KILLS = {"server": Served.kill, "worker": _kill_worker, "database": _kill_database}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    return parser.parse_args()


if __name__ == "__main__":
    main()

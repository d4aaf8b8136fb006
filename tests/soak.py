"""Loads and faults that take too long for the suite: `./run soak`.

./run soak                       everything, on both databases: well over an hour
./run soak --smoke               a little of everything: some minutes
./run soak --part kills          one part (repeatable): sign-ins, kills, writes, reading
./run soak --database sqlite     one database (repeatable): sqlite, postgresql
./run soak --write               also write docs/reference/soak.md

sign-ins  a crowd at the door: so many wrong sign-ins (--attempts), so many at once (--at-once)
kills     kill -9 at random moments (--kills) under a load of writes
writes    every act of the house, killed at every single write
reading   the state machines of who may read what, with so many examples (--examples)

The server is the one of earnest, in a folder of its own, and nothing leaves the machine.
"""

import argparse
import json
import os
import platform
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from soaking.page import PAGE, page
from throwaway_postgresql import DURABLE, server

ROOT = Path(__file__).resolve().parents[1]
DATABASES = ("sqlite", "postgresql")
PARTS = ("sign-ins", "kills", "writes", "reading")
SMOKE = {"attempts": 200, "at_once": 64, "kills": 10, "examples": 20}
EARNEST = {"attempts": 2000, "at_once": 64, "kills": 100, "examples": 500}
Told = dict[str, dict[str, Any]]


def main() -> int:
    """Run the parts; 0 where nothing was found."""
    options = _options()
    counts = {**(SMOKE if options.smoke else EARNEST), **{k: v for k, v in vars(options).items() if k in SMOKE and v}}
    told: Told = {}
    for part in options.part or PARTS:
        told[part] = {}
        for database in options.database or DATABASES:
            start = time.monotonic()
            _say(f"== {part} on {database}")
            told[part][database] = _run(part, database, counts, few=options.smoke)
            told[part][database]["minutes"] = round((time.monotonic() - start) / 60, 1)
    text = page(told, machine=_machine(), day=datetime.now(UTC).date().isoformat())
    sys.stdout.write(text)
    if options.write:
        PAGE.write_text(text, "utf-8")
    faults = [words for part in told.values() for found in part.values() for words in found["faults"]]
    _say(f"{len(faults)} faults" + "".join(f"\n  {words}" for words in faults))
    return 1 if faults else 0


def _run(part: str, database: str, counts: dict[str, int], *, few: bool) -> dict[str, Any]:
    with _house(database) as environment:
        if part == "sign-ins":
            words = ["soaking.signing_in", "--attempts", str(counts["attempts"]), "--at-once", str(counts["at_once"])]
            return _last_line(words, environment)
        environment["WAYHOUSE_QUICK_KDF"] = "yes"
        if part == "kills":
            return _last_line(["soaking.killing", "--kills", str(counts["kills"])], environment)
        if part == "writes":
            lines = _lines(["faults", *(["--few"] if few else [])], environment)
            return _summed_up(lines)
        environment["WAYHOUSE_EXAMPLES"] = str(counts["examples"])
        return _reading(environment)


def _summed_up(lines: list[dict[str, Any]]) -> dict[str, Any]:
    faults = [f"{line['name']}: {words}" for line in lines for words in line["faults"]]
    return {
        "acts": len(lines),
        "writes": sum(line["writes"] for line in lines),
        "kills": sum(line["kills"] for line in lines),
        "faults": faults,
    }


def _reading(environment: dict[str, str]) -> dict[str, Any]:
    """The state machines are tests; here they get more examples."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "soaked"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr, check=False)
    examples = int(environment["WAYHOUSE_EXAMPLES"])
    return {"examples": examples, "faults": [] if done.returncode == 0 else ["a state machine found something"]}


def _last_line(words: list[str], environment: dict[str, str]) -> dict[str, Any]:
    lines = _lines(words, environment)
    return lines[-1] if lines else {"faults": ["it did not come to an end"]}


def _lines(words: list[str], environment: dict[str, str]) -> list[dict[str, Any]]:
    """What a part says, line by line; its progress goes to standard error."""
    command = [sys.executable, "-m", *words]
    found: list[dict[str, Any]] = []
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            found.append(json.loads(line))
            if "name" in found[-1]:
                _say(f"{found[-1]['name']}: {found[-1]['kills']} kills {found[-1]['faults'] or ''}")
    if process.returncode:
        found.append({"name": words[0], "writes": 0, "kills": 0, "faults": [f"it ended with {process.returncode}"]})
    return found


@contextmanager
def _house(database: str) -> Iterator[dict[str, str]]:
    """The environment of a house in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        own = {f"WAYHOUSE_{name.upper()}": f"{folder}/{name}" for name in ("data", "keys", "static", "backups")}
        # Plain http and no second step, as in the demonstration; networks are told apart as behind a proxy.
        plain = {"WAYHOUSE_HTTPS": "no", "WAYHOUSE_SECOND_STEP": "no", "WAYHOUSE_BEHIND_PROXY": "yes"}
        # Whoever reads here reads faster than people.
        plain["WAYHOUSE_PAGES_A_MINUTE"] = "1000000"
        known = {**os.environ, **own, **plain, "DJANGO_SETTINGS_MODULE": "wayhouse.config.settings"}
        known["WAYHOUSE_BOOT_KEY"] = secrets.token_hex(32)
        known["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'tests'}"
        if database == "sqlite":
            yield {**known, "WAYHOUSE_DATABASE_URL": ""}
            return
        with server(DURABLE) as url:
            yield {**known, "WAYHOUSE_DATABASE_URL": _new_database(url)}


def _new_database(url: str) -> str:
    """A database of its own on a server: its first one is for making others."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as first:
        first.execute("CREATE DATABASE house")
    return url.replace("/postgres?", "/house?")


def _machine() -> str:
    return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--part", action="append", choices=PARTS)
    parser.add_argument("--database", action="append", choices=DATABASES)
    for name in SMOKE:
        parser.add_argument(f"--{name.replace('_', '-')}", type=int)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

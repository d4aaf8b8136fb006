"""How long a roster of 5,000 rows takes from the spreadsheet to the sealed database.

python -m benchmarks.roster            prints the table (Markdown)
python -m benchmarks.roster --write    also writes it into docs/reference/benchmarks.md

The goal is under ten seconds for reading, comparing, sealing and writing together.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.page import write

ROOT = Path(__file__).resolve().parents[1]
ROWS = 5_000
MEASURED = """
import json, time, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from wayhouse.config.demo.cast import Cast
from wayhouse.crypto.keyring import use
from wayhouse.people.importing import draft_roster, import_roster
from wayhouse.people.invitations import found
from wayhouse.people.roster.invent import invent
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.roster.template import workbook_of
cast = Cast()
ana = cast.accept(found("a", "b", "Ana", time_zone="Europe/Berlin")[1], "ana")
data = workbook_of(invent(members=ROWS - 400, facilitators=150, mentors=250, seed=1))
with use(cast.keyring("ana")):
    start = time.perf_counter()
    reading = read_roster(data)
    read = time.perf_counter()
    draft = draft_roster(ana.programme, reading, actor=ana)
    compared = time.perf_counter()
    import_roster(ana.programme, draft, actor=ana)
    print(json.dumps([len(data), read - start, compared - read, time.perf_counter() - compared]))
"""


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        size, *seconds = _measure(Path(folder))
    cells = " | ".join(f"{value:.1f} s" for value in (*seconds, sum(seconds)))
    table = (
        "| workbook | reading | dry run, sealed draft | import | together |\n|---:|---:|---:|---:|---:|\n"
        f"| {size:,.0f} bytes | {cells} |"
    )
    print(table)
    if options.write:
        write("roster", table)


def _measure(folder: Path) -> list[float]:
    own = {f"WAYHOUSE_{name.upper()}": str(folder / name) for name in ("data", "keys", "static")}
    house = {**os.environ, **own, "WAYHOUSE_HTTPS": "no", "PYTHONPATH": str(ROOT)}
    house["DJANGO_SETTINGS_MODULE"] = "wayhouse.config.settings"
    script = MEASURED.replace("ROWS", str(ROWS))
    done = subprocess.run([sys.executable, "-c", script], env=house, capture_output=True, check=True, text=True)
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()

"""Everything that must hold, in order, as `./run test` runs it.

--all         a part that cannot run on this machine is a failure (what CI uses)
--only PART   just this part (repeatable): lint, templates, types, contracts, migrations, sqlite, postgresql
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from throwaway_postgresql import Missing, server

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
DATABASES = ("sqlite", "postgresql")
Out = IO[str] | None
Part = Callable[[Out], None]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Run the parts and print what became of each; 0 where all that could run passed."""
    options = _options()
    # Where both databases run, the second one takes some of the looks over: they end at about the same time.
    both = not options.only or set(DATABASES) <= set(options.only)
    parts: dict[str, Part] = {
        "lint": lint,
        "templates": templates,
        "types": lambda _out: must(BIN / "mypy", "."),
        "contracts": lambda _out: must(BIN / "lint-imports"),
        "migrations": lambda _out: manage("makemigrations", "--check", "--dry-run"),
        "sqlite": lambda out: tests("", without=("second",) if both else (), out=out),
        "postgresql": on_postgresql,
    }
    wanted = list(options.only or parts)
    outcome = {name: _attempt(name, parts[name]) for name in wanted if name not in DATABASES}
    outcome |= _side_by_side({name: parts[name] for name in wanted if name in DATABASES})
    if not on_path(CHROMIUM) and {"sqlite", "postgresql"} & set(outcome):
        outcome["browser"] = "skipped: Chromium (on Debian or Ubuntu: sudo apt install chromium)"
    return _sum_up(outcome, strict=options.all)


def lint(_out: Out = None) -> None:
    """Style, and the shape of the house where a linter sees it."""
    must(BIN / "ruff", "check", ".")
    must(BIN / "ruff", "format", "--check", ".")


def templates(_out: Out = None) -> None:
    """Every template as djade writes it."""
    must(BIN / "djade", "--check", "--target-version", "5.2", *sorted(ROOT.glob("wayhouse/**/*.html")))


def on_postgresql(out: Out = None) -> None:
    """The same tests as on SQLite, but for those that ask no database anything."""
    with server() as url:
        # How a page looks in a language, a size and a colour was looked at on SQLite (decision 21).
        # The server goes with all that is in it; dropping a database first only trips over a session that ends late.
        tests(url, "--reuse-db", without=("look", "pure"), out=out)


def tests(database_url: str, *words: str, without: tuple[str, ...], out: Out) -> None:
    """The tests against one database, without those marked so; browser tests come along where Chromium is."""
    unwanted = (*without, *(() if on_path(CHROMIUM) else ("browser",)))
    marks = ("-m", " and ".join(f"not {mark}" for mark in unwanted)) if unwanted else ()
    must(BIN / "pytest", *marks, *words, environment={"WAYHOUSE_DATABASE_URL": database_url}, out=out)


def manage(*words: str) -> None:
    """A management command."""
    must(sys.executable, "-m", "django", *words, environment={"DJANGO_SETTINGS_MODULE": "wayhouse.config.settings"})


def must(*words: object, environment: dict[str, str] | None = None, out: Out = None) -> None:
    """Run a command of the checkout with folders of its own, printing to `out` or here. Error: `CalledProcessError`."""
    with tempfile.TemporaryDirectory(prefix="test-") as folder:
        own = {f"WAYHOUSE_{name.upper()}": f"{folder}/{name}" for name in ("data", "keys", "static")}
        known = {**os.environ, **own, "PYTHONPATH": str(ROOT), **(environment or {})}
        subprocess.run([str(word) for word in words], cwd=ROOT, env=known, check=True, stdout=out, stderr=out)


def on_path(names: tuple[str, ...]) -> str | None:
    """The first of these programs that is on the PATH."""
    return next((found for name in names if (found := shutil.which(name))), None)


def _side_by_side(parts: dict[str, Part]) -> dict[str, str]:
    """Both databases at once where there are two processors; the second one tells when it has ended."""
    if len(parts) < len(DATABASES) or (os.cpu_count() or 1) < len(DATABASES):
        return {name: _attempt(name, part) for name, part in parts.items()}
    first, second = parts
    with tempfile.TemporaryFile("w+", encoding="utf-8") as held, ThreadPoolExecutor() as pool:
        later = pool.submit(_attempt, second, parts[second], held)
        outcome = {first: _attempt(first, parts[first]), second: later.result()}
        held.seek(0)
        shutil.copyfileobj(held, sys.stdout)
    return outcome


def _attempt(name: str, part: Part, out: Out = None) -> str:
    print(f"\n== {name}", flush=True, file=out)
    start = time.monotonic()
    try:
        part(out)
    except subprocess.CalledProcessError:
        return f"failed after {time.monotonic() - start:.0f} s"
    except Missing as missing:
        return f"skipped: {missing}"
    return f"passed in {time.monotonic() - start:.0f} s"


def _sum_up(outcome: dict[str, str], *, strict: bool) -> int:
    print()
    for name, words in outcome.items():
        print(f"{name:12} {words}")
    counted = {
        state: sum(words.startswith(state) for words in outcome.values()) for state in ("passed", "failed", "skipped")
    }
    print("\n" + ", ".join(f"{number} {state}" for state, number in counted.items()))
    return 1 if counted["failed"] or (strict and counted["skipped"]) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", action="append")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""What sealing costs: the roster page with 50 sealed rows, beside the same page whose words lie in clear.

python -m benchmarks.sealed            prints the table (Markdown)
python -m benchmarks.sealed --write    also writes it into docs/reference/benchmarks.md

The page in clear parses the same JSON, held in this process, and fetches neither envelopes nor salts. The goal is a
ratio of 1.5 at most. CPU of the process, without a server around it.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.page import write

TURNS, EACH = 15, 20
PATH = "/people/"


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        table = _table(Path(folder))
    print(table)
    if options.write:
        write("sealed", table)


def _table(folder: Path) -> str:
    for name in ("data", "keys", "static"):
        os.environ[f"WAYHOUSE_{name.upper()}"] = str(folder / name)
    os.environ |= {
        "WAYHOUSE_HTTPS": "no",
        "WAYHOUSE_SECOND_STEP": "no",
        "WAYHOUSE_PRETENDED_WAYS": "yes",
        "WAYHOUSE_PAGES_A_MINUTE": "1000000",
        "WAYHOUSE_DATABASE_URL": "",
    }
    client = _client()
    words: dict[Any, str] = {}
    with _noting(words):
        _page(client)
    with _in_clear(words):
        _page(client)
    turns = []
    for _turn in range(TURNS):
        sealed = _milliseconds(client)
        with _in_clear(words):
            turns.append((sealed, _milliseconds(client)))
    sealed, clear = (statistics.median(times) for times in zip(*turns, strict=True))
    ratio = statistics.median(one / other for one, other in turns)
    return (
        "| the roster, 50 rows | sealed, CPU ms | in clear, CPU ms | sealed / in clear |\n|---|---:|---:|---:|\n"
        f"| {len(words)} records opened | {sealed:.2f} | {clear:.2f} | {ratio:.2f} |"
    )


def _client() -> Any:
    """A coordinator of the demonstration, signed in."""
    from benchmarks import subjects  # sets Django up, by the environment as it is now

    cast = subjects.built()
    client = subjects.Client(headers={"host": "localhost"})
    client.cookies[subjects.settings.SESSION_COOKIE_NAME] = subjects.sign_in(cast, "ana")
    _page(client)  # sits down at the desk, compiles the template
    return client


def _page(client: Any) -> None:
    status = client.get(PATH).status_code
    if status != 200:
        raise RuntimeError(f"{PATH} answered {status}")


def _milliseconds(client: Any) -> float:
    start = time.process_time()
    for _time in range(EACH):
        _page(client)
    return (time.process_time() - start) / EACH * 1000


@contextmanager
def _noting(words: dict[Any, str]) -> Iterator[None]:
    """Write down the words of every record that is opened, as JSON."""
    from wayhouse.crypto import items

    opened = items._opened  # noqa: SLF001  only here is anything held in clear

    def note(item: Any, keyring: Any) -> dict[str, Any]:
        found = opened(item, keyring)
        words[item.pk] = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        return found

    with patch.object(items, "_opened", note):
        yield


@contextmanager
def _in_clear(words: dict[Any, str]) -> Iterator[None]:
    """As if the words lay beside their rows."""
    from wayhouse.crypto import items

    def read(rows: Iterable[Any]) -> None:
        for item in rows:
            if item.opened is None:
                item.opened = json.loads(words[item.pk])

    with patch.object(items, "open_items", read):
        yield


if __name__ == "__main__":
    main()

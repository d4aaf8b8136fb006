"""What sealing costs: pages with 50 sealed records, beside the same pages whose words lie in clear.

python -m benchmarks.sealed            prints the table (Markdown)
python -m benchmarks.sealed --write    also writes it into docs/reference/benchmarks.md

The page in clear is the real page with one thing put in place of another: opening gives the same JSON, held in this
process and parsed each time, and fetches neither envelopes nor salts. Everything else stays, also the session, which is
sealed in both, and the question which records one's keys open. The two answers are compared byte by byte. The goal is a
ratio of 1.5 at most. CPU of the process, without a server around it; the two take turns.
"""

import argparse
import json
import os
import re
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
    head = [
        "| page | records opened | sealed, CPU ms | in clear, CPU ms | sealed / in clear |",
        "|---|---:|---:|---:|---:|",
    ]
    return "\n".join([*head, *(_row(name, client, path) for name, client, path in _pages())])


def _row(name: str, client: Any, path: str) -> str:
    words: dict[Any, str] = {}
    with _noting(words):
        page = _shown(_page(client, path))
    with _in_clear(words):
        if _shown(_page(client, path)) != page:
            raise RuntimeError(f"{path} in clear is another page")
    turns = []
    for _turn in range(TURNS):
        sealed = _milliseconds(client, path)
        with _in_clear(words):
            turns.append((sealed, _milliseconds(client, path)))
    sealed, clear = (statistics.median(times) for times in zip(*turns, strict=True))
    ratio = statistics.median(one / other for one, other in turns)
    return f"| {name} | {len(words)} | {sealed:.2f} | {clear:.2f} | {ratio:.2f} |"


def _pages() -> Iterator[tuple[str, Any, str]]:
    """What a page is called, whoever reads it, signed in, and its address."""
    from benchmarks import subjects  # sets Django up, by the environment as it is now

    cast = subjects.built()
    group, thread = subjects.fifty(cast)
    for name, handle, path in (
        ("the roster, 50 people", "ana", "/people/"),
        ("a group's space, 50 threads", "cass", f"/space/{group}/"),
        ("a thread, 50 posts", "cass", f"/space/thread/{thread}/"),
    ):
        client = subjects.Client(headers={"host": "localhost"})
        client.cookies[subjects.settings.SESSION_COOKIE_NAME] = subjects.sign_in(cast, handle)
        for _time in range(2):  # sits down at the desk, sees what is new, composes queries and templates
            _page(client, path)
        yield name, client, path


def _page(client: Any, path: str) -> bytes:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return bytes(answer.content)


def _shown(page: bytes) -> bytes:
    """A page without what is new each time: the form's token and the nonce of the policy."""
    return re.sub(rb'(nonce|value)="[\w+/=-]{22,}"', b"", page)


def _milliseconds(client: Any, path: str) -> float:
    start = time.process_time()
    for _time in range(EACH):
        _page(client, path)
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

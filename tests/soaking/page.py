"""The page of results, docs/reference/soak.md."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "soak.md"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
HEAD = """# Loads and faults

`./run soak --write`, alone on the machine. Made by it on {day}; {machine}. The server is the one of `wayhouse serve`
with two workers, in a temporary folder. Times depend on the machine; counts do not.
"""
TITLES = {
    "sign-ins": "A crowd at the door",
    "kills": "Kill -9 under a load of writes",
    "writes": "Kill -9 at every single write",
    "reading": "Who may read what",
}
TEXTS = {
    "sign-ins": """
Wrong sign-ins from another network each time, half of them with the name of one victim, a quarter with other accounts,
a quarter with names that nobody has. Meanwhile others read pages, and five people, the victim first, sign in with the
right passphrase and try again as long as they are asked to. *Later* is 503 with the time to come back.
""",
    "kills": """
Six writers over HTTP, each as fast as it is answered. At a random moment the whole server is killed; every tenth time
one worker alone, which has to be replaced, and on PostgreSQL every tenth time a process of the database. After each,
everything that was answered with yes must be there, nothing may be there that was not sent, and epochs, envelopes,
numbers, the log and what real keys open must hold together.
""",
    "writes": """
Every act of the house, killed after each of its statements and commits and before each of its changes of a file.
""",
    "reading": """
State machines that join, leave, write, rotate, renew, erase, steal and tamper at random, and compare a model with what
really opens after each step.
""",
}


def page(told: dict[str, dict[str, Any]], *, machine: str, day: str) -> str:
    """The whole page."""
    parts = (_part(name, found) for name, found in told.items())
    return HEAD.format(machine=machine, day=day) + "".join(parts)


def _part(name: str, found: dict[str, dict[str, Any]]) -> str:
    rows = {database: dict(ROWS[name](one)) for database, one in found.items()}
    first = next(iter(rows.values()))
    head = f"| | {' | '.join(NAMES[database] for database in rows)} |\n|---|{'---:|' * len(rows)}\n"
    lines = (f"| {label} | {' | '.join(str(row.get(label, '')) for row in rows.values())} |\n" for label in first)
    return f"\n## {TITLES[name]}\n{TEXTS[name]}\n{head}{''.join(lines)}"


def _common(one: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "faults found", len(one["faults"])
    yield "minutes", one["minutes"]


def _sign_ins(one: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    answers = one.get("answers", {})
    yield "attempts, so many at once", f"{one.get('attempts', 0):,}, {one.get('at_once')}"
    yield "seconds", one.get("seconds")
    yield (
        "refused / later / without an answer",
        " / ".join(f"{answers.get(word, 0):,}" for word in ("refused", "later", "none")),
    )
    yield (
        "right ones who came in, the longest after",
        (f"{one.get('right_ones_in')} of {one.get('right_ones')}, {one.get('longest_wait_s')} s"),
    )
    yield "the victim signs in afterwards", "yes" if one.get("victim_afterwards") else "no"
    yield (
        "pages of others: shown / not shown",
        f"{one.get('pages', 0) - one.get('pages_not_shown', 0)} / " + str(one.get("pages_not_shown")),
    )
    yield (
        "pages of others: median / p95 / longest",
        " / ".join(f"{one.get(f'page_{word}_ms')} ms" for word in ("median", "p95", "longest")),
    )
    yield "most memory of all processes", f"{one.get('megabytes')} MB"
    yield from _common(one)


def _kills(one: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    kills = one.get("kills", {})
    yield (
        "kills of the server / of a worker / of the database",
        " / ".join(str(kills.get(word, 0)) for word in ("server", "worker", "database")),
    )
    statuses = one.get("statuses", {})
    yield "writes answered with yes", f"{one.get('answered', 0):,}"
    yield (
        "cut off / told to come later / errors",
        " / ".join(
            str(count)
            for count in (
                statuses.get("0", 0),
                statuses.get("503", 0),
                sum(count for status, count in statuses.items() if status not in {"0", "200", "302", "503"}),
            )
        ),
    )
    yield "longest until pages were there again", f"{one.get('longest_back_s')} s"
    yield "entries in the log, which verifies", f"{one.get('log', 0):,}"
    yield "most memory of all processes", f"{one.get('megabytes')} MB"
    yield from _common(one)


def _writes(one: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "acts", one.get("acts")
    yield "writes / kills", f"{one.get('writes', 0):,} / {one.get('kills', 0):,}"
    yield from _common(one)


def _reading(one: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "examples of each machine", one.get("examples")
    yield from _common(one)


ROWS = {"sign-ins": _sign_ins, "kills": _kills, "writes": _writes, "reading": _reading}

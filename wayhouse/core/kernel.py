"""The command line of a pure kernel: a problem in as JSON, a result out as JSON, progress on standard error.

Knows no Django and no subject: a kernel hands in how to read its problem and how to solve it.
"""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

LARGEST = 256 * 1024 * 1024
WRONG_INPUT = 2


def run_kernel(
    read: Callable[[Mapping[str, Any]], Any],
    solve: Callable[..., Any],
    error: type[Exception],
    words: Sequence[str],
) -> int:
    """Solve the problem that the command line names; Ctrl-C ends the search and prints the best so far.

    Returns 0, or 2 for a problem that cannot be read; then one line on standard error says what and where.
    """
    options = _parser().parse_args(words)
    stop = _Stop()
    signal.signal(signal.SIGINT, stop.ask)
    signal.signal(signal.SIGTERM, stop.ask)
    try:
        problem = read(_mapping(_text(options.problem)))
    except (OSError, ValueError, error) as trouble:
        print(f"{options.problem}: {trouble}", file=sys.stderr)
        return WRONG_INPUT
    told = None if options.quiet else _tell
    result = solve(problem, time_limit=options.time_limit, seed=options.seed, on_progress=told, should_stop=stop.asked)
    found = result.to_json()
    if options.explain:
        _explain(found)
    json.dump(found, sys.stdout)
    print()
    return 0


class _Stop:
    """Remembers that somebody asked to stop."""

    def __init__(self) -> None:
        self._asked = False

    def ask(self, *_signal: object) -> None:
        self._asked = True

    def asked(self) -> bool:
        return self._asked


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("problem", help="a JSON file, or - for standard input")
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--explain", action="store_true", help="say on standard error what is left out, and why")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    return parser


def _text(name: str) -> str:
    if name == "-":
        return sys.stdin.read(LARGEST)
    path = Path(name)
    if path.stat().st_size > LARGEST:
        raise ValueError(f"larger than {LARGEST // 1024 // 1024} MB")
    return path.read_text("utf-8")


def _mapping(text: str) -> Mapping[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise ValueError("the problem must be a JSON object")  # noqa: TRY004  wrong input, like any other
    return content


def _tell(progress: Any) -> None:
    gap = f", bound {progress.bound}"
    print(f"{progress.seconds:7.1f} s  {progress.objective}{gap}", file=sys.stderr, flush=True)


def _explain(found: Mapping[str, Any]) -> None:
    left_out = found.get("unplaced", found.get("unstaffed", ()))
    for entry in left_out:
        who = entry.get("person") or f"{entry.get('group')} week {entry.get('week')}"
        for reason in entry["reasons"]:
            print(f"{who}: {reason}", file=sys.stderr)

"""The command line of a pure kernel: a problem in as JSON, a result out as JSON, progress on standard error.

Knows no Django and no subject: a kernel hands in how to read its problem and how to solve it.
"""

import argparse
import json
import math
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

LARGEST = 256 * 1024 * 1024
WRONG_INPUT = 2


def run_kernel(
    read: Callable[[Mapping[str, Any]], Any],
    solve: Callable[..., Any],
    error: type[Exception],
    words: Sequence[str],
    *,
    what_if: Callable[..., Any] | None = None,
) -> int:
    """Solve the problem that the command line names; Ctrl-C or SIGTERM ends the search and prints the best so far.

    Returns 0, or 2 for a problem that cannot be read; then one line on standard error says what and where. Where a
    kernel has `what_if`, the option of that name spends half as much time again on it.
    """
    options = _parser(can_ask=what_if is not None).parse_args(words)
    stop = _Stop()
    before = {number: signal.signal(number, stop.ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        problem = read(_mapping(_text(options.problem)))
        found = _solve(problem, solve, options, stop.asked, what_if)
    except (OSError, ValueError, error) as trouble:
        print(f"{options.problem}: {trouble}", file=sys.stderr)
        return WRONG_INPUT
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if options.explain:
        _explain(found)
    json.dump(found, sys.stdout)
    print()
    return 0


def _solve(
    problem: Any,
    solve: Callable[..., Any],
    options: argparse.Namespace,
    asked: Callable[[], bool],
    what_if: Callable[..., Any] | None,
) -> dict[str, Any]:
    """The result in its JSON form."""
    result = solve(
        problem,
        time_limit=options.time_limit,
        seed=options.seed,
        work_limit=options.work_limit,
        on_progress=_progress(options),
        should_stop=asked,
    )
    found: dict[str, Any] = result.to_json()
    if what_if is not None and options.what_if:
        seconds = options.time_limit / 2
        chances = what_if(problem, result, time_limit=seconds, seed=options.seed, should_stop=asked)
        found["what_if"] = [chance.to_json() for chance in chances]
    return found


class _Stop:
    """Remembers that somebody asked to stop."""

    def __init__(self) -> None:
        self._asked = False

    def ask(self, *_signal: object) -> None:
        self._asked = True

    def asked(self) -> bool:
        return self._asked


def _parser(*, can_ask: bool) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("problem", help="a JSON file, or - for standard input")
    parser.add_argument("--time-limit", type=_limit, default=60.0, metavar="SECONDS")
    parser.add_argument(
        "--work-limit",
        type=_limit,
        default=math.inf,
        metavar="UNITS",
        help="deterministic: count work (a unit is about a second) instead of the clock, up to the time limit",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--explain", action="store_true", help="say on standard error what is left out, and why")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    parser.add_argument(
        "--figures", action="store_true", help="progress as lines of JSON, for a program that reads along"
    )
    if can_ask:
        parser.add_argument("--what-if", action="store_true", help="what one more of something scarce would change")
    return parser


def _limit(word: str) -> float:
    limit = float(word)
    if not limit >= 0:
        raise argparse.ArgumentTypeError("must be zero or more")
    return limit


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


def _progress(options: argparse.Namespace) -> Callable[[Any], None] | None:
    if options.quiet:
        return None
    return _figures if options.figures else _tell


def _figures(progress: Any) -> None:
    print(json.dumps(asdict(progress)), file=sys.stderr, flush=True)


def _tell(progress: Any) -> None:
    gap = f", bound {progress.bound}"
    print(f"{progress.seconds:7.1f} s  {progress.objective}{gap}", file=sys.stderr, flush=True)


def _explain(found: Mapping[str, Any]) -> None:
    left_out = found.get("unplaced", found.get("unstaffed", ()))
    for entry in left_out:
        who = entry.get("person") or f"{entry.get('group')} week {entry.get('week')}"
        for reason in entry["reasons"]:
            print(f"{who}: {reason}", file=sys.stderr)

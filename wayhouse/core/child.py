"""Run a pure module in a process of its own, fed and read in memory: never a file, a queue row or a log line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

# Started from here the child finds our modules, wherever the server itself was started.
_HOME = Path(__file__).resolve().parents[2]
# What the child may need beyond its own time limit to start, to read and to write.
_GRACE_SECONDS = 30


class ChildError(Exception):
    """The child process ended without an answer; nothing was changed by it."""


def run_apart(module: str, problem: dict[str, Any], *, time_limit: float, seed: int = 0) -> dict[str, Any]:
    """Feed a problem to `python -m module` and return the JSON object that it prints.

    `time_limit` in seconds is the child's own; it is ended where it overstays. Keys and addresses in our own settings
    are not handed on. Error: `ChildError`.
    """
    command = [sys.executable, "-m", module, "--time-limit", str(time_limit), "--seed", str(seed), "-"]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and our own module
            command,
            input=json.dumps(problem).encode(),
            capture_output=True,
            timeout=time_limit + _GRACE_SECONDS,
            check=True,
            cwd=_HOME,
            env={name: value for name, value in os.environ.items() if not name.startswith("WAYHOUSE_")},
        )
        answer = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise ChildError(module) from error
    if not isinstance(answer, dict):
        raise ChildError(module)
    return answer

"""`wayhouse plan groups|rota PROBLEM.json`: the planning kernels for everybody, without a database."""

import runpy
import sys

KERNELS = {"groups": "wayhouse.groups.formation", "rota": "wayhouse.meetings.rota"}


def plan(words: list[str]) -> int:
    """Run the kernel that the first word names with the other words. Returns the exit code."""
    if not words or words[0] not in KERNELS:
        print(
            "usage: wayhouse plan groups|rota PROBLEM.json|- [--time-limit S] [--seed N] [--explain]", file=sys.stderr
        )
        return 2
    sys.argv = [f"wayhouse plan {words[0]}", *words[1:]]
    runpy.run_module(KERNELS[words[0]], run_name="__main__")
    return 0

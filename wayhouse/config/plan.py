"""`wayhouse plan groups|rota PROBLEM.json`: the planning kernels for everybody, without a database."""

import runpy
import sys

KERNELS = {"groups": "wayhouse.groups.formation", "rota": "wayhouse.meetings.rota"}


def plan(words: list[str], usage: str) -> int:
    """Run the kernel that the first word names with the other words, or `prepare`. Returns the exit code."""
    if words == ["prepare"]:
        from wayhouse.groups import formation
        from wayhouse.meetings import rota

        ready = [formation.prepare(), rota.prepare()]
        print("Ready." if all(ready) else "numba is not installed: plans are made without annealing.")
        return 0
    if not words or words[0] not in KERNELS:
        print("usage: " + usage.replace("\n", "\n       "), file=sys.stderr)
        return 2
    sys.argv = [f"wayhouse plan {words[0]}", *words[1:]]
    runpy.run_module(KERNELS[words[0]], run_name="__main__")
    return 0

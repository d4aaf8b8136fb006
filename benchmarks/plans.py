"""What the planning kernels find, how sure it is, and how long it takes.

python -m benchmarks.plans            prints the table (Markdown)
python -m benchmarks.plans --write    also writes it into docs/reference/benchmarks.md

Each result is recomputed by an independent check; a wrong one ends the run.
"""

import argparse
from collections.abc import Iterator
from typing import Any

from benchmarks.page import write
from benchmarks.planning import formation as groups
from benchmarks.planning import rota
from wayhouse.groups import formation as group_kernel
from wayhouse.meetings import rota as rota_kernel

PEOPLE = ((50, 10.0), (200, 30.0), (500, 60.0))
EVENINGS = ((5, 10.0), (20, 30.0), (50, 60.0))
HEADS = ("problem", "limit s", "seconds", "objective", "proven bound", "gap", "left out")


def main() -> None:
    """Solve, check, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    # Compiled ahead, as the worker does: the first problem would wait for it, and be planned worse.
    group_kernel.prepare()
    rota_kernel.prepare()
    table = "\n".join(_table())
    print(table)
    if options.write:
        write("plans", table)


def _table() -> Iterator[str]:
    yield "| " + " | ".join(HEADS) + " |"
    yield "|---|" + "---:|" * (len(HEADS) - 1)
    for people, limit in PEOPLE:
        problem = groups.generate(people)
        yield _row(f"groups, {people} people", limit, problem, group_kernel, groups.check, "unplaced")
    for number, limit in EVENINGS:
        problem = rota.generate(number)
        yield _row(f"rota, {number} groups, 12 weeks", limit, problem, rota_kernel, rota.check, "unstaffed")


def _row(name: str, limit: float, problem: Any, kernel: Any, check: Any, left_out: str) -> str:
    result = kernel.solve(kernel.Problem.from_json(problem), time_limit=limit).to_json()
    broken, parts = check(problem, result)
    if broken or sum(parts.values()) != result["objective"]:
        raise RuntimeError(f"{name}: {broken or 'another objective'}")
    cells = (
        f"{limit:.0f}",
        f"{result['seconds']:.1f}",
        f"{result['objective']:,}",
        f"{result['bound']:,}",
        f"{result['gap']:.1%}",
        str(len(result[left_out])),
    )
    return f"| {name} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()

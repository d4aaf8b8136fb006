"""Both kernels at each size: by hand, the naive model, ours, the proven bound, gap, seconds, memory.

    python -m benchmarks.planning                       every size, an hour and a half
    python -m benchmarks.planning rota 5 50             some sizes of one kernel
    python -m benchmarks.planning --seeds 10            ten seeds at each size, the worst reported
    python -m benchmarks.planning --kit FOLDER          also held to generators and checkers elsewhere
                                                        (or the environment variable PLANNING_KIT)

Each problem is planned in a process of its own, whose memory is told. Results go through our independent checks, and
those of the kit where it is named; a wrong one ends the run.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.planning import formation, kit, naive, rota
from wayhouse.groups.formation import prepare as prepare_groups
from wayhouse.meetings.rota import prepare as prepare_rota

Json = dict[str, Any]

SIZES: dict[str, dict[tuple[int, ...], tuple[int, float]]] = {  # size: seconds, the goal for the gap
    "groups": {(50,): (10, 0.0), (500,): (30, 0.01), (2_000,): (120, 0.05), (10_000,): (300, 0.05)},
    "rota": {(5, 12): (10, 0.01), (50, 12): (60, 0.05), (200, 12): (180, 0.08), (500, 26): (600, 0.15)},
}
HEADS = ("problem", "by hand", "naive model", "ours", "bound", "gap", "goal", "left out", "seconds", "MB", "seed")
MB = 1024


def main() -> None:
    """Print a table; with `--one` plan a single problem and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", nargs="?", choices=[*SIZES, "all"], default="all")
    parser.add_argument("sizes", nargs="*", type=int, help="people, or groups")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--time-limit", type=float, metavar="SECONDS", help="other than the goal's")
    parser.add_argument("--naive", type=float, metavar="SECONDS", help="as long as ours if left out; 0 for none")
    parser.add_argument("--kit", type=Path, default=os.environ.get("PLANNING_KIT"))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.one:
        print(json.dumps(_one(**json.loads(words.one))))
        return
    prepare_groups()
    prepare_rota()
    print("| " + " | ".join(HEADS) + " |\n|---" + "|---:" * (len(HEADS) - 1) + "|")
    for task, goal in _tasks(words):
        found = [_told(_apart(one)) for one in _seeded(task, words.seeds)]
        print(_row(task, goal, found), flush=True)


def _tasks(words: argparse.Namespace) -> Iterator[tuple[Json, float]]:
    for kind in SIZES if words.kind == "all" else [words.kind]:
        for size, (allowed, goal) in SIZES[kind].items():
            if words.sizes and size[0] not in words.sizes:
                continue
            seconds = words.time_limit or allowed
            time = seconds if words.naive is None else words.naive
            folder = str(words.kit) if words.kit else ""
            yield {"kind": kind, "size": size, "seconds": seconds, "naive": time, "folder": folder}, goal


def _seeded(task: Json, seeds: int) -> list[Json]:
    """The task at each seed; the naive model tries the first alone."""
    return [{**task, "seed": seed, "naive": task["naive"] * (seed == 1)} for seed in range(1, seeds + 1)]


def _told(found: Json) -> Json:
    """What was found, told on standard error: ten seeds of a large size take an hour or two."""
    figures = f"{found['objective']:,} against {found['bound']:,}, {found['gap']:.2%}, {found['seconds']:.1f} s"
    print(f"seed {found['seed']}: {figures}, {found['processor']:.0f} s of processors", file=sys.stderr, flush=True)
    return found


def _apart(task: Json) -> Json:
    """Plan in a process of its own, the naive model in another, so that memory is told for each."""
    words = [sys.executable, "-m", "benchmarks.planning", "--one"]
    ours = subprocess.run([*words, json.dumps({**task, "naive": 0})], capture_output=True, check=False)
    if ours.returncode:
        raise RuntimeError(ours.stderr.decode()[-2_000:])
    found: Json = json.loads(ours.stdout)
    if task["naive"]:
        other = subprocess.run([*words, json.dumps(task)], capture_output=True, check=False)
        found["naive"] = json.loads(other.stdout)["naive"] if other.returncode == 0 else None
    return {**found, "seed": task["seed"]}


def _one(kind: str, size: list[int], seconds: float, naive: float, folder: str, seed: int) -> Json:
    """The figures of one problem."""
    room = Path(folder) if folder else None
    own: Any = formation if kind == "groups" else rota
    problem = kit.generate(room, kind, tuple(size), seed) if room else own.generate(*size, seed=seed)
    problem = {"fixed_weeks": 0, **problem} if kind == "rota" else problem
    if naive:
        return {"naive": _naive(kind, own, problem, naive)}
    by_hand, result = _solve(kind, problem, seconds, seed)
    broken, parts = own.check(problem, result)
    broken += kit.faults(room, kind, problem, result) if room else []
    if broken or sum(parts.values()) != result["objective"] or result["bound"] > result["objective"]:
        raise RuntimeError(f"{kind} {size} seed {seed}: {broken or 'another objective'}")
    spent = resource.getrusage(resource.RUSAGE_SELF)
    told = {name: result[name] for name in ("objective", "bound", "gap", "seconds")}
    left = parts["unplaced"] // problem["weights"]["unplaced"] if kind == "groups" else len(result["unstaffed"])
    used = {"memory": spent.ru_maxrss // MB, "processor": spent.ru_utime + spent.ru_stime}
    return {**told, **used, "by_hand": by_hand, "left": left, "naive": None}


def _naive(kind: str, own: Any, problem: Json, seconds: float) -> int | None:
    result = naive.groups(problem, seconds) if kind == "groups" else naive.rota(problem, seconds)
    if result is None:
        return None
    broken, parts = own.check(problem, result)
    if broken:
        raise RuntimeError("; ".join(broken[:5]))
    return int(sum(parts.values()))


def _solve(kind: str, problem: Json, seconds: float, seed: int) -> tuple[int, Json]:
    """The price by hand, and our result in its JSON form."""
    if kind == "groups":
        from wayhouse.groups import formation as kernel
        from wayhouse.groups.formation import greedy, objective, tables
    else:
        from wayhouse.meetings import rota as kernel  # type: ignore[no-redef]  # the kernels look alike
        from wayhouse.meetings.rota import greedy, objective, tables  # type: ignore[no-redef]
    read: Any = kernel.Problem.from_json(problem)
    plan: Any = greedy.greedy(tables.Tables.of(read))
    by_hand: Any = objective.evaluate(read, plan.groups() if kind == "groups" else plan.meetings())
    return sum(by_hand.values()), kernel.solve(read, time_limit=seconds, seed=seed).to_json()


def _row(task: Json, goal: float, found: list[Json]) -> str:
    """The worst of several seeds, by its gap."""
    worst = max(found, key=lambda one: one["gap"])
    first = found[0]["naive"]
    simple = f"{first:,}" if first is not None else "-"
    name = f"{task['kind']} {' x '.join(f'{number:,}' for number in task['size'])}"
    cells = [name, f"{worst['by_hand']:,}", simple, f"{worst['objective']:,}", f"{worst['bound']:,}"]
    cells += [f"{worst['gap']:.2%}", f"{goal:.0%}", str(worst["left"])]
    cells += [f"{worst['seconds']:.1f}", f"{max(one['memory'] for one in found)}", str(worst["seed"])]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()

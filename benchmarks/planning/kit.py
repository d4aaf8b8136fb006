"""Generators and checkers from a folder outside of the repository, beside our own."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

Json = dict[str, Any]

NAMES = {"groups": "formation", "rota": "rota"}


def generate(kit: Path, kind: str, size: tuple[int, ...], seed: int) -> Json:
    """A problem of the kit: so many people, or so many groups and weeks."""
    script = kit / f"{NAMES[kind]}_instances.py"
    words = [sys.executable, str(script), *map(str, size), str(seed)]
    made = subprocess.run(words, capture_output=True, check=True)
    problem: Json = json.loads(made.stdout)
    return problem


def faults(kit: Path, kind: str, problem: Json, result: Json) -> list[str]:
    """What the kit's checker has against a result."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder, f"{name}.json") for name in ("problem", "result")}
        files["problem"].write_text(json.dumps(problem))
        files["result"].write_text(json.dumps(result))
        words = [sys.executable, str(kit / f"{NAMES[kind]}_check.py"), *map(str, files.values())]
        checked = subprocess.run(words, capture_output=True, text=True, check=False)
    return [] if checked.returncode == 0 else [checked.stdout + checked.stderr]

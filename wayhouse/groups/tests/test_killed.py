"""Kill -9 in the middle of accepting, on a file: afterwards the database holds everything or nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    folder = tmp_path_factory.mktemp("killed")
    own = {f"WAYHOUSE_{name.upper()}": str(folder / name) for name in ("data", "keys", "static")}
    known = {
        **os.environ,
        **own,
        "WAYHOUSE_DATABASE_URL": "",
        "WAYHOUSE_QUICK_KDF": "yes",
        "DJANGO_SETTINGS_MODULE": "wayhouse.config.settings",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "wayhouse.groups.tests.killed_while_accepting"]
    done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, dict[str, object]] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("moment", ["first group", "second group", "last word"])
@pytest.mark.abuse(34)
def test_killed_while_accepting_leaves_nothing(told: dict[str, dict[str, object]], moment: str) -> None:
    assert told[moment] == {**told["before"], "killed by": 9}
    assert (told["before"]["states"], told["before"]["sound"]) == (["open", "forming"], "ok")


def test_accepting_afterwards_leaves_everything(told: dict[str, dict[str, object]]) -> None:
    before, whole = told["before"], told["whole"]
    grown = {name: whole[name] - count for name, count in before.items() if isinstance(count, int)}  # type: ignore[operator]
    # Two groups of six, each with a scope, an envelope for the desk, a name, and a log entry; one for the whole.
    assert grown == {
        "group": 2,
        "seat": 12,
        "scope": 2,
        "envelope": 2,
        "item": 14,
        "belonging": 12,
        "auditleaf": 3,
    }
    assert (whole["states"], whole["sound"], whole["ended well"]) == (["accepted", "staffing"], "ok", True)

"""Kill -9 in the middle of accepting a rota, on a file: afterwards the database holds everything or nothing."""

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
    command = [sys.executable, "-m", "wayhouse.meetings.tests.killed_while_accepting"]
    done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, dict[str, object]] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("moment", ["meetings", "keys", "cards", "log"])
def test_killed_while_accepting_leaves_nothing(told: dict[str, dict[str, object]], moment: str) -> None:
    assert told[moment] == {**told["before"], "killed by": 9}
    assert (told["before"]["states"], told["before"]["sound"]) == (["open", "forming"], "ok")


def test_accepting_afterwards_leaves_everything(told: dict[str, dict[str, object]]) -> None:
    before, whole = told["before"], told["whole"]
    kept = ("meeting", "shift", "eveningcard", "hostname", "seat", "scope")
    grown = {name: int(str(whole[name])) - int(str(before[name])) for name in kept}
    # Four evenings with two people and a reserve each; in each of two groups three names and one who leads.
    assert grown == {"meeting": 4, "shift": 12, "eveningcard": 4, "hostname": 6, "seat": 2, "scope": 4}
    assert (whole["states"], whole["sound"], whole["ended well"]) == (["accepted", "running"], "ok", True)

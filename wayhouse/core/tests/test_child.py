"""A child process that answers, and children that do not."""

from pathlib import Path

import pytest

from wayhouse.core import child
from wayhouse.core.child import ChildError, run_apart

ANSWERS = "import json, os, sys\nproblem = json.load(sys.stdin)\nprint(json.dumps({answer}))\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(child, "_HOME", tmp_path)
    return tmp_path


def write(home: Path, code: str) -> None:
    (home / "module.py").write_text(code)


def test_the_problem_goes_in_and_the_answer_comes_out(home: Path) -> None:
    write(home, ANSWERS.format(answer='{"asked": problem, "words": sys.argv[1:]}'))
    assert run_apart("module", {"a": ["ü"]}, time_limit=2.5, seed=7) == {
        "asked": {"a": ["ü"]},
        "words": ["--time-limit", "2.5", "--seed", "7", "--figures", "-"],
    }


def test_no_setting_of_ours_is_handed_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYHOUSE_BOOT_KEY", "ab" * 32)
    write(home, ANSWERS.format(answer='{"ours": [name for name in os.environ if name.startswith("WAYHOUSE")]}'))
    assert run_apart("module", {}, time_limit=1) == {"ours": []}


WORKS = """
import json, signal, sys
asked = []
signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
sys.stdin.read()
print("a warning of some library", file=sys.stderr)
print(json.dumps({"objective": 7}), file=sys.stderr, flush=True)
while not asked:
    signal.pause()
print(json.dumps({"best": 7}))
"""


def test_figures_come_while_it_works_and_stopping_keeps_the_best_plan(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_TICK_SECONDS", 0.02)
    write(home, WORKS)
    seen: list[object] = []

    def stop(figures: child.Figures) -> bool:
        seen.append(dict(figures))
        return True

    # A problem and an answer larger than a pipe holds.
    assert run_apart("module", {"much": "a" * 300_000}, time_limit=5, on_tick=stop) == {"best": 7}
    assert seen[-1] == {"objective": 7}


def test_looking_further_is_asked_for_and_gets_its_time(home: Path) -> None:
    write(home, ANSWERS.format(answer='{"words": sys.argv[5:]}'))
    assert run_apart("module", {}, time_limit=1, what_if=True) == {"words": ["--figures", "--what-if", "-"]}


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.kill(os.getpid(), 9)",
        "import sys\nsys.exit(2)",
        "print('{\"half\": ')",
        "print('[1]')",
        "print(open('nothing').read())",
    ],
)
def test_a_child_that_gives_no_answer_is_an_error(home: Path, code: str) -> None:
    write(home, code)
    with pytest.raises(ChildError, match=r"^module$"):
        run_apart("module", {}, time_limit=1)


def test_a_child_that_is_not_there_is_an_error(home: Path) -> None:
    with pytest.raises(ChildError):
        run_apart("module", {}, time_limit=1)


def test_a_child_that_overstays_is_ended(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_GRACE_SECONDS", 1)
    write(home, "import os, pathlib, signal\npathlib.Path('pid').write_text(str(os.getpid()))\nsignal.pause()\n")
    with pytest.raises(ChildError):
        run_apart("module", {}, time_limit=0.5)
    assert not Path("/proc", (home / "pid").read_text()).exists()


def test_our_modules_are_found_wherever_the_server_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    problem = {"size": {"min": 1, "target": 1, "max": 1}, "pools": [], "max_groups": 0, "cells": [], "people": []}
    assert run_apart("wayhouse.groups.formation", problem, time_limit=1)["objective"] == 0

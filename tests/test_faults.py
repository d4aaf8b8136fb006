"""Kill -9 at the writes of an act: afterwards the database holds all of it or nothing, and holds together.

A few acts at two points each; `./run soak` tries every act at every write, on both databases.
"""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from faults.acts import ACTS
from faults.trying import thrifty

from wayhouse.audit.record import KIND
from wayhouse.core.tests.empty_house import EmptyHouse

ROOT = Path(__file__).resolve().parents[1]
# Entries that no act here writes, and why.
NOT_TRIED = {
    "item.unopened": "written after a page could not open something; nothing else is written with it",
    "grant.refused": "a refusal, written alone",
    "pages.too_many": "a refusal, written alone",
    "passkey.unopened": "a refusal, written alone",
    "way_back.refused": "a refusal, written alone",
    "passkey.added": "needs a browser with a passkey; one transaction of the library, as with an app",
}
Told = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, empty_house: EmptyHouse) -> Told:
    folder = tmp_path_factory.mktemp("faults")
    own = {f"WAYHOUSE_{name.upper()}": str(folder / name) for name in ("data", "keys", "static")}
    known = {
        **os.environ,
        **own,
        "WAYHOUSE_DATABASE_URL": "",
        "WAYHOUSE_QUICK_KDF": "yes",
        "DJANGO_SETTINGS_MODULE": "wayhouse.config.settings",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
    }
    words = [sys.executable, "-m", "faults", "--few", "--empty", str(empty_house(folder))]
    done = subprocess.run([*words, *thrifty()], cwd=ROOT, env=known, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}


@pytest.mark.django_db
@pytest.mark.abuse(34)
@pytest.mark.parametrize("name", thrifty())
def test_killed_in_the_middle_it_leaves_nothing_and_at_the_end_everything(told: Told, name: str) -> None:
    tried = told[name]
    assert (tried["faults"], tried["kills"]) == ([], 2)
    assert tried["writes"] >= 3


@pytest.mark.django_db
@pytest.mark.abuse(34)
def test_killed_between_due_and_delivered_a_page_arrives_at_most_twice(told: Told) -> None:
    tried = told["page_somebody_on_call"]
    assert tried["faults"] == []
    assert tried["kills"] >= 3


def test_every_act_that_is_logged_can_be_killed() -> None:
    tried = {kind for act in ACTS.values() for kind in act.kinds}
    assert sorted(logged() - tried) == sorted(NOT_TRIED)
    assert sorted(tried - logged()) == []


def logged() -> set[str]:
    """Every kind of entry that some code of the house writes."""
    sources = [path for path in (ROOT / "wayhouse").rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
    texts = (path.read_text("utf-8") for path in sources)
    return {kind for text in texts if "audit.record" in text for kind in _kinds(ast.parse(text))}


def _kinds(tree: ast.Module) -> Iterator[str]:
    """The first words of calls of `record`; where those are no plain words, whatever in the module looks like them."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    firsts = [call.args[0] for call in calls if getattr(call.func, "id", "") in {"record", "record_failure"}]
    plain = [first for first in firsts if isinstance(first, ast.Constant)]
    yield from (str(first.value) for first in plain)
    if len(plain) < len(firsts):
        words = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        past = re.compile(KIND.pattern + r"(?<=ed|en|ft)")
        yield from (word for word in words if isinstance(word, str) and past.fullmatch(word))

"""The house keeps its shape: sizes, rules on every view, texts in every language, no machine in any file."""

import ast
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from conftest import WayOutError
from wayhouse.core.gate import declared_rule

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "wayhouse"
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEMPLATE, USUAL_FUNCTION = 300, 40, 120, 25
NEVER = {"utils.py", "helpers.py", "services.py", "managers.py", "misc.py", "common.py"}


def own_files(pattern: str) -> list[Path]:
    found = (path for path in PACKAGE.rglob(pattern) if "migrations" not in path.parts)
    return sorted(found)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


def test_no_file_is_too_long() -> None:
    long = {str(path): lines for path in own_files("*.py") if (lines := _lines(path)) > LONGEST_FILE}
    assert long == {}


def test_no_function_is_too_long() -> None:
    long = {f"{path}:{name}": n for path in own_files("*.py") for name, n in functions(path) if n > LONGEST_FUNCTION}
    assert long == {}


def test_most_functions_are_short() -> None:
    lengths = sorted(length for path in own_files("*.py") for _name, length in functions(path))
    assert lengths[int(len(lengths) * 0.95)] <= USUAL_FUNCTION


def test_no_template_is_too_long() -> None:
    long = {str(path): lines for path in own_files("*.html") if (lines := _lines(path)) > LONGEST_TEMPLATE}
    assert long == {}


def test_the_way_back_stands_above_the_heading() -> None:
    below = []
    for path in own_files("*.html"):
        head, _, main = path.read_text("utf-8").partition("{% block main %}")
        way, heading = head.find("{% back "), head.find("<h1")
        if "{% back " in main or 0 <= heading < way:
            below.append(str(path))
    assert below == []


def test_no_day_is_written_in_the_order_of_one_country() -> None:
    """Such as "28.11.": days that people read are written by core.days, in the reader's language."""
    by_hand = re.compile(r"%d[./]%m|%m/%d")
    assert [str(path) for path in own_files("*.py") if by_hand.search(path.read_text("utf-8"))] == []


def test_no_drawer_for_odds_and_ends() -> None:
    assert [path for path in own_files("*.py") if path.name in NEVER] == []


@pytest.mark.abuse(5)
def test_every_view_declares_who_may_call_it() -> None:
    undeclared = [pattern for pattern, view in views(get_resolver()) if declared_rule(view) is None]  # type: ignore[arg-type]
    assert undeclared == []


def test_every_room_has_its_place_in_the_layers() -> None:
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == {room for floor in contracts[0]["layers"] for room in floor.split(" | ")}


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
def test_every_text_is_translated(language: str) -> None:
    catalogue = polib.pofile(str(PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"))
    open_texts = [entry.msgid for entry in catalogue if not entry.obsolete and (not entry.translated() or entry.fuzzy)]
    assert open_texts == []
    placeholders = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
    differing = [
        entry.msgid
        for entry in catalogue
        if not entry.obsolete
        and not entry.msgid_plural
        and set(placeholders.findall(entry.msgid)) != set(placeholders.findall(entry.msgstr))
    ]
    assert differing == []


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
def test_compiled_texts_are_those_that_are_written(language: str) -> None:
    folder = PACKAGE / "locale" / language / "LC_MESSAGES"
    written = {_key(e): e.msgstr or e.msgstr_plural for e in polib.pofile(str(folder / "django.po")) if not e.obsolete}
    compiled = {_key(e): e.msgstr or e.msgstr_plural for e in polib.mofile(str(folder / "django.mo"))}
    assert compiled == written


def test_no_machine_and_no_registry_in_any_file() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    # The names are put together here, so that this file does not find itself.
    wrong = re.compile("|".join(["/" + "work/", "/" + "root/", "pypi" + r"\.org", "files\\.python" + "hosted"]))
    texts = (ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).suffix not in {".png", ".mo", ".xlsx"})
    assert [str(path) for path in texts if path.is_file() and wrong.search(path.read_text("utf-8"))] == []


@pytest.mark.abuse(13, 39)
def test_no_test_leaves_the_machine() -> None:
    with socket.socket() as out, pytest.raises(WayOutError):
        out.connect(("192.0.2.1", 443))
    with pytest.raises(WayOutError):
        socket.create_connection(("example.org", 443))


@pytest.mark.parametrize("name", ["app", "insight"])
def test_the_locks_agree_so_that_one_environment_takes_them_all(name: str) -> None:
    assert sorted(_pins(name) - _pins("dev")) == []


def _pins(name: str) -> set[str]:
    """What a lock names, with its version and when it is wanted."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return set(re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==[^\\\n]+", text, re.MULTILINE))


def _key(entry: polib.POEntry | polib.MOEntry) -> tuple[str, str | None]:
    return entry.msgid, entry.msgctxt


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())

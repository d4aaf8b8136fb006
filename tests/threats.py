"""The table of threats in the reference, made from the tests themselves.

python tests/threats.py            print it
python tests/threats.py --write    write docs/reference/threats.md
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = Path(__file__).with_name("threats.yaml")
PAGE = ROOT / "docs" / "reference" / "threats.md"
HEAD = """# Threats

What must hold under attack, which test tries it, and what no test tries yet. Made from the marks in the tests by
`python tests/threats.py --write`; a test keeps it true. The suite runs every test named here at each change, on SQLite
and on PostgreSQL, or on the one where [decision 21](../decisions/0021-looks-once.md) says so: a row whose test
fails is in no release. The killed process of row 34 is tried on SQLite alone there,
the restarted server of row 36 on PostgreSQL alone. What the suite tries at a few points, `./run soak` tries at all of
them, on both databases ([results](soak.md)). *In part* is followed by what the tests leave out; *waits* names the room
that brings the thing attacked.

| | attack | what holds | tested by | result |
|---:|---|---|---|---|
"""


def catalogue() -> dict[int, dict[str, str]]:
    """The rows by their numbers: attack, property, and `waits` or `open` where there is something left."""
    rows: dict[int, dict[str, str]] = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    return rows


def marked() -> dict[int, list[str]]:
    """For each row the tests that name it, as `file::test`, in the order of the files."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted([*ROOT.glob("wayhouse/**/test_*.py"), *ROOT.glob("tests/**/test_*.py")]):
        for name, number in _marks(ast.parse(path.read_text(encoding="utf-8"))):
            found[number].append(f"{path.relative_to(ROOT)}::{name}")
    return dict(found)


def page() -> str:
    """The whole page."""
    tests = marked()
    return HEAD + "".join(_line(number, row, tests.get(number, [])) for number, row in catalogue().items())


def _marks(tree: ast.Module) -> Iterator[tuple[str, int]]:
    tests = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    for test in tests:
        for mark in test.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.abuse":
                yield from ((test.name, _number(argument)) for argument in mark.args)


def _number(argument: ast.expr) -> int:
    value: Any = ast.literal_eval(argument)
    return int(value)


def _line(number: int, row: dict[str, str], tests: list[str]) -> str:
    named = "<br>".join(f"`{test.rpartition('::')[2]}`" for test in tests)
    result = f"waits for `{row['waits']}`" if "waits" in row else "holds" if tests else "not tested"
    if "open" in row:
        left = row["open"][0].lower() + row["open"][1:]
        result = f"in part; open: {left}" if tests else "not tested yet"
    return f"| {number} | {row['attack']} | {row['property']} | {named} | {result} |\n"


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())

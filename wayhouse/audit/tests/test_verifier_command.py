import ast
import subprocess
import sys
from pathlib import Path

import pytest

from wayhouse.audit.tests.conftest import House
from wayhouse.audit.verifier import verify_audit
from wayhouse.crypto import server

FILE = Path(verify_audit.__file__)
OLD, NEW = 23, 40


@pytest.fixture
def papers(house: House, tmp_path: Path) -> dict[str, str]:
    """What an auditor has on the desk, as file names."""
    contents = {
        "old": house.note(OLD),
        "new": house.note(NEW),
        "consistency": house.consistency(OLD, NEW),
        "leaf": house.entries[7] + b"\n",
        "inclusion": house.inclusion(7, NEW),
        "export": house.export(NEW),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in contents}


def arguments(papers: dict[str, str], *names: str) -> list[str]:
    given = [word for name in names for word in (f"--{name}", papers[name])]
    return ["--key", server.verify_key().hex(), *given]


def test_the_file_stands_alone(papers: dict[str, str], tmp_path: Path) -> None:
    alone = tmp_path / "verify_audit.py"
    alone.write_bytes(FILE.read_bytes())
    # -I and -S: neither this project nor anything installed can be found.
    command = [sys.executable, "-I", "-S", str(alone), *arguments(papers, *papers)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "PASS new head: 40 entries on 2026-03-04, signed with your key",
        "PASS old head: 23 entries on 2026-03-04, signed with your key",
        "PASS the log only grew between the two heads",
        "PASS the entry is in the log as it is written here",
        "PASS the export is the whole log: its 40 entries lead to the signed root",
    ]
    assert done.returncode == 0


def test_the_file_imports_nothing_but_the_standard_library() -> None:
    nodes = list(ast.walk(ast.parse(FILE.read_text())))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_a_fork_is_said_and_is_an_error(papers: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    turned = papers | {"old": papers["new"], "new": papers["old"]}
    assert verify_audit.main(arguments(turned, "new", "old")) == 1
    assert capsys.readouterr().out.splitlines() == [
        "PASS new head: 23 entries on 2026-03-04, signed with your key",
        "FAIL FORK: the log had 40 entries and now has 23",
    ]


def test_growth_has_to_be_shown(papers: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_audit.main(arguments(papers, "new", "old")) == 1
    assert capsys.readouterr().out.endswith("FAIL whether the log only grew takes --consistency or --export\n")
    assert verify_audit.main(arguments(papers, "new", "old", "export")) == 0
    assert verify_audit.main(arguments(papers, "new", "old", "consistency")) == 0
    assert verify_audit.main(arguments(papers | {"old": papers["new"]}, "new", "old")) == 0


def test_one_head_alone_can_be_checked(papers: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_audit.main(arguments(papers, "new")) == 0
    assert capsys.readouterr().out == "PASS new head: 40 entries on 2026-03-04, signed with your key\n"


def test_a_missing_file_is_an_error(papers: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_audit.main(arguments(papers | {"export": papers["export"] + "x"}, "new", "export")) == 1
    assert "FAIL [Errno 2]" in capsys.readouterr().out


def test_a_tampered_export_is_an_error(papers: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    export = Path(papers["export"])
    export.write_bytes(export.read_bytes().replace(b"recorded", b"reworded", 1))
    assert verify_audit.main(arguments(papers, "new", "export")) == 1
    assert capsys.readouterr().out.endswith("FAIL not the entries that were signed on 2026-03-04\n")


@pytest.mark.parametrize("names", [(), ("new", "leaf"), ("new", "inclusion"), ("new", "consistency")])
def test_a_wrong_call_is_told_apart(papers: dict[str, str], names: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        verify_audit.main(arguments(papers, *names))
    assert caught.value.code == 2

"""`wayhouse shares` and `wayhouse seal` at an operator's terminal."""

import io
from pathlib import Path

import pytest

from wayhouse.config import paper, sealing
from wayhouse.crypto import rootkey

WORDS = "copper lantern over quiet water seven"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(rootkey, "MEMORY", 8192)
    monkeypatch.setattr(rootkey, "PASSES", 1)
    monkeypatch.setenv("WAYHOUSE_KEYS", str(tmp_path))
    for name in (rootkey.HANDED_OVER, rootkey.RUN):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def types(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def sheets_of(printed: str) -> list[str]:
    return [" ".join(sheet.split()[3:]) for sheet in printed.split("Sheet ")[1:]]


def test_a_key_goes_to_paper_and_comes_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = rootkey.load(folder)
    assert paper.shares_command([]) == 0
    sheets = sheets_of(capsys.readouterr().out)
    assert [len(sheet.split()) for sheet in sheets] == [33, 33, 33]
    types(monkeypatch, sheets[2], sheets[0])
    assert paper.shares_command(["--join"]) == 1
    assert "is there" in capsys.readouterr().err
    (folder / rootkey.FILE).unlink()
    types(monkeypatch, sheets[2], sheets[0])
    assert paper.shares_command(["--join"]) == 0
    assert rootkey.load(folder) == key


def test_a_sealed_key_asks_for_its_passphrase(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rootkey.load(folder)
    rootkey.seal(folder, WORDS)
    types(monkeypatch, WORDS + "s")
    assert paper.shares_command([]) == 1
    assert "Sheet" not in capsys.readouterr().out
    types(monkeypatch, WORDS)
    assert paper.shares_command([]) == 0
    assert len(sheets_of(capsys.readouterr().out)) == 3


def test_wrong_sheets_write_no_key(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    types(monkeypatch, "not the words", "of any sheet")
    assert paper.shares_command(["--join"]) == 1
    assert list(folder.iterdir()) == []
    assert paper.shares_command(["--all"]) == 1


def test_a_sealed_key_gets_another_passphrase_by_the_present_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = rootkey.load(folder)
    types(monkeypatch, WORDS, WORDS)
    assert sealing.seal() == 0
    after = "another twenty letters or more"
    types(monkeypatch, "not the present one at all", after, after)
    assert sealing.seal() == 1
    assert rootkey.unseal(folder, WORDS) == key
    types(monkeypatch, WORDS, after, after)
    assert sealing.seal() == 0
    assert rootkey.unseal(folder, after) == key


def test_without_a_root_key_no_sheets_are_made_up(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert paper.shares_command([]) == 1
    assert "Sheet" not in capsys.readouterr().out
    assert list(folder.iterdir()) == []

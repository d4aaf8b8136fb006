"""The root key: made once, sealed by a passphrase, handed over in memory only."""

import os
from pathlib import Path

import pytest
from nacl import pwhash

from wayhouse.crypto import rootkey
from wayhouse.crypto.box import CannotOpen

WORDS = "copper lantern over quiet water seven"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rootkey, "MEMORY", pwhash.argon2id.MEMLIMIT_MIN)
    monkeypatch.setattr(rootkey, "PASSES", pwhash.argon2id.OPSLIMIT_MIN)
    for name in (rootkey.HANDED_OVER, rootkey.RUN):
        monkeypatch.delenv(name, raising=False)


def test_a_key_is_made_once(tmp_path: Path) -> None:
    key = rootkey.load(tmp_path)
    assert (len(key), rootkey.load(tmp_path)) == (32, key)
    assert (tmp_path / rootkey.FILE).stat().st_mode & 0o777 == 0o400


def test_a_sealed_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    key = rootkey.load(tmp_path)
    rootkey.seal(tmp_path, WORDS)
    assert sorted(path.name for path in tmp_path.iterdir()) == [rootkey.SEALED_FILE]
    assert key not in (tmp_path / rootkey.SEALED_FILE).read_bytes()
    assert rootkey.unseal(tmp_path, WORDS) == key
    assert rootkey.unseal(tmp_path, f"  {WORDS.replace(' ', '  ')}\n") == key
    with pytest.raises(CannotOpen):
        rootkey.unseal(tmp_path, WORDS + "s")


def test_a_sealed_house_makes_no_new_key(tmp_path: Path) -> None:
    rootkey.load(tmp_path)
    rootkey.seal(tmp_path, WORDS)
    with pytest.raises(rootkey.RootKeyError, match="wayhouse serve"):
        rootkey.load(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [rootkey.SEALED_FILE]


def test_sealing_twice_changes_nothing_and_a_key_in_memory_is_never_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(rootkey.HANDED_OVER, "17" * 32)
    rootkey.seal(tmp_path, WORDS)  # a new house: its key is made sealed
    key = rootkey.unseal(tmp_path, WORDS)
    assert key != b"\x17" * 32
    with pytest.raises(rootkey.RootKeyError, match="already"):
        rootkey.seal(tmp_path, WORDS + " again")
    assert rootkey.unseal(tmp_path, WORDS) == key


@pytest.mark.parametrize("moment", ["rename", "open", "unlink"])
def test_whatever_interrupts_sealing_the_key_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """A killed process and a power cut end between any two steps of it."""
    key, step = rootkey.load(tmp_path), getattr(Path, moment)

    def cut(path: Path, *words: object, **more: object) -> object:
        if path.name != rootkey.SEALED_FILE:
            raise KeyboardInterrupt
        return step(path, *words, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Path, moment, cut)
        with pytest.raises(KeyboardInterrupt):
            rootkey.seal(tmp_path, WORDS)
    if rootkey.is_sealed(tmp_path):
        assert rootkey.unseal(tmp_path, WORDS) == key
        assert [path.name for path in tmp_path.iterdir()] == [rootkey.SEALED_FILE]
    else:
        assert rootkey.load(tmp_path) == key
        rootkey.seal(tmp_path, WORDS)
        assert rootkey.unseal(tmp_path, WORDS) == key


def test_a_short_passphrase_changes_nothing(tmp_path: Path) -> None:
    key = rootkey.load(tmp_path)
    with pytest.raises(ValueError, match="20 characters"):
        rootkey.seal(tmp_path, "short")
    assert rootkey.load(tmp_path) == key


@pytest.mark.parametrize("damage", [b"", b"wayhouse root 1\n", b"another file of some length " * 8])
def test_a_damaged_file_opens_nothing(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / rootkey.SEALED_FILE).write_bytes(damage)
    with pytest.raises(CannotOpen):
        rootkey.unseal(tmp_path, WORDS)


def test_what_was_handed_over_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(rootkey.HANDED_OVER, "17" * 32)
    assert rootkey.load(tmp_path) == b"\x17" * 32
    monkeypatch.setenv(rootkey.HANDED_OVER, "17" * 31)
    with pytest.raises(rootkey.RootKeyError, match="32 bytes"):
        rootkey.load(tmp_path)


def test_a_folder_on_a_disk_is_refused(tmp_path: Path) -> None:
    home = Path(rootkey.__file__).parent
    with pytest.raises(rootkey.RootKeyError, match="in memory"):
        rootkey.hand_over(b"\x17" * 32, home / "run")
    assert not (home / "run").exists()


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="no folder in memory here")  # noqa: S108
def test_commands_find_the_key_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Path("/dev/shm") / f"wayhouse-{os.getpid()}"  # noqa: S108
    monkeypatch.setenv(rootkey.RUN, str(run))
    try:
        rootkey.hand_over(b"\x17" * 32, run)
        assert rootkey.hand_over(b"\x18" * 32, run).stat().st_mode & 0o777 == 0o400
        assert rootkey.load(tmp_path) == b"\x18" * 32
    finally:
        (run / rootkey.FILE).unlink()
        run.rmdir()


def test_another_passphrase_takes_the_place_of_the_present_one(tmp_path: Path) -> None:
    key = rootkey.load(tmp_path)
    rootkey.seal(tmp_path, WORDS)
    with pytest.raises(CannotOpen):
        rootkey.change_passphrase(tmp_path, WORDS + "s", "another twenty letters or more")
    with pytest.raises(ValueError, match="20 characters"):
        rootkey.change_passphrase(tmp_path, WORDS, "short")
    assert rootkey.unseal(tmp_path, WORDS) == key
    rootkey.change_passphrase(tmp_path, WORDS, "another twenty letters or more")
    assert rootkey.unseal(tmp_path, "another twenty letters or more") == key
    with pytest.raises(CannotOpen):
        rootkey.unseal(tmp_path, WORDS)
    assert sorted(path.name for path in tmp_path.iterdir()) == [rootkey.SEALED_FILE]


def test_a_key_from_paper_never_takes_the_place_of_another(tmp_path: Path) -> None:
    rootkey.put(tmp_path, b"\x17" * 32)
    assert rootkey.load(tmp_path) == b"\x17" * 32
    with pytest.raises(rootkey.RootKeyError, match="another key"):
        rootkey.put(tmp_path, b"\x18" * 32)
    assert rootkey.load(tmp_path) == b"\x17" * 32

"""The root key of the server: 32 random bytes, outside the data folder, in a file that only the owner reads.

Everything else the server knows is derived from it. Members' words never depend on it alone. The file is either in
clear (`root.key`: a thief of the disk can guess passphrases) or sealed by a passphrase of the operator (`root.sealed`:
not even that; each start then waits for the passphrase). Imports no Django, because the settings need it.
"""

import os
import unicodedata
from contextlib import suppress
from pathlib import Path

from nacl import pwhash
from nacl.exceptions import CryptoError

from wayhouse.crypto.box import KEY_BYTES, CannotOpen, bind, close, hkdf, open_box

FILE, SEALED_FILE = "root.key", "root.sealed"
_OLD_FILE = "root.old"
# How the command that unsealed hands the key to its workers: through the environment of the process (decision 6).
HANDED_OVER = "WAYHOUSE_ROOT_KEY"
# A folder in memory (tmpfs) where commands of the same machine find the key while the house is open.
RUN = "WAYHOUSE_RUN"
SHORTEST = 20
# Design page "Confidentiality": 256 MiB, four passes, about 1.3 s.
MEMORY, PASSES = 256 * 1024 * 1024, 4
_MAGIC, _SALT_BYTES = b"wayhouse root 1\n", 16


class RootKeyError(Exception):
    """The root key file is missing bytes, is readable by others, or is sealed."""


def load(folder: Path) -> bytes:
    """The root key: handed over, else in memory, else in `folder`, made on first use.

    Error: `RootKeyError` with what to do.
    """
    handed_over = os.environ.get(HANDED_OVER)
    if handed_over:
        return _whole(bytes.fromhex(handed_over), HANDED_OVER)
    run = os.environ.get(RUN)
    if run and (Path(run) / FILE).exists():
        return _read(Path(run) / FILE)
    path = folder / FILE
    if is_sealed(folder):
        message = f"{folder / SEALED_FILE} is sealed. Start with `wayhouse serve`, which waits for the passphrase."
        raise RootKeyError(message)
    if not path.exists():
        _write(path, os.urandom(KEY_BYTES))
    return _read(path)


def is_sealed(folder: Path) -> bool:
    """Whether there is a sealed key and none in clear."""
    return (folder / SEALED_FILE).exists() and not (folder / FILE).exists()


def seal(folder: Path, passphrase: str) -> None:
    """Put `root.sealed` in the place of `root.key`. Errors: `RootKeyError`; `ValueError` for a short passphrase."""
    _check_length(passphrase)
    if is_sealed(folder):
        message = f"{folder / SEALED_FILE} is sealed already"
        raise RootKeyError(message)
    clear = folder / FILE
    if not clear.exists():
        _write(clear, os.urandom(KEY_BYTES))
    key, salt, target = _read(clear), os.urandom(_SALT_BYTES), folder / SEALED_FILE
    target.unlink(missing_ok=True)
    _write(target, _sealed(key, passphrase, salt))
    # The clear file goes only after the sealed one was seen to open.
    if unseal(folder, passphrase) != key:
        raise RootKeyError(f"{target} does not open; nothing else was changed")
    _sync(folder)
    # Out of its place before it is overwritten: an interrupted start would take the noise for the key.
    clear.rename(folder / _OLD_FILE)
    _sync(folder)
    _destroy(folder / _OLD_FILE)


def change_passphrase(folder: Path, before: str, after: str) -> None:
    """Seal a sealed key with another passphrase; the old file goes only after the new one was seen to open.

    Errors: `CannotOpen` for a wrong passphrase; `ValueError` for a short new one.
    """
    _check_length(after)
    key, salt = unseal(folder, before), os.urandom(_SALT_BYTES)
    target, fresh = folder / SEALED_FILE, folder / f"{SEALED_FILE}.new"
    fresh.unlink(missing_ok=True)
    _write(fresh, _sealed(key, after, salt))
    if _opened(fresh.read_bytes(), after) != key:
        raise RootKeyError(f"{fresh} does not open; nothing was changed")
    fresh.replace(target)
    _sync(folder)


def put(folder: Path, key: bytes) -> None:
    """Write down a root key that came back from paper. Error: `RootKeyError` where there is one."""
    path = folder / FILE
    _write(path, _whole(key, str(path)))
    if _read(path) != key:
        raise RootKeyError(f"{path} holds another key")


def unseal(folder: Path, passphrase: str) -> bytes:
    """The root key out of `root.sealed`. Error: `CannotOpen` for another passphrase or a damaged file."""
    key = _opened((folder / SEALED_FILE).read_bytes(), passphrase)
    # Where sealing was interrupted at its very end.
    _destroy(folder / _OLD_FILE)
    return key


def _sealed(key: bytes, passphrase: str, salt: bytes) -> bytes:
    return _MAGIC + salt + close(_stretched(passphrase, salt), key, bind("root", salt))


def _opened(content: bytes, passphrase: str) -> bytes:
    salt, box = content[len(_MAGIC) :][:_SALT_BYTES], content[len(_MAGIC) + _SALT_BYTES :]
    if not content.startswith(_MAGIC) or len(salt) != _SALT_BYTES:
        raise CannotOpen
    return open_box(_stretched(passphrase, salt), box, bind("root", salt))


def hand_over(key: bytes, run: Path) -> Path:
    """Put the key into a folder in memory, for the commands that run every hour. Error: `RootKeyError` elsewhere."""
    if not _is_in_memory(run):
        message = f"{run} is on a disk. {RUN} must be a folder in memory, such as /run/wayhouse"
        raise RootKeyError(message)
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = run / FILE
    path.unlink(missing_ok=True)
    _write(path, key)
    return path


def derive(root: bytes, purpose: str) -> bytes:
    """The 32-byte key for one purpose."""
    return hkdf(root, b"wayhouse|" + purpose.encode())


def _check_length(passphrase: str) -> None:
    if len(passphrase) < SHORTEST:
        message = f"a passphrase has at least {SHORTEST} characters"
        raise ValueError(message)


def _stretched(passphrase: str, salt: bytes) -> bytes:
    typed = unicodedata.normalize("NFC", " ".join(passphrase.split())).encode()
    try:
        return bytes(pwhash.argon2id.kdf(KEY_BYTES, typed, salt, opslimit=PASSES, memlimit=MEMORY))
    except CryptoError as error:
        raise CannotOpen from error


def _read(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        message = f"{path} can be read by others. Run: chmod 600 {path}"
        raise RootKeyError(message)
    return _whole(path.read_bytes(), str(path))


def _whole(key: bytes, where: str) -> bytes:
    if len(key) != KEY_BYTES:
        message = f"{where} must hold {KEY_BYTES} bytes, it holds {len(key)}. Restore it from your offline copy."
        raise RootKeyError(message)
    return key


def _write(path: Path, content: bytes) -> None:
    # O_EXCL and a rename-free single write: of two first starts only one makes the key.
    with suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _destroy(path: Path) -> None:
    """Overwrite a key in clear and remove its file, where there is one."""
    if not path.exists():
        return
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.write(os.urandom(KEY_BYTES))
        os.fsync(file.fileno())
    path.unlink()


def _sync(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_in_memory(folder: Path) -> bool:
    """By the mount that the folder is on (Linux)."""
    mounts, best, kind = Path("/proc/self/mounts"), "", ""
    if not mounts.exists():
        return False
    for line in mounts.read_text().splitlines():
        _device, place, found, *_rest = line.split()
        if folder.resolve().is_relative_to(place) and len(place) >= len(best):
            best, kind = place, found
    return kind in {"tmpfs", "ramfs"}

"""The root key of the server: one file of 32 random bytes, outside the data folder, readable by the owner only.

Everything else the server knows is derived from it. Members' words never depend on it alone.
Imports no Django, because the settings need it.
"""

import os
from pathlib import Path

from wayhouse.crypto.box import KEY_BYTES, hkdf

FILE = "root.key"


class RootKeyError(Exception):
    """The root key file is missing bytes or is readable by others."""


def load(folder: Path) -> bytes:
    """The root key in `folder`, made on first use. Error: `RootKeyError` with what to do."""
    path = folder / FILE
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        message = f"{path} can be read by others. Run: chmod 600 {path}"
        raise RootKeyError(message)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        message = f"{path} must hold {KEY_BYTES} bytes, it holds {len(key)}. Restore it from your offline copy."
        raise RootKeyError(message)
    return key


def derive(root: bytes, purpose: str) -> bytes:
    """The 32-byte key for one purpose."""
    return hkdf(root, b"wayhouse|" + purpose.encode())


def _make(path: Path) -> None:
    # O_EXCL and a rename-free single write: of two first starts only one makes the key.
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())

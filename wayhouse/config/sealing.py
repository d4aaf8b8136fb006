"""A sealed house: the operator's part in it, before anything that needs the root key is loaded."""

import argparse
import atexit
import os
import sys
from getpass import getpass
from pathlib import Path

from wayhouse.config import environ
from wayhouse.crypto import passphrase, rootkey
from wayhouse.crypto.box import CannotOpen

_BASE = Path(__file__).resolve().parents[2]


def keys_folder() -> Path:
    """The folder of the root key, as the settings have it."""
    return environ.folder("WAYHOUSE_KEYS", _BASE / "var" / "keys")


def seal() -> int:
    """`wayhouse seal`: ask for a passphrase, and seal the root key with it. The exit code."""
    folder = keys_folder()
    print(  # noqa: T201  this is the operator's terminal
        "From now on each start waits for a passphrase. Without it and without an offline copy of root.key nobody can"
        f" sign in again, ever.\nWrite down twice, on paper:\n\n  {(offered := passphrase.offer('en'))}\n"
    )
    typed = _typed("Type it to show that you have it, or one of your own: ")
    if typed != offered and _typed("Once more: ") != typed:
        return _complain("The two are not the same. Nothing was changed.")
    try:
        rootkey.seal(folder, typed)
    except (ValueError, rootkey.RootKeyError) as error:
        return _complain(f"Nothing was changed: {error}.")
    print(f"Sealed: {folder / rootkey.SEALED_FILE}. The key in clear is gone from this disk.")  # noqa: T201
    return 0


def open_house(words: list[str]) -> bool:
    """Where the root key is sealed, get it for the command `words` and its workers. Whether the command can go on."""
    folder = keys_folder()
    if os.environ.get(rootkey.HANDED_OVER) or not rootkey.is_sealed(folder) or words[:1] in ([], ["help"]):
        return True
    run = environ.text(rootkey.RUN)
    if words[0] != "serve" and run and (Path(run) / rootkey.FILE).exists():
        return True
    try:
        key = _from_page(folder, words) if words[0] == "serve" and not sys.stdin.isatty() else _from_terminal(folder)
        if words[0] == "serve" and run:
            # Gone again when the house closes.
            atexit.register(rootkey.hand_over(key, Path(run)).unlink, missing_ok=True)
    except CannotOpen:
        _complain("This passphrase opens nothing.")
        return False
    except rootkey.RootKeyError as error:
        _complain(str(error))
        return False
    os.environ[rootkey.HANDED_OVER] = key.hex()
    return True


def _from_page(folder: Path, words: list[str]) -> bytes:
    from wayhouse.config.door import wait_for_key

    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options, _others = parser.parse_known_args(words[1:])
    return wait_for_key(folder, options.host, options.port)


def _from_terminal(folder: Path) -> bytes:
    if not sys.stdin.isatty():
        raise rootkey.RootKeyError(
            f"The root key is sealed. Start `wayhouse serve` first, with {rootkey.RUN} set to a folder in memory."
        )
    return rootkey.unseal(folder, _typed("Passphrase of this house: "))


def _typed(question: str) -> str:
    return getpass(question) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _complain(words: str) -> int:
    print(words, file=sys.stderr)  # noqa: T201
    return 1

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
    """`wayhouse seal`: ask for a passphrase, and seal the root key with it. The exit code.

    A key that is sealed already gets another passphrase, by means of the present one.
    """
    folder = keys_folder()
    before = typed("Present passphrase of this house: ") if rootkey.is_sealed(folder) else None
    say(
        "From now on each start waits for a passphrase. Without it and without an offline copy of root.key nobody can"
        f" sign in again, ever.\nWrite down twice, on paper:\n\n  {(offered := passphrase.offer('en'))}\n"
    )
    given = typed("Type it to show that you have it, or one of your own: ")
    if given != offered and typed("Once more: ") != given:
        return complain("The two are not the same. Nothing was changed.")
    try:
        if before is None:
            rootkey.seal(folder, given)
        else:
            rootkey.change_passphrase(folder, before, given)
    except CannotOpen:
        return complain("The present passphrase opens nothing. Nothing was changed.")
    except (ValueError, rootkey.RootKeyError) as error:
        return complain(f"Nothing was changed: {error}.")
    say(f"Sealed: {folder / rootkey.SEALED_FILE}. The key in clear is gone from this disk.")
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
        complain("This passphrase opens nothing.")
        return False
    except rootkey.RootKeyError as error:
        complain(str(error))
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
    return rootkey.unseal(folder, typed("Passphrase of this house: "))


def typed(question: str) -> str:
    """What the operator types, unseen where there is a terminal."""
    return getpass(question) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def say(words: str) -> None:
    """Tell the operator something, on their terminal."""
    print(words)  # noqa: T201


def complain(words: str) -> int:
    """Say on standard error what went wrong; the exit code."""
    print(words, file=sys.stderr)  # noqa: T201
    return 1

"""`wayhouse shares`: the root key on three sheets of paper, and back from two of them."""

from pathlib import Path

from wayhouse.config.sealing import complain, keys_folder, say, typed
from wayhouse.crypto import rootkey, shares
from wayhouse.crypto.box import CannotOpen


def shares_command(words: list[str]) -> int:
    """`wayhouse shares` prints the sheets, `wayhouse shares --join` makes the key of two of them. The exit code."""
    if words not in ([], ["--join"]):
        return complain("wayhouse shares [--join]")
    try:
        return _join(keys_folder()) if words else _split(keys_folder())
    except CannotOpen:
        return complain("This passphrase opens nothing.")
    except (ValueError, rootkey.RootKeyError) as error:
        return complain(f"{error}. Nothing was changed.")


def _split(folder: Path) -> int:
    sealed = rootkey.is_sealed(folder)
    if not sealed and not (folder / rootkey.FILE).exists():
        raise rootkey.RootKeyError(f"there is no root key in {folder}; is WAYHOUSE_KEYS the one of the house?")
    key = rootkey.unseal(folder, typed("Passphrase of this house: ")) if sealed else rootkey.load(folder)
    sheets = shares.split(key)
    if shares.join(sheets[1:]) != key:
        return complain("The sheets do not give the key back. Nothing was printed.")
    say(f"The root key of {folder}.")
    say(
        "Copy each sheet by hand onto paper of its own and give the three to three people who do not live together."
        " Any two of them can open this house; one alone learns nothing. Then clear this screen.\n"
    )
    for number, sheet in enumerate(sheets, start=1):
        found = sheet.split()
        lines = [" ".join(found[start : start + 6]) for start in range(0, len(found), 6)]
        say(f"Sheet {number} of {shares.SHEETS}\n  " + "\n  ".join(lines) + "\n")
    return 0


def _join(folder: Path) -> int:
    for name in (rootkey.FILE, rootkey.SEALED_FILE):
        if (folder / name).exists():
            raise rootkey.RootKeyError(f"{folder / name} is there. Move it away first, if it is really of no use")
    given = [typed(f"Words of sheet {number} of {shares.NEEDED}, on one line: ") for number in (1, 2)]
    rootkey.put(folder, shares.join(given))
    say(
        f"The root key is back: {folder / rootkey.FILE}. `wayhouse doctor` tells whether it fits;"
        " `wayhouse seal` seals it."
    )
    return 0

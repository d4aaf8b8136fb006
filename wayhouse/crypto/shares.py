"""The root key on paper: three sheets of words, of which any two give it back and one alone tells nothing.

Shamir's secret sharing as in SLIP-39, by the library of its authors. Imports no Django: there may be no house yet.
"""

from collections.abc import Iterable

import shamir_mnemonic
from shamir_mnemonic.utils import MnemonicError

from wayhouse.crypto.box import KEY_BYTES

SHEETS, NEEDED = 3, 2


def split(key: bytes) -> list[str]:
    """The words of each sheet. Error: `ValueError` for what is no root key."""
    if len(key) != KEY_BYTES:
        message = f"a root key has {KEY_BYTES} bytes"
        raise ValueError(message)
    sheets: list[str] = shamir_mnemonic.generate_mnemonics(1, [(NEEDED, SHEETS)], key)[0]
    return sheets


def join(sheets: Iterable[str]) -> bytes:
    """The root key out of two sheets. Error: `ValueError` for sheets of two keys, one twice, or a slip of the pen."""
    typed = [" ".join(sheet.lower().split()) for sheet in sheets]
    try:
        key: bytes = shamir_mnemonic.combine_mnemonics(typed)
    except MnemonicError as error:
        raise ValueError(str(error)) from error
    if len(key) != KEY_BYTES:
        message = "these sheets hold no root key"
        raise ValueError(message)
    return key

"""Return codes: six machine-made words by which somebody without a name comes back to what they wrote.

The words are stretched (Argon2id, peppered) into a secret key and a tag; only the tag is stored, and the public half of
the key. Whoever steals the database, or the root key with it, finds neither words nor code.
"""

import re
import unicodedata
from typing import NamedTuple
from uuid import UUID

from wayhouse.crypto import passphrase

# No holder is known before the words are: all codes are stretched alike, so that one stretching finds any of them.
_NOBODY = UUID(int=0)
_WORD = re.compile(r"\w+")


class CodeKeys(NamedTuple):
    """What a code gives: a 32-byte secret key, and the tag in hex under which it is found again."""

    secret: bytes
    tag: str


def fresh(language: str) -> str:
    """Six random words (at least 77 bits), from the list of the language where there is one."""
    return passphrase.offer(language)


def keys_of(code: str) -> CodeKeys:
    """Stretch what was typed. Errors: `Busy`; `ValueError` beyond the longest passphrase."""
    secret, tag = passphrase.stretch(plain(code), passphrase.salt_for_nobody("return-code"), _NOBODY)
    return CodeKeys(secret, tag.hex())


def plain(code: str) -> str:
    """The words alone: case, hyphens, commas and spaces do not matter."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", code).casefold()))

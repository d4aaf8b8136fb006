"""From a passphrase or a recovery code to keys.

One Argon2id run gives both the slot's key and the verifier (RFC 9106; 64 MiB, 3 passes, 131 ms measured).
"""

import hashlib
import hmac
import os
import secrets
import threading
import unicodedata
from functools import cache
from importlib import resources
from uuid import UUID

from django.conf import settings
from nacl import pwhash

from wayhouse.crypto import server
from wayhouse.crypto.box import bind, hkdf

SHORTEST, LONGEST = 15, 256
WORDS_OFFERED = 6
_SALT_BYTES = 16
CODE_BYTES = 20
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32: no I, L, O, U
_LISTS = {"de": "wordlist_de_8k.txt"}
_DEFAULT_LIST = "wordlist_en_eff.txt"
# One at a time in each worker: sixteen at once would take a gigabyte of memory.
_one_at_a_time = threading.Lock()


class Busy(Exception):  # noqa: N818  answered with 503 and Retry-After, not a fault
    """Another passphrase is being stretched in this worker right now."""


def offer(language: str) -> str:
    """A machine-made passphrase: six random words (76 bits with the lists of 7,776 words and more)."""
    words = _words(_LISTS.get(language, _DEFAULT_LIST))
    return " ".join(secrets.choice(words) for _ in range(WORDS_OFFERED))


def fresh_salt() -> bytes:
    """16 random bytes."""
    return os.urandom(_SALT_BYTES)


def stretch(passphrase: str, salt: bytes, holder_id: UUID) -> tuple[bytes, bytes]:
    """(key of the slot, verifier): 32 bytes each. Errors: `Busy`; `ValueError` beyond `LONGEST` characters."""
    if len(passphrase) > LONGEST:
        message = f"a passphrase has at most {LONGEST} characters"
        raise ValueError(message)
    if not _one_at_a_time.acquire(blocking=False):
        raise Busy
    try:
        stretched = _argon2id(unicodedata.normalize("NFC", passphrase).encode(), salt)
    finally:
        _one_at_a_time.release()
    key = hkdf(stretched, bind("kek", holder_id.bytes), salt=server.pepper())
    proof = hkdf(stretched, bind("auth", holder_id.bytes), salt=server.pepper())
    return key, hashlib.sha256(proof).digest()


def refuse_where_busy() -> None:
    """For whoever would have to be told so anyway, before the work that comes first. Error: `Busy`."""
    if _one_at_a_time.locked():
        raise Busy


def salt_for_nobody(handle_tag: str) -> bytes:
    """A steady salt for handles that do not exist, so that a wrong handle costs what a wrong passphrase costs."""
    return hmac.digest(server.pepper(), bind("nobody", handle_tag), "sha256")[:_SALT_BYTES]


def fresh_code() -> str:
    """A recovery code of 160 bits: eight groups of four letters, shown once and stored nowhere."""
    return code_of(os.urandom(CODE_BYTES))


def code_of(secret: bytes) -> str:
    """The code that 20 secret bytes are."""
    number = int.from_bytes(secret, "big")
    letters = "".join(_ALPHABET[number >> 5 * place & 31] for place in range(32))
    return "-".join(letters[start : start + 4] for start in range(0, 32, 4))


def code_key(code: str, holder_id: UUID) -> bytes:
    """The slot key of a recovery code. Typing slips that Crockford foresaw (O, I, L, spaces, case) are forgiven."""
    typed = code.upper().translate(str.maketrans("OIL", "011", "- "))
    return hkdf(typed.encode(), bind("rec", holder_id.bytes), salt=server.pepper())


def _argon2id(passphrase: bytes, salt: bytes) -> bytes:
    quick = bool(settings.WAYHOUSE_QUICK_KDF)
    passes = pwhash.argon2id.OPSLIMIT_MIN if quick else 3
    memory = pwhash.argon2id.MEMLIMIT_MIN if quick else 64 * 1024 * 1024
    return bytes(pwhash.argon2id.kdf(64, passphrase, salt, opslimit=passes, memlimit=memory))


@cache
def _words(name: str) -> list[str]:
    # The lists come with the package "diceware": one word in each line, some with their dice before it.
    lines = (resources.files("diceware") / "wordlists" / name).read_text("utf-8").splitlines()
    return [line.split()[-1] for line in lines if line.strip() and not line.startswith("#")]

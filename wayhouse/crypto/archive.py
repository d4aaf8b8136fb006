"""Archives that a server can write and not read: a stream sealed to a public key whose secret half is kept offline.

An archive is a line that names the format, the stream key in a sealed box (X25519, libsodium `crypto_box_seal`), and
parts under XChaCha20-Poly1305 as libsodium's secretstream chains them: a part that is missing, moved or changed is
found out, and so is an end that was cut off.
"""

from base64 import b32decode, b32encode
from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO, Self

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from wayhouse.crypto.box import CannotOpen

MAGIC = b"wayhouse archive 1\n"
PART_BYTES = 64 * 1024
_MORE, _LAST = (
    bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
    (bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL),
)
_EXTRA = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_KEY = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES
_SEAL = bindings.crypto_box_SEALBYTES
_SUM_BYTES = 3


class BadKeyError(ValueError):
    """Words that are no key: mistyped, or a key of the other kind."""


def make_keys() -> tuple[str, str]:
    """A new pair as words to set and to write down: (public, secret)."""
    pair = PrivateKey.generate()
    return _spelled("public", bytes(pair.public_key)), _spelled("secret", bytes(pair))


class Writer:
    """Writes one archive. Leaving the block without an error seals its end; with one, the archive stays unreadable."""

    def __init__(self, file: BinaryIO, public: str, name: str) -> None:
        """`name` says what this archive is: it opens only under the same name. Error: `BadKeyError`."""
        key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
        sealed = SealedBox(PublicKey(_read("public", public))).encrypt(key)
        self._file, self._name, self._held = file, name.encode(), bytearray()
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        file.write(MAGIC + sealed + header)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_more: object) -> None:
        if kind is None:
            self._push(bytes(self._held), _LAST)

    def write(self, plain: bytes) -> None:
        """Add bytes."""
        self._held += plain
        while len(self._held) >= PART_BYTES:
            self._push(bytes(self._held[:PART_BYTES]), _MORE)
            del self._held[:PART_BYTES]

    def _push(self, part: bytes, tag: int) -> None:
        sealed = bindings.crypto_secretstream_xchacha20poly1305_push(self._state, part, self._name, tag)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)


def read_lines(file: BinaryIO, secret: str, name: str) -> Iterator[bytes]:
    """The lines of an archive, without their ends. Errors: `BadKeyError`, `CannotOpen`, also for a cut end."""
    held = b""
    for part in _parts(file, PrivateKey(_read("secret", secret)), name.encode()):
        *lines, held = (held + part).split(b"\n")
        yield from lines
    if held:
        yield held


def _parts(file: BinaryIO, secret: PrivateKey, name: bytes) -> Iterator[bytes]:
    if file.read(len(MAGIC)) != MAGIC:
        raise CannotOpen
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    try:
        key = SealedBox(secret).decrypt(file.read(_SEAL + _KEY))
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, file.read(_HEADER), key)
        tag = _MORE
        while tag != _LAST:
            size = int.from_bytes(file.read(4), "big")
            if not _EXTRA <= size <= PART_BYTES + _EXTRA:
                raise CannotOpen
            part, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, file.read(size), name)
            yield part
    except (CryptoError, ValueError, TypeError, RuntimeError) as error:
        raise CannotOpen from error
    if file.read(1):
        raise CannotOpen


def _spelled(kind: str, key: bytes) -> str:
    """A key in groups of four letters and digits that can be copied by hand, with a sum that finds mistakes."""
    text = b32encode(key + _sum(kind, key)).decode().rstrip("=")
    return "-".join([f"wayhouse-{kind}", *(text[start : start + 4] for start in range(0, len(text), 4))])


def _read(kind: str, spelled: str) -> bytes:
    mark, text = f"wayhouse-{kind}-", "".join(spelled.split())
    body = text[len(mark) :].replace("-", "").upper()
    if not text.lower().startswith(mark):
        raise BadKeyError(f"this is not a {kind} key for backups")
    try:
        raw = b32decode(body + "=" * (-len(body) % 8))
    except ValueError as error:
        raise BadKeyError(f"this {kind} key holds a character that no key has") from error
    key = raw[:-_SUM_BYTES]
    if len(key) != PublicKey.SIZE or raw[-_SUM_BYTES:] != _sum(kind, key):
        raise BadKeyError(f"this {kind} key is mistyped")
    return key


def _sum(kind: str, key: bytes) -> bytes:
    return sha256(f"wayhouse-{kind}".encode() + key).digest()[:_SUM_BYTES]

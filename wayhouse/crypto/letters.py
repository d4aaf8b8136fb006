"""Letters: what is closed for one holder while nobody's keys are at hand, and opens only with that holder's.

Form of a letter: tag of the server (32 bytes) || sealed key (80) || box.
"""

import hmac
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from wayhouse.crypto import server
from wayhouse.crypto.box import CannotOpen, bind, close, fresh_key, open_box
from wayhouse.crypto.keyring import present
from wayhouse.crypto.models import Keyholder

_TAG_BYTES, _SEALED_BYTES = 32, 80


def close_letter(holder: Keyholder, plain: bytes, context: bytes) -> bytes:
    """Close `plain` for a holder; it opens only with the same `context`. Needs nobody's private key.

    Error: `CannotOpen` where the holder's public key was exchanged.
    """
    key = fresh_key()
    sealed = SealedBox(PublicKey(holder.checked_public_key())).encrypt(key)
    box = close(key, plain, _bound(holder.pk, context))
    return server.letter_mac(_bound(holder.pk, context), sealed, box) + sealed + box


def open_letter(holder_id: UUID, letter: bytes, context: bytes) -> bytes:
    """The plain bytes, with the keys of whoever is acting.

    Error: `CannotOpen`, also for a letter that this house did not close.
    """
    tag, rest = letter[:_TAG_BYTES], letter[_TAG_BYTES:]
    sealed, box = rest[:_SEALED_BYTES], rest[_SEALED_BYTES:]
    if not hmac.compare_digest(tag, server.letter_mac(_bound(holder_id, context), sealed, box)):
        raise CannotOpen
    try:
        key = SealedBox(PrivateKey(present().secret_of(holder_id))).decrypt(sealed)
    except (CryptoError, ValueError) as error:
        raise CannotOpen from error
    return open_box(key, box, _bound(holder_id, context))


def _bound(holder_id: UUID, context: bytes) -> bytes:
    return bind("letter", holder_id.bytes, context)

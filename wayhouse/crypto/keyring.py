"""The keys that one signed-in holder can reach during one request; never kept longer, never cached elsewhere."""

import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from uuid import UUID

from django.db.models import QuerySet
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from wayhouse.core.prepared import prepared
from wayhouse.core.together import together
from wayhouse.crypto import server
from wayhouse.crypto.box import KEY_BYTES, CannotOpen, bind, fingerprint, hkdf, open_boxes
from wayhouse.crypto.models import Envelope, Shred

_CONTEXT_BYTES = 16
# Scope, epoch, holder, sealed key.
_EnvelopeRow = tuple[UUID, int, UUID, bytes | memoryview]
# Subject, boxed salt.
_ShredRow = tuple[UUID, bytes | memoryview]
# How many subjects are asked for in one statement.
_AT_ONCE = 512


class Locked(CannotOpen):
    """Nobody's keys are open here: not signed in, or signed in without having unlocked."""


class Keyring:
    """Secret keys of one holder (and of the desks they sit at) and what those open."""

    def __init__(self, holder_id: UUID, secret: bytes) -> None:
        """`secret` is the holder's 32-byte X25519 private key."""
        self.holder_id = holder_id
        self._secrets = {holder_id: secret}
        self._loaded_scopes: set[UUID] = set()
        self._envelopes: dict[tuple[UUID, int], list[tuple[UUID, bytes]]] = {}
        self._keys: dict[tuple[UUID, int], bytes] = {}
        self._salts: dict[UUID, bytes] = {}
        self._openers: dict[UUID, SealedBox[PrivateKey]] = {}

    def add_desk(self, holder_id: UUID, secret: bytes) -> None:
        """Reach through a shared desk too; scopes looked up before are looked up again."""
        self._secrets[holder_id] = secret
        self._openers.pop(holder_id, None)
        self._loaded_scopes.clear()

    @property
    def holder_ids(self) -> list[UUID]:
        """The holder, and the desks they sit at."""
        return list(self._secrets)

    def secret_of(self, holder_id: UUID) -> bytes:
        """The secret key of the holder or of one of the desks. Error: `CannotOpen`."""
        if holder_id not in self._secrets:
            raise CannotOpen
        return self._secrets[holder_id]

    def forget(self, scope_id: UUID) -> None:
        """The epochs of this scope changed: look again."""
        self._loaded_scopes.discard(scope_id)

    def load(self, scope_ids: Iterable[UUID], subject_ids: Iterable[UUID]) -> None:
        """Fetch what opens these scopes and subjects, in one query for as many as a page has."""
        scopes, subjects = set(scope_ids) - self._loaded_scopes, set(subject_ids) - self._salts.keys()
        if not scopes or not 0 < len(subjects) <= _AT_ONCE:
            self._load_envelopes(scopes)
            self._load_salts(subjects)
            return
        envelopes, shreds = _both(holders=tuple(self._secrets), scopes=tuple(scopes), subjects=tuple(subjects))
        self._keep_envelopes(scopes, envelopes)
        self._keep_salts(shreds)

    def epoch_key(self, scope_id: UUID, epoch: int) -> bytes:
        """The key of one epoch of a scope. Error: `CannotOpen` where this holder has no envelope."""
        key = self._keys.get((scope_id, epoch))
        if key is None:
            if (scope_id, epoch) not in self._envelopes:
                # Somebody else may have begun this epoch after we looked.
                self._load_envelopes({scope_id})
            key = self._keys[scope_id, epoch] = self._unseal(scope_id, epoch)
        return key

    def salt(self, subject_id: UUID) -> bytes:
        """The shred salt of a subject. Error: `CannotOpen` where the subject was erased."""
        if subject_id not in self._salts:
            self._load_salts({subject_id})
        if subject_id not in self._salts:
            raise CannotOpen
        return self._salts[subject_id]

    def blind_tag(self, *parts: bytes | str) -> str:
        """A tag in hex that only this holder's own key can compute: that somebody did something once, not who.

        Whoever has the database and every key of the server cannot tell whose it is, nor try people out.
        """
        own = hkdf(self._secrets[self.holder_id], b"blind-tags")
        return hmac.digest(own, bind(*parts), "sha256")[:_CONTEXT_BYTES].hex()

    def mask(self, *parts: bytes | str) -> "tuple[str, bytes]":
        """A tag in hex and a secret key that only this holder's own key can compute, the same each time.

        A key pair made of it belongs to somebody whom nobody else can name, with every key of the server.
        """
        own = hkdf(self._secrets[self.holder_id], b"masks")
        return self.blind_tag("mask", *parts), hkdf(own, bind(*parts))

    def _unseal(self, scope_id: UUID, epoch: int) -> bytes:
        for holder_id, sealed in self._envelopes.get((scope_id, epoch), []):
            # Somebody may be in a scope themselves and through a desk whose key was renewed since they sat down.
            with suppress(CannotOpen):
                return _unsealed(self._opener(holder_id), sealed, envelope_context(scope_id, epoch, holder_id))
        raise CannotOpen

    def _opener(self, holder_id: UUID) -> SealedBox[PrivateKey]:
        # Computes the public half of the key, which one page needs for a dozen envelopes.
        opener = self._openers.get(holder_id)
        if opener is None:
            opener = self._openers[holder_id] = SealedBox(PrivateKey(self._secrets[holder_id]))
        return opener

    def _load_envelopes(self, scope_ids: set[UUID]) -> None:
        if not scope_ids:
            return
        self._keep_envelopes(scope_ids, _envelopes(holders=tuple(self._secrets), scopes=tuple(scope_ids)))

    def _keep_envelopes(self, scope_ids: set[UUID], rows: Iterable[_EnvelopeRow]) -> None:
        for known in [key for key in self._envelopes if key[0] in scope_ids]:
            del self._envelopes[known]
        for scope_id, epoch, holder_id, sealed in rows:
            self._envelopes.setdefault((scope_id, epoch), []).append((holder_id, bytes(sealed)))
        self._loaded_scopes |= scope_ids

    def _load_salts(self, subject_ids: set[UUID]) -> None:
        wanted = list(subject_ids)
        # SQLite takes a bounded number of variables in one statement.
        for start in range(0, len(wanted), _AT_ONCE):
            self._keep_salts(_shreds(subjects=tuple(wanted[start : start + _AT_ONCE])))

    def _keep_salts(self, rows: "Iterable[_ShredRow]") -> None:
        known = dict(rows)
        boxes = ((bytes(box), bind("shred", subject_id.bytes)) for subject_id, box in known.items())
        self._salts.update(zip(known, open_boxes(server.shred_key(), boxes), strict=True))


def unseal_epoch_key(secret: bytes, holder_id: UUID, scope_id: UUID, epoch: int, sealed: bytes) -> bytes:
    """Open one envelope and check that it was made for just this place. Error: `CannotOpen`."""
    return _unsealed(SealedBox(PrivateKey(secret)), sealed, envelope_context(scope_id, epoch, holder_id))


def _unsealed(opener: SealedBox[PrivateKey], sealed: bytes, context: bytes) -> bytes:
    try:
        opened = opener.decrypt(sealed)
    except (CryptoError, ValueError) as error:
        raise CannotOpen from error
    if opened[KEY_BYTES:] != context:
        raise CannotOpen
    return opened[:KEY_BYTES]


def envelope_context(scope_id: UUID, epoch: int, holder_id: UUID) -> bytes:
    """What a sealed box cannot bind itself: 16 bytes that tie an envelope to scope, epoch and holder."""
    return fingerprint("ep", scope_id.bytes, epoch, holder_id.bytes)[:_CONTEXT_BYTES]


@prepared
def _envelopes(holders: tuple[UUID, ...], scopes: tuple[UUID, ...]) -> "QuerySet[Envelope, _EnvelopeRow]":
    rows = Envelope.objects.filter(holder_id__in=holders, scope_id__in=scopes)
    return rows.values_list("scope_id", "epoch", "holder_id", "sealed")


@prepared
def _shreds(subjects: tuple[UUID, ...]) -> "QuerySet[Shred, _ShredRow]":
    return Shred.objects.filter(pk__in=subjects).values_list("subject_id", "box")


_both = together(_envelopes, _shreds)

_present: ContextVar[Keyring | None] = ContextVar("keyring", default=None)


@contextmanager
def use(keyring: Keyring | None) -> Iterator[Keyring | None]:
    """Within this block sealed words open with this keyring; afterwards with the one before."""
    token = _present.set(keyring)
    try:
        yield keyring
    finally:
        _present.reset(token)


def present() -> Keyring:
    """The keyring of whoever is acting now. Error: `Locked` where nobody is."""
    keyring = _present.get()
    if keyring is None:
        raise Locked
    return keyring

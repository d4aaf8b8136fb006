"""The people and things of the log's own tests, and a house that signs logs without a database."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from wayhouse.audit import heads
from wayhouse.audit.models import AuditLeaf
from wayhouse.audit.tests.emptying import emptied_log
from wayhouse.audit.tests.grown import Grown
from wayhouse.audit.verifier.verify_audit import Head

__all__ = ["emptied_log"]

DAY = datetime(2026, 3, 4, tzinfo=UTC).date()
ENTRIES = 40


@dataclass(frozen=True)
class Person:
    pk: str | None


@dataclass(frozen=True)
class Meeting:
    pk: str | None


@pytest.fixture
def somebody() -> Person:
    return Person("5e8b7f6a")


@pytest.fixture
def somebody_else() -> Person:
    return Person("0c11d2aa")


@pytest.fixture
def meeting() -> Meeting:
    return Meeting("9d41aa02")


def entry(index: int, kind: str = "attendance.recorded") -> bytes:
    leaf = AuditLeaf(
        index=index,
        day=DAY,
        kind=kind,
        actor_tag=None if index % 5 == 0 else sha256(b"actor %d" % index).digest()[:16],
        object_tag=sha256(b"object %d" % index).digest()[:16],
        detail_commit=sha256(b"detail %d" % index).digest(),
    )
    return leaf.canonical()


class House:
    """A house that signs a log, honestly or not, and hands over what it is asked for."""

    def __init__(self, entries: list[bytes]) -> None:
        self.entries, self.tree = entries, Grown(entries)

    def note(self, size: int) -> bytes:
        return heads.signed_note(heads.head_text(size, self.tree.roots[size], DAY)).encode()

    def head(self, size: int) -> Head:
        return Head(heads.origin(), size, self.tree.roots[size], DAY.isoformat())

    def consistency(self, old: int, new: int) -> bytes:
        return self._proof({"from": old, "to": new}, self.tree.consistency(old, new))

    def inclusion(self, leaf: int, size: int) -> bytes:
        return self._proof({"leaf": leaf, "size": size}, self.tree.inclusion(leaf, size))

    def export(self, size: int) -> bytes:
        return b"".join(line + b"\n" for line in self.entries[:size])

    @staticmethod
    def _proof(numbers: dict[str, int], hashes: list[bytes]) -> bytes:
        return json.dumps({**numbers, "hashes": [hash_.hex() for hash_ in hashes]}).encode()


@pytest.fixture(scope="module")
def house() -> House:
    return House([entry(index) for index in range(ENTRIES)])


@pytest.fixture(scope="module")
def forged() -> House:
    """The same house, after it has rewritten entry 7."""
    return House(
        [entry(index, "attendance.forged" if index == 7 else "attendance.recorded") for index in range(ENTRIES)]
    )


def flips(data: bytes) -> Iterator[bytes]:
    """Every copy of the data with a single bit turned over."""
    for at in range(len(data)):
        for bit in range(8):
            yield data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]

#!/usr/bin/env python3
"""Check the log of a Wayhouse house. One file, offline, Python 3.10 or newer and nothing else.

    python3 verify_audit.py --key KEY --new head.txt
        [--old old-head.txt [--consistency proof.json]]
        [--leaf LEAF --inclusion proof.json]
        [--export leaves.jsonl]

KEY is the public key of the log, 64 hexadecimal digits: write it down at your first visit and never take it
from the house again. Keep every head you were shown. LEAF is one line of the export.
Each check that holds prints a line with PASS; the first that does not prints FAIL and ends the run.
Exit code: 0 where everything passed, 1 where anything did not, 2 where the call itself was wrong.
"""

import argparse
import json
import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any, NamedTuple

# Ed25519, verification only (RFC 8032, section 5.1)
_HASH_BYTES, _KEY_BYTES, _SIGNATURE_BYTES = 32, 32, 64
_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

# Extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
Point = tuple[int, int, int, int]


def verify_signature(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the 64-byte signature over the message was made with the secret half of the 32-byte key."""
    if len(key) != _KEY_BYTES or len(signature) != _SIGNATURE_BYTES:
        return False
    public, commitment = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or scalar >= _ORDER:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % _ORDER
    left, right = _times(scalar, _BASE), _plus(commitment, _times(challenge, public))
    return not any((left[axis] * right[2] - right[axis] * left[2]) % _P for axis in (0, 1))


def _point(encoded: bytes) -> Point | None:
    number = int.from_bytes(encoded, "little")
    y, sign = number % 2**255, number >> 255
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if y >= _P or x * x % _P != square or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else _P - x
    return x, y, 1, x * y % _P


def _plus(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _plus(total, point)
        point, scalar = _plus(point, point), scalar >> 1
    return total


_BASE = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little")) or (0, 1, 1, 0)


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry in the Merkle tree (RFC 9162, section 2.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return sha256(b"\x01" + left + right).digest()


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf's hash to the root (section 2.1.3.2)."""
    if not 0 <= index < size or any(len(step) != _HASH_BYTES for step in (leaf, root, *proof)):
        return False
    reached = _climb(index, size - 1, leaf, proof)
    return reached is not None and reached[1] == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the new tree begins with the old one and only adds to it (section 2.1.4.2)."""
    if not 0 < old <= new or any(len(step) != _HASH_BYTES for step in (old_root, new_root, *proof)):
        return False
    if old == new or not proof:
        return old == new and not proof and old_root == new_root
    # A perfect old tree is itself a node of the new one, and so left out of the proof.
    first, *steps = [old_root, *proof] if old & (old - 1) == 0 else proof
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    return _climb(number, last, first, steps) == (old_root, new_root)


def _climb(number: int, last: int, first: bytes, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """From node `number` of a level up to the roots: without and with what lies to its right."""
    left_only = whole = first
    for step in steps:
        if last == 0:
            return None
        if number & 1 or number == last:
            left_only, whole = node_hash(step, left_only), node_hash(step, whole)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            whole = node_hash(whole, step)
        number, last = number >> 1, last >> 1
    return None if last else (left_only, whole)


class Tree:
    """A growing tree that remembers its perfect subtrees only, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []

    def add(self, data: bytes) -> None:
        """Append an entry."""
        carried, rest = leaf_hash(data), self.size
        while rest & 1:
            carried, rest = node_hash(self._subtrees.pop(), carried), rest >> 1
        self._subtrees.append(carried)
        self.size += 1

    def root(self) -> bytes:
        """The root over everything added so far."""
        if not self._subtrees:
            return sha256(b"").digest()
        *larger, right = self._subtrees
        for left in reversed(larger):
            right = node_hash(left, right)
        return right


_NOTE = re.compile(
    r"(([!-~]+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/]{43}=)\n([0-9]{4}-[0-9]{2}-[0-9]{2})\n)"
    r"\n\u2014 ([!-~]+) ([A-Za-z0-9+/]{91}=)\n"
)
_HASH = re.compile("[0-9a-f]{64}")
_LEAF_FIELDS = {"actor_tag", "day", "detail_commit", "i", "kind", "object_tag"}


class Refused(ValueError):  # noqa: N818 - the word of the report
    """A check that did not hold, in words."""


class Head(NamedTuple):
    """A signed statement: at this size, the log had this root."""

    origin: str
    size: int
    root: bytes
    day: str


def must(held: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Error: `Refused` with these words unless it held."""
    if not held:
        raise Refused(otherwise)


def read_head(note: bytes, key: bytes) -> Head:
    """The head in a signed note. Error: `Refused` unless form and signature are exactly right."""
    found = _NOTE.fullmatch(note.decode(errors="replace"))
    must(found is not None, "this is not a signed head")
    text, origin, size, encoded_root, day, signer, encoded_signature = found.groups() if found else [""] * 7
    root, signature = b64decode(encoded_root), b64decode(encoded_signature)
    written = b64encode(root).decode(), b64encode(signature).decode()
    must(written == (encoded_root, encoded_signature), "the base64 is not in its one permitted form")
    hint = sha256(origin.encode() + b"\n\x01" + key).digest()[:4]
    must(signer == origin and signature[:4] == hint, "signed with another key than yours")
    must(verify_signature(key, text.encode(), signature[4:]), "the signature is not right")
    return Head(origin, int(size), root, day)


def read_proof(data: bytes, numbers: dict[str, int]) -> list[bytes]:
    """The hashes of a proof that was made for exactly these numbers. Error: `Refused`."""
    proof = _object(data)
    asked = {name: proof.get(name) for name in numbers}
    must(asked == numbers, f"the proof is for {asked}, and {numbers} was needed")
    hashes = proof.get("hashes")
    form = isinstance(hashes, list) and all(_HASH.fullmatch(str(step)) for step in hashes)
    must(form, "this is not a proof")
    return [bytes.fromhex(step) for step in proof["hashes"]]


def read_leaf(line: bytes) -> int:
    """The index of an entry, given as its exact bytes. Error: `Refused` unless in its one permitted form."""
    leaf = _object(line)
    must(leaf.keys() == _LEAF_FIELDS and type(leaf["i"]) is int, "this is not an entry of the log")
    written = json.dumps(leaf, sort_keys=True, separators=(",", ":")).encode()
    must(written == line, "the entry is not in its one permitted form")
    return int(leaf["i"])


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def check_old(old: Head, new: Head, proof: bytes | None) -> None:
    """Nothing was taken away since the old head and, with a proof, nothing changed. Error: `Refused`."""
    must(old.origin == new.origin, f"these are heads of two logs, {old.origin} and {new.origin}")
    must(old.size <= new.size, f"FORK: the log had {old.size} entries and now has {new.size}")
    must(old.size < new.size or old.root == new.root, f"FORK: two different logs of {new.size} entries")
    must(old.size > 0 or old.root == Tree().root(), "the old head speaks of entries in an empty log")
    if proof is not None and old.size:
        hashes = read_proof(proof, {"from": old.size, "to": new.size})
        grown = verify_consistency(old.size, new.size, old.root, new.root, hashes)
        must(grown, "FORK: the proof does not show that the new log only adds to the old one")


def check_leaf(line: bytes, proof: bytes, new: Head) -> None:
    """The entry, given as its exact bytes, is in the log. Error: `Refused`."""
    index = read_leaf(line)
    hashes = read_proof(proof, {"leaf": index, "size": new.size})
    included = verify_inclusion(leaf_hash(line), index, new.size, hashes, new.root)
    must(included, f"entry {index} is not in the log as it is written here")


def check_export(lines: Iterable[bytes], new: Head, old: Head | None = None) -> None:
    """The lines are the log at the new head and begin with the log at the old one. Error: `Refused`."""
    tree = Tree()
    for line in lines:
        must(line.endswith(b"\n"), f"line {tree.size + 1} is cut off")
        must(read_leaf(line[:-1]) == tree.size, f"line {tree.size + 1} is not entry {tree.size}")
        tree.add(line[:-1])
        if old is not None and tree.size == old.size:
            must(tree.root() == old.root, f"FORK: not the entries that were signed on {old.day}")
    must(tree.size == new.size, f"the export has {tree.size} entries, and the head says {new.size}")
    must(tree.root() == new.root, f"not the entries that were signed on {new.day}")


def check(given: argparse.Namespace) -> Iterator[str]:
    """Yields what passed, in words. Error: `Refused` or `OSError` at the first check that does not hold."""
    new = read_head(given.new.read_bytes(), given.key)
    yield f"new head: {new.size} entries on {new.day}, signed with your key"
    old, proof = None, given.consistency.read_bytes() if given.consistency else None
    if given.old:
        old = read_head(given.old.read_bytes(), given.key)
        check_old(old, new, proof)
        shown = old.size in {0, new.size} or proof is not None or given.export
        must(bool(shown), "whether the log only grew takes --consistency or --export")
        yield f"old head: {old.size} entries on {old.day}, signed with your key"
    if proof is not None:
        yield "the log only grew between the two heads"
    if given.leaf:
        check_leaf(given.leaf.read_bytes().removesuffix(b"\n"), given.inclusion.read_bytes(), new)
        yield "the entry is in the log as it is written here"
    if given.export:
        with given.export.open("rb") as lines:
            check_export(lines, new, old)
        yield f"the export is the whole log: its {new.size} entries lead to the signed root"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the checks that were asked for and print their outcome."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--key", type=bytes.fromhex, required=True)
    for name in ("new", "old", "consistency", "leaf", "inclusion", "export"):
        parser.add_argument(f"--{name}", type=Path, required=name == "new")
    given = parser.parse_args(arguments)
    if bool(given.leaf) != bool(given.inclusion) or (given.consistency and not given.old):
        parser.error("--leaf goes with --inclusion, and --consistency with --old")
    try:
        for words in check(given):
            sys.stdout.write(f"PASS {words}\n")
    except (Refused, OSError) as error:
        sys.stdout.write(f"FAIL {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

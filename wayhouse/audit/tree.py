"""The Merkle tree of RFC 9162, section 2.1, with SHA-256: growing, proofs, and their verification. Pure.

A proof is planned first, as spans of leaves that are hashed together, and filled in afterwards from perfect
subtrees. The log stores every perfect subtree beside the leaf that completes it, so that a proof costs one
query whatever the size of the log.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

# Leaves `start` to `stop - 1`, always a node of some RFC 9162 tree.
Span = tuple[int, int]
# (level, number): the perfect subtree over the leaves `number * 2**level` to `(number + 1) * 2**level - 1`.
Block = tuple[int, int]


def leaf_hash(data: bytes) -> bytes:
    """The 32-byte hash of a leaf; the prefix keeps a leaf from ever passing for a node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32-byte hash of an inner node over its two 32-byte children."""
    return sha256(b"\x01" + left + right).digest()


def append(frontier: Sequence[bytes], size: int, leaf: bytes) -> tuple[list[bytes], list[bytes]]:
    """Add a leaf hash to a tree of `size` leaves, given as the roots of its perfect subtrees, largest first.

    Returns the new frontier, and the roots of levels 1, 2, ... of the perfect subtrees that the leaf completes.
    """
    kept, carried, completed = list(frontier), leaf, []
    while size & 1:
        carried = node_hash(kept.pop(), carried)
        completed.append(carried)
        size >>= 1
    return [*kept, carried], completed


def root(frontier: Sequence[bytes]) -> bytes:
    """The root of the tree whose perfect subtrees, largest first, are `frontier`."""
    if not frontier:
        return EMPTY_ROOT
    *larger, right = frontier
    for left in reversed(larger):
        right = node_hash(left, right)
    return right


def blocks(span: Span) -> list[Block]:
    """The perfect subtrees that make up a span, largest first."""
    start, stop = span
    found = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def span_hash(span: Span, block_hash: Callable[[Block], bytes]) -> bytes:
    """The hash of the node over a span, from the hashes of its perfect subtrees."""
    return root([block_hash(block) for block in blocks(span)])


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The nodes that prove leaf `index` in the tree of `size` leaves, lowest first (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    start, stop, spans = 0, size, list[Span]()
    while stop - start > 1:
        middle = start + _largest_power_below(stop - start)
        if index < middle:
            spans.append((middle, stop))
            stop = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """The nodes that prove that the tree of `new` leaves begins with the one of `old` (RFC 9162, 2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError(f"no proof between trees of {old} and {new}")
    start, stop, spans = 0, new, list[Span]()
    while stop != old:
        middle = start + _largest_power_below(stop - start)
        if old <= middle:
            spans.append((middle, stop))
            stop = middle
        else:
            spans.append((start, middle))
            start = middle
    # The verifier knows the root of the old tree, unless it lies deeper in the new one.
    if start:
        spans.append((start, stop))
    return spans[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether `proof` leads from a leaf hash to the root `expected` of `size` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, expected, *proof):
        return False
    number, last, reached = index, size - 1, leaf
    for hash_ in proof:
        if last == 0:
            return False
        if number & 1 or number == last:
            reached = node_hash(hash_, reached)
            number, last = _climb(number, last)
        else:
            reached = node_hash(reached, hash_)
        number, last = number >> 1, last >> 1
    return last == 0 and reached == expected


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the new tree only appends to the old one (RFC 9162, 2.1.4.2).

    Nothing can be shown about an empty old tree: the answer is no.
    """
    if not 0 < old <= new or not _are_hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    if not proof:
        return False
    # An old tree that is perfect is itself a node of the new one, and so left out of the proof.
    first, *path = [old_root, *proof] if old & (old - 1) == 0 else proof
    number, last = _climb_while_odd(old - 1, new - 1)
    reached_old = reached_new = first
    for hash_ in path:
        if last == 0:
            return False
        if number & 1 or number == last:
            reached_old, reached_new = node_hash(hash_, reached_old), node_hash(hash_, reached_new)
            number, last = _climb(number, last)
        else:
            reached_new = node_hash(reached_new, hash_)
        number, last = number >> 1, last >> 1
    return last == 0 and reached_old == old_root and reached_new == new_root


def _climb(number: int, last: int) -> tuple[int, int]:
    """Up to the lowest level at which the node is a right child, or the leftmost one."""
    while number and not number & 1:
        number, last = number >> 1, last >> 1
    return number, last


def _climb_while_odd(number: int, last: int) -> tuple[int, int]:
    while number & 1:
        number, last = number >> 1, last >> 1
    return number, last


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def _largest_power_below(size: int) -> int:
    """The largest power of two smaller than `size`, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)

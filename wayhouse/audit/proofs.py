"""Proofs for the auditor, made from the stored subtrees with one query each."""

from collections.abc import Sequence

from wayhouse.audit import tree
from wayhouse.audit.models import AuditLeaf


class DamagedLogError(RuntimeError):
    """The stored log contradicts itself: entries are missing, or it does not continue its own last head."""


def inclusion_proof(index: int, size: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of the first `size` leaves, lowest first.

    Errors: `ValueError` where such a tree has no such leaf, `DamagedLogError` where entries are missing.
    """
    return _hashes(tree.inclusion_spans(index, size))


def consistency_proof(old: int, new: int) -> list[bytes]:
    """The hashes that show that the log of `new` leaves only appends to the log of `old`.

    Errors: `ValueError` unless 0 < old <= new, `DamagedLogError` where entries are missing.
    """
    return _hashes(tree.consistency_spans(old, new))


def _hashes(spans: Sequence[tree.Span]) -> list[bytes]:
    wanted = {_completing_leaf(block) for span in spans for block in tree.blocks(span)}
    leaves = AuditLeaf.objects.in_bulk(wanted)
    if len(leaves) < len(wanted):
        raise DamagedLogError(f"{len(wanted) - len(leaves)} entries of the log are missing")

    def block_hash(block: tree.Block) -> bytes:
        hashes = leaves[_completing_leaf(block)].block_hashes
        if block[0] >= len(hashes):
            raise DamagedLogError(f"entry {_completing_leaf(block)} of the log is damaged")
        return hashes[block[0]]

    return [tree.span_hash(span, block_hash) for span in spans]


def _completing_leaf(block: tree.Block) -> int:
    level, number = block
    return ((number + 1) << level) - 1

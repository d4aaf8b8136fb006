from collections.abc import Callable, Sequence
from hashlib import sha256
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhouse.audit import tree
from wayhouse.audit.tests.grown import Grown
from wayhouse.audit.verifier import verify_audit

MOST = 70
# The eight entries and the root of the test vectors of Certificate Transparency.
CT_ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOT = bytes.fromhex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
# Of every root and inclusion proof of the trees of 1 to 70 entries, as pymerkle 7.0.0 gives them: SHA-256 of one after
# the other. It took each of our roots for every consistency proof of its own, too (2026-11-28).
PYMERKLE = "149dacdd7346fc38865bccaa1e7aef40bd5b89265b1c94689f0f27b663655adc"
# The house and its auditor each have their own: they must agree on everything.
both = pytest.mark.parametrize("judge", [tree, verify_audit], ids=["tree", "verifier"])


def rfc_split(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def rfc_root(leaves: Sequence[bytes]) -> bytes:
    """The recursive definition of RFC 9162, 2.1.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = rfc_split(len(leaves))
    return sha256(b"\x01" + rfc_root(leaves[:k]) + rfc_root(leaves[k:])).digest()


def rfc_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The recursive definition of RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = rfc_split(len(leaves))
    if index < k:
        return [*rfc_path(index, leaves[:k]), rfc_root(leaves[k:])]
    return [*rfc_path(index - k, leaves[k:]), rfc_root(leaves[:k])]


def rfc_subproof(old: int, leaves: Sequence[bytes], *, known: bool) -> list[bytes]:
    """The recursive definition of RFC 9162, 2.1.4.1."""
    if old == len(leaves):
        return [] if known else [rfc_root(leaves)]
    k = rfc_split(len(leaves))
    if old <= k:
        return [*rfc_subproof(old, leaves[:k], known=known), rfc_root(leaves[k:])]
    return [*rfc_subproof(old - k, leaves[k:], known=False), rfc_root(leaves[:k])]


@pytest.fixture(scope="module")
def grown() -> Grown:
    return Grown([b"entry %d" % number for number in range(MOST)])


def bad_proofs(proof: list[bytes], roots: Sequence[bytes]) -> list[list[bytes]]:
    """A proof cut, stretched, turned round, and with one bit of each hash flipped."""
    strange = tree.leaf_hash(b"strange")
    flipped = [[*proof[:at], bytes([hash_[0] ^ 4]) + hash_[1:], *proof[at + 1 :]] for at, hash_ in enumerate(proof)]
    short = [[*proof[:at], hash_[:-1], *proof[at + 1 :]] for at, hash_ in enumerate(proof)]
    longer = [[*proof, extra] for extra in (strange, b"", *roots)] + [[extra, *proof] for extra in (strange, *roots)]
    cut = [proof[:-1], proof[1:]] if proof else []
    turned = [proof[::-1]] if proof != proof[::-1] else []
    return [*flipped, *short, *longer, *cut, *turned]


def test_known_answer_of_certificate_transparency() -> None:
    assert tree.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert tree.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert Grown(CT_ENTRIES).roots[8] == CT_ROOT


def test_every_small_tree_is_the_one_of_the_standard(grown: Grown) -> None:
    for size in range(MOST):
        leaves = grown.leaves[:size]
        assert grown.roots[size] == rfc_root(leaves)
        for index in range(size):
            assert grown.inclusion(index, size) == rfc_path(index, leaves)
        for old in range(1, size + 1):
            assert grown.consistency(old, size) == rfc_subproof(old, leaves, known=True)


def test_roots_and_proofs_are_those_of_pymerkle(grown: Grown) -> None:
    told = sha256()
    for size in range(1, MOST + 1):
        told.update(grown.roots[size])
        for index in range(size):
            told.update(b"".join(grown.inclusion(index, size)))
    assert told.hexdigest() == PYMERKLE


@both
def test_every_inclusion_proof_holds_and_no_altered_one(judge: ModuleType, grown: Grown) -> None:
    verify: Callable[..., bool] = judge.verify_inclusion
    strange = tree.leaf_hash(b"strange")
    for size in range(1, MOST):
        root = grown.roots[size]
        for index in range(size):
            leaf, proof = grown.leaves[index], grown.inclusion(index, size)
            assert verify(leaf, index, size, proof, root)
            assert not verify(strange, index, size, proof, root)
            assert not verify(leaf, index, size, proof, strange)
            assert not verify(leaf, index, size, proof, grown.roots[size + 1])
            for wrong in (index - 1, index + 1, index ^ 2, index + size):
                assert not verify(leaf, wrong, size, proof, root)
            for altered in bad_proofs(proof, [root]):
                assert not verify(leaf, index, size, altered, root)


@both
def test_every_consistency_proof_holds_and_no_altered_one(judge: ModuleType, grown: Grown) -> None:
    verify: Callable[..., bool] = judge.verify_consistency
    strange = tree.leaf_hash(b"strange")
    for new in range(1, MOST):
        for old in range(1, new + 1):
            roots, proof = (grown.roots[old], grown.roots[new]), grown.consistency(old, new)
            assert verify(old, new, *roots, proof)
            assert not verify(old, new, strange, roots[1], proof)
            assert not verify(old, new, roots[0], strange, proof)
            assert not verify(new, old, *roots, proof) or old == new
            assert not verify(old, new, *roots[::-1], proof) or old == new
            for altered in bad_proofs(proof, roots):
                assert not verify(old, new, *roots, altered)


@both
def test_nothing_is_shown_about_an_empty_tree_or_a_negative_leaf(judge: ModuleType, grown: Grown) -> None:
    assert not judge.verify_consistency(0, 1, tree.EMPTY_ROOT, grown.roots[1], [])
    assert not judge.verify_consistency(0, 0, tree.EMPTY_ROOT, tree.EMPTY_ROOT, [])
    assert not judge.verify_consistency(-1, 1, tree.EMPTY_ROOT, grown.roots[1], [])
    assert not judge.verify_inclusion(grown.leaves[0], 0, 0, [], tree.EMPTY_ROOT)
    assert not judge.verify_inclusion(grown.leaves[0], -1, 1, [], grown.leaves[0])
    assert not judge.verify_inclusion(grown.leaves[0][:31], 0, 1, [], grown.leaves[0][:31])


@pytest.mark.parametrize(("old", "new"), [(0, 1), (2, 1), (-1, 3)])
def test_no_consistency_spans_between_such_sizes(old: int, new: int) -> None:
    with pytest.raises(ValueError, match=f"between trees of {old} and {new}"):
        tree.consistency_spans(old, new)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3)])
def test_no_inclusion_spans_for_such_a_leaf(index: int, size: int) -> None:
    with pytest.raises(ValueError, match=f"no leaf {index} in a tree of {size}"):
        tree.inclusion_spans(index, size)


@given(entries=st.lists(st.binary(max_size=40), min_size=1, max_size=300), data=st.data())
def test_any_tree_proves_its_leaves_and_its_past(entries: list[bytes], data: st.DataObject) -> None:
    grown, size = Grown(entries), len(entries)
    index = data.draw(st.integers(0, size - 1), "index")
    old = data.draw(st.integers(1, size), "old")
    root = grown.roots[size]
    assert root == rfc_root(grown.leaves)
    for judge in (tree, verify_audit):
        assert judge.verify_inclusion(grown.leaves[index], index, size, grown.inclusion(index, size), root)
        assert judge.verify_consistency(old, size, grown.roots[old], root, grown.consistency(old, size))


@given(entries=st.lists(st.binary(max_size=4), min_size=2, max_size=200), data=st.data())
def test_no_changed_past_is_accepted(entries: list[bytes], data: st.DataObject) -> None:
    size = len(entries)
    at = data.draw(st.integers(0, size - 2), "changed entry")
    old = data.draw(st.integers(at + 1, size - 1), "size of the head that was kept")
    kept = Grown(entries).roots[old]
    forged = Grown([*entries[:at], entries[at] + b"!", *entries[at + 1 :]])
    for judge in (tree, verify_audit):
        assert not judge.verify_consistency(old, size, kept, forged.roots[size], forged.consistency(old, size))

import json
import random
from collections.abc import Callable
from io import BytesIO

import pytest

from wayhouse.audit import tree
from wayhouse.audit.tests.conftest import House, entry, flips
from wayhouse.audit.verifier import verify_audit
from wayhouse.audit.verifier.verify_audit import Refused
from wayhouse.crypto import server

OLD, NEW = 23, 40
MUTATIONS = 1000
SEED = 20260304


def test_a_head_is_read(house: House) -> None:
    assert verify_audit.read_head(house.note(NEW), server.verify_key()) == house.head(NEW)


def test_a_head_of_another_key_is_refused(house: House) -> None:
    with pytest.raises(Refused, match="signed with another key than yours"):
        verify_audit.read_head(house.note(NEW), bytes(32))


def test_no_bit_of_a_head_can_be_turned(house: House) -> None:
    altered_notes = list(flips(house.note(NEW)))
    for altered in random.Random(SEED).sample(altered_notes, 150):  # noqa: S311 - not a secret
        with pytest.raises(Refused):
            verify_audit.read_head(altered, server.verify_key())


def test_a_head_has_one_form(house: House) -> None:
    note = house.note(NEW)
    root, rest = note.split(b"\n")[2], note.split(b"=\n")[0]
    # The last letter before the padding has two bits that decode to nothing.
    twin = rest[:-1] + bytes([rest[-1] + 1]) + note[len(rest) :]
    assert twin.split(b"\n")[2] != root
    with pytest.raises(Refused, match="base64 is not in its one permitted form"):
        verify_audit.read_head(twin, server.verify_key())
    for odd in (note + b"\n", note.replace(b"\n", b"\r\n"), b"\n" + note, note * 2, b"", b"\xff"):
        with pytest.raises(Refused, match="this is not a signed head"):
            verify_audit.read_head(odd, server.verify_key())


def test_no_bit_of_a_consistency_proof_can_be_turned(house: House) -> None:
    old, new, proof = house.head(OLD), house.head(NEW), house.consistency(OLD, NEW)
    verify_audit.check_old(old, new, proof)
    for altered in flips(proof):
        with pytest.raises(Refused):
            verify_audit.check_old(old, new, altered)


def test_no_bit_of_an_entry_or_its_proof_can_be_turned(house: House) -> None:
    line, proof, new = house.entries[7], house.inclusion(7, NEW), house.head(NEW)
    verify_audit.check_leaf(line, proof, new)
    for altered in flips(line):
        with pytest.raises(Refused):
            verify_audit.check_leaf(altered, proof, new)
    for altered in flips(proof):
        with pytest.raises(Refused):
            verify_audit.check_leaf(line, altered, new)


def test_a_proof_for_other_numbers_is_refused(house: House) -> None:
    with pytest.raises(Refused, match="the proof is for"):
        verify_audit.check_old(house.head(OLD), house.head(NEW), house.consistency(OLD - 1, NEW))
    with pytest.raises(Refused, match="the proof is for"):
        verify_audit.check_leaf(house.entries[7], house.inclusion(8, NEW), house.head(NEW))


@pytest.mark.parametrize("proof", [b"", b"[]", b"{}", b'{"from":23,"to":40}', b'{"from":23,"to":40,"hashes":5}', b"["])
def test_what_is_no_proof_is_refused(house: House, proof: bytes) -> None:
    with pytest.raises(Refused):
        verify_audit.check_old(house.head(OLD), house.head(NEW), proof)


def test_json_nested_beyond_reason_is_refused() -> None:
    with pytest.raises(Refused, match="not an entry of the log"):
        verify_audit.read_leaf(b"[" * 100_000)


def test_a_smaller_log_is_a_fork(house: House) -> None:
    with pytest.raises(Refused, match="FORK: the log had 40 entries and now has 23"):
        verify_audit.check_old(house.head(NEW), house.head(OLD), None)


def test_two_logs_of_one_size_are_a_fork(house: House, forged: House) -> None:
    with pytest.raises(Refused, match="FORK: two different logs of 40 entries"):
        verify_audit.check_old(house.head(NEW), forged.head(NEW), None)


@pytest.mark.abuse(33)
def test_a_changed_past_is_a_fork(house: House, forged: House) -> None:
    with pytest.raises(Refused, match="FORK: the proof does not show"):
        verify_audit.check_old(house.head(OLD), forged.head(NEW), forged.consistency(OLD, NEW))
    with pytest.raises(Refused, match="FORK: not the entries that were signed on 2026-03-04"):
        verify_audit.check_export(BytesIO(forged.export(NEW)), forged.head(NEW), house.head(OLD))


def test_heads_of_two_logs_are_not_compared(house: House) -> None:
    other = house.head(OLD)._replace(origin="audit-log/other")
    with pytest.raises(Refused, match="heads of two logs"):
        verify_audit.check_old(other, house.head(NEW), None)


def test_an_empty_log_has_one_root(house: House) -> None:
    empty = house.head(0)
    verify_audit.check_old(empty, house.head(NEW), None)
    with pytest.raises(Refused, match="entries in an empty log"):
        verify_audit.check_old(empty._replace(root=bytes(32)), house.head(NEW), None)


def test_an_export_is_the_whole_log(house: House) -> None:
    verify_audit.check_export(BytesIO(house.export(NEW)), house.head(NEW), house.head(OLD))
    verify_audit.check_export(BytesIO(b""), house.head(0))
    with pytest.raises(Refused, match="the export has 39 entries, and the head says 40"):
        verify_audit.check_export(BytesIO(house.export(NEW - 1)), house.head(NEW))
    with pytest.raises(Refused, match="not the entries that were signed"):
        verify_audit.check_export(BytesIO(b""), house.head(0)._replace(root=bytes(32)))


def mutations(lines: list[bytes], chosen: random.Random) -> dict[str, Callable[[], list[bytes]]]:
    """The ways in which one row of an export can be tampered with, each different from the original."""
    at, other = chosen.sample(range(len(lines)), 2)
    fields = json.loads(lines[at])

    def replaced(**changes: object) -> list[bytes]:
        line = json.dumps(fields | changes, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        return [*lines[:at], line, *lines[at + 1 :]]

    def swapped() -> list[bytes]:
        turned = list(lines)
        turned[at], turned[other] = lines[other], lines[at]
        return turned

    return {
        "removed": lambda: [*lines[:at], *lines[at + 1 :]],
        "cut off": lambda: lines[:at],
        "doubled": lambda: [*lines[:at], lines[at], *lines[at:]],
        "added": lambda: [*lines, entry(len(lines)) + b"\n"],
        "swapped": swapped,
        "copied over": lambda: [*lines[:at], lines[other], *lines[at + 1 :]],
        "moved to another day": lambda: replaced(day="2026-03-05"),
        "made anonymous": lambda: replaced(actor_tag="00" * 16 if fields["actor_tag"] is None else None),
        "given to another": lambda: replaced(object_tag=chosen.randbytes(16).hex()),
        "renamed": lambda: replaced(kind="attendance.forged"),
        "with spaces": lambda: [*lines[:at], lines[at].replace(b",", b", "), *lines[at + 1 :]],
    }


@pytest.mark.abuse(33)
def test_a_thousand_mutations_of_an_export_are_refused(house: House) -> None:
    chosen = random.Random(SEED)  # noqa: S311 - not a secret
    export, head = house.export(NEW), house.head(NEW)
    lines = export.splitlines(keepends=True)
    tried = set()
    for number in range(MUTATIONS):
        if number % 2:
            ways = mutations(lines, chosen)
            way = chosen.choice(sorted(ways))
            altered = b"".join(ways[way]())
        else:
            at = chosen.randrange(len(export))
            way = "one bit"
            altered = export[:at] + bytes([export[at] ^ 1 << chosen.randrange(8)]) + export[at + 1 :]
        tried.add(way)
        assert altered != export
        with pytest.raises(Refused):
            verify_audit.check_export(BytesIO(altered), head)
    assert tried == {"one bit", *mutations(lines, chosen)}


def test_the_two_trees_hash_alike() -> None:
    assert (verify_audit.leaf_hash(b"x"), verify_audit.node_hash(b"x", b"y")) == (
        tree.leaf_hash(b"x"),
        tree.node_hash(b"x", b"y"),
    )

from base64 import b64encode
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from wayhouse.audit import proofs, tree
from wayhouse.audit.export import leaf_lines
from wayhouse.audit.heads import latest_head, origin, publish_head, require_whole_log
from wayhouse.audit.models import AuditDetail, AuditLeaf, AuditState, TreeHead
from wayhouse.audit.proofs import DamagedLogError
from wayhouse.audit.record import record
from wayhouse.audit.tests.conftest import Meeting, Person
from wayhouse.audit.tests.emptying import without_triggers
from wayhouse.audit.verifier import verify_audit
from wayhouse.core import clock
from wayhouse.crypto import server

pytestmark = pytest.mark.django_db


def append(count: int) -> None:
    for number in range(count):
        record("attendance.recorded", marked=number)


def read(head: TreeHead) -> verify_audit.Head:
    return verify_audit.read_head(head.note.encode(), server.verify_key())


def exported(size: int) -> BytesIO:
    return BytesIO("".join(leaf_lines(size)).encode())


def test_a_head_says_where_the_log_stands_and_is_signed() -> None:
    append(5)
    head = publish_head()
    state = AuditState.objects.get()
    day = clock.today().isoformat()
    assert head.note.startswith(f"{origin()}\n5\n{b64encode(state.root).decode()}\n{day}\n\n— {origin()} ")
    assert read(head) == verify_audit.Head(origin(), 5, state.root, day)
    assert (bytes(head.root), head.day) == (state.root, clock.today())


def test_the_origin_follows_from_the_key_alone() -> None:
    assert origin() == f"audit-log/{sha256(server.verify_key()).hexdigest()[:16]}"


def test_signing_the_same_log_again_gives_the_same_head() -> None:
    append(2)
    first = publish_head()
    assert (publish_head(), TreeHead.objects.count()) == (first, 1)
    append(1)
    second = publish_head()
    assert (second.size, latest_head(), TreeHead.objects.count()) == (3, second, 2)


def test_an_empty_log_can_be_signed() -> None:
    assert latest_head() is None
    empty = publish_head()
    append(1)
    verify_audit.check_old(read(empty), read(publish_head()), None)
    assert bytes(empty.root) == tree.EMPTY_ROOT


def test_every_proof_from_the_database_holds(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    append(21)
    leaves = [bytes(leaf.hash) for leaf in AuditLeaf.objects.order_by("index")]
    roots, frontier = [tree.EMPTY_ROOT], list[bytes]()
    for index, leaf in enumerate(leaves):
        frontier, _ = tree.append(frontier, index, leaf)
        roots.append(tree.root(frontier))
    for size in range(1, 22):
        for index in range(size):
            proof = proofs.inclusion_proof(index, size)
            assert tree.verify_inclusion(leaves[index], index, size, proof, roots[size])
            proof = proofs.consistency_proof(index + 1, size)
            assert tree.verify_consistency(index + 1, size, roots[index + 1], roots[size], proof)
    with django_assert_num_queries(1):
        proofs.consistency_proof(7, 21)


def test_a_log_that_lost_entries_is_not_signed() -> None:
    append(4)
    publish_head()
    AuditDetail.objects.all().delete()
    with without_triggers():
        AuditLeaf.objects.all().delete()
        AuditState.objects.update(size=0, frontier=b"")
    with pytest.raises(DamagedLogError, match="the log of 0 entries does not continue its last head at 4"):
        publish_head()
    with pytest.raises(CommandError, match="does not continue its last head"):
        call_command("audit_head")


def test_a_log_with_missing_entries_gives_no_proof_and_no_head() -> None:
    append(4)
    publish_head()
    append(1)
    AuditDetail.objects.all().delete()
    with without_triggers():
        AuditLeaf.objects.filter(index=3).delete()
    with pytest.raises(DamagedLogError, match="1 entries of the log are missing"):
        proofs.inclusion_proof(2, 4)
    with pytest.raises(DamagedLogError, match="should have 5 entries and has 4"):
        publish_head()


def test_a_whole_log_passes_and_one_changed_or_shortened_does_not() -> None:
    append(4)
    require_whole_log()
    with without_triggers():
        AuditLeaf.objects.filter(index=1).update(kind="attendance.forged")
    with pytest.raises(DamagedLogError, match="entry 1 is missing or was changed"):
        require_whole_log()


def test_a_log_without_its_end_is_not_whole() -> None:
    append(4)
    AuditDetail.objects.all().delete()
    with without_triggers():
        AuditLeaf.objects.filter(index=3).delete()
    with pytest.raises(DamagedLogError, match="should have 4 entries under another root"):
        require_whole_log()


def test_subtrees_that_were_cut_off_give_no_proof() -> None:
    append(4)
    with without_triggers():
        AuditLeaf.objects.filter(index=1).update(subtrees=b"")
    with pytest.raises(DamagedLogError, match="entry 1 of the log is damaged"):
        proofs.inclusion_proof(2, 4)


def rewrite_the_past() -> None:
    """Change entry 1 and make everything else fit, as somebody could who owns the database and the server."""
    with without_triggers():
        AuditLeaf.objects.filter(index=1).update(kind="attendance.forged")
        state = AuditState.objects.get()
        state.size, state.frontier = 0, b""
        for leaf in AuditLeaf.objects.order_by("index"):
            leaf.hash = tree.leaf_hash(leaf.canonical())
            leaf.subtrees = b"".join(state.grow(leaf.hash))
            leaf.save()
        state.save()


def test_a_rewritten_log_is_not_signed_by_the_house() -> None:
    append(4)
    publish_head()
    rewrite_the_past()
    with pytest.raises(DamagedLogError):
        publish_head()
    append(3)
    with pytest.raises(DamagedLogError):
        publish_head()


def test_a_rewritten_log_with_its_heads_removed_does_not_pass_the_auditor() -> None:
    append(4)
    kept = read(publish_head())
    rewrite_the_past()
    TreeHead.objects.all().delete()
    same_size = read(publish_head())
    with pytest.raises(verify_audit.Refused, match="FORK: two different logs of 4 entries"):
        verify_audit.check_old(kept, same_size, None)
    append(3)
    longer = read(publish_head())
    with pytest.raises(verify_audit.Refused, match="FORK: not the entries"):
        verify_audit.check_export(exported(7), longer, kept)
    verify_audit.check_export(exported(7), longer, None)


def test_erasing_details_leaves_every_proof_as_it_was(somebody: Person, meeting: Meeting) -> None:
    for number in range(6):
        record("plan.changed", meeting, actor=somebody, step=number)
    before, head = "".join(leaf_lines(6)), read(publish_head())
    shown = [proofs.inclusion_proof(index, 6) for index in range(6)]
    AuditDetail.objects.filter(leaf__index__in=[1, 4]).delete()
    assert AuditDetail.objects.count() == 4
    assert "".join(leaf_lines(6)) == before
    assert [proofs.inclusion_proof(index, 6) for index in range(6)] == shown
    verify_audit.check_export(exported(6), head)
    append(1)
    assert publish_head().size == 7


def test_the_commands_hand_over_what_the_auditor_needs(capsys: pytest.CaptureFixture[str]) -> None:
    append(3)
    call_command("audit_head")
    head = verify_audit.read_head(capsys.readouterr().out.encode(), server.verify_key())
    append(1)
    call_command("audit_export")
    verify_audit.check_export(BytesIO(capsys.readouterr().out.encode()), head)
    call_command("audit_export", size=2)
    assert capsys.readouterr().out == "".join(leaf_lines(2))


def test_the_export_ends_with_the_last_signed_entry() -> None:
    with pytest.raises(CommandError, match="no signed head yet"):
        call_command("audit_export")
    append(3)
    publish_head()
    append(1)
    with pytest.raises(CommandError, match="covers 3 entries, not 4"):
        call_command("audit_export", size=4)
    with pytest.raises(CommandError, match="covers 3 entries, not -1"):
        call_command("audit_export", size=-1)

"""The whole log for the auditor, without details."""

from collections.abc import Iterator

from wayhouse.audit.models import AuditLeaf

_CHUNK = 2000


def leaf_lines(size: int) -> Iterator[str]:
    """The first `size` entries as JSON lines. Each line holds exactly the bytes that the tree commits to."""
    for leaf in AuditLeaf.objects.first_leaves(size).iterator(chunk_size=_CHUNK):
        yield leaf.canonical().decode("ascii") + "\n"

"""The log as it lies in the database: its state, its leaves, their details, and the signed heads."""

import json
from typing import Self

from django.db import models

from wayhouse.audit import tree

TAG_BYTES = 16


class AuditStateQuerySet(models.QuerySet["AuditState"]):
    """The one row."""

    def locked(self) -> "AuditState":
        """The state, held until the transaction ends: nobody else appends meanwhile.

        PostgreSQL locks the row; on SQLite the transaction has already begun IMMEDIATE.
        """
        return self.select_for_update().get_or_create(pk=AuditState.ONLY)[0]


class AuditState(models.Model):
    """How far the log has grown: one row, which every append locks."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=b"")

    objects = AuditStateQuerySet.as_manager()

    class Meta:
        db_table = "audit_state"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="audit_state_one_row"),)

    def __str__(self) -> str:
        return f"log of {self.size}"

    @property
    def hashes(self) -> list[bytes]:
        """The roots of the perfect subtrees, largest first."""
        return _cut(self.frontier)

    @property
    def root(self) -> bytes:
        """The root of the whole log (32 bytes)."""
        return tree.root(self.hashes)

    def grow(self, leaf: bytes) -> list[bytes]:
        """Take in one leaf hash; returns the roots of the perfect subtrees that it completes."""
        frontier, completed = tree.append(self.hashes, self.size, leaf)
        self.frontier, self.size = b"".join(frontier), self.size + 1
        return completed


class AuditLeafQuerySet(models.QuerySet["AuditLeaf"]):
    """Entries of the log."""

    def first_leaves(self, size: int) -> Self:
        """The entries that a tree of `size` covers, in order."""
        return self.filter(index__lt=size).order_by("index")


class AuditLeaf(models.Model):
    """One entry: that something of a kind happened on a day. Never changed, never removed."""

    index = models.BigIntegerField(primary_key=True)
    day = models.DateField()
    kind = models.CharField(max_length=64)
    actor_tag = models.BinaryField(max_length=TAG_BYTES, null=True)
    object_tag = models.BinaryField(max_length=TAG_BYTES, null=True)
    detail_commit = models.BinaryField(max_length=tree.HASH_BYTES)
    hash = models.BinaryField(max_length=tree.HASH_BYTES)
    # Roots of levels 1, 2, ... of the perfect subtrees that end with this leaf: what proofs are made of.
    subtrees = models.BinaryField(default=b"")

    objects = AuditLeafQuerySet.as_manager()

    class Meta:
        db_table = "audit_leaf"

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"

    def canonical(self) -> bytes:
        """The bytes that the log commits to: JSON with sorted keys and no spaces, ASCII only."""
        fields = {
            "i": self.index,
            "day": self.day.isoformat(),
            "kind": self.kind,
            "actor_tag": _hex(self.actor_tag),
            "object_tag": _hex(self.object_tag),
            "detail_commit": _hex(self.detail_commit),
        }
        return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode("ascii")

    @property
    def block_hashes(self) -> list[bytes]:
        """The roots of levels 0, 1, ... of the perfect subtrees that end with this leaf; level 0 is the leaf."""
        return [bytes(self.hash), *_cut(self.subtrees)]


class AuditDetail(models.Model):
    """What an entry says beyond its kind. May be deleted: the entry holds a salted commitment only."""

    leaf = models.OneToOneField(AuditLeaf, on_delete=models.PROTECT, primary_key=True, related_name="opened")
    salt = models.BinaryField(max_length=16)
    detail = models.TextField()

    class Meta:
        db_table = "audit_detail"

    def __str__(self) -> str:
        return f"detail of {self.leaf_id}"


class TreeHead(models.Model):
    """A signed statement of the whole log at one size."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=tree.HASH_BYTES)
    day = models.DateField()
    note = models.TextField()

    class Meta:
        db_table = "audit_head"
        get_latest_by = "size"

    def __str__(self) -> str:
        return f"head at {self.size}"


def _cut(hashes: bytes | memoryview) -> list[bytes]:
    whole = bytes(hashes)
    return [whole[start : start + tree.HASH_BYTES] for start in range(0, len(whole), tree.HASH_BYTES)]


def _hex(tag: bytes | memoryview | None) -> str | None:
    return None if tag is None else bytes(tag).hex()

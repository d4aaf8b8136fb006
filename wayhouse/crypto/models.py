"""Tables of the keys: who holds keys, what scopes exist, what is sealed in them.

Names in design page "Confidentiality": vault_user, vault_slot, vault_shred, scope, membership, envelope, item.
"""

import hmac
import uuid
from datetime import date, timedelta
from typing import Any, Self

from django.db import models

from wayhouse.core import clock
from wayhouse.crypto import server
from wayhouse.crypto.box import CannotOpen

# A key that leaked opens no more than this (design page "Confidentiality").
EPOCH_LASTS = timedelta(days=30)
EPOCH_HOLDS = 500


class Keyholder(models.Model):
    """Somebody or something that owns a key pair: a person's account, an open invitation, a desk."""

    class Kind(models.TextChoices):
        ACCOUNT = "account"
        INVITATION = "invitation"
        DESK = "desk"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    public_key = models.BinaryField(max_length=32)
    public_key_mac = models.BinaryField(max_length=32)
    created_on = models.DateField(auto_now_add=True)

    def checked_public_key(self) -> bytes:
        """The public key, after its binding was checked. Error: `CannotOpen` where it was exchanged."""
        key = bytes(self.public_key)
        if bytes(self.public_key_mac) != server.public_key_mac(self.pk.bytes, key):
            raise CannotOpen
        return key

    def bind_public_key(self, key: bytes) -> None:
        """Set the public key together with the tag that binds it to this holder."""
        self.public_key, self.public_key_mac = key, server.public_key_mac(self.pk.bytes, key)


class Slot(models.Model):
    """One way of opening a holder's secret key: passphrase, recovery code, a passkey.

    `credential` is the SHA-256 in hex of a passkey's id, empty for the other kinds; `seen` is the day on which it last
    opened, in a box that only the holder opens.
    """

    class Kind(models.TextChoices):
        PASSPHRASE = "passphrase"  # noqa: S105  the kind of a slot
        RECOVERY = "recovery"
        PASSKEY = "passkey"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(Keyholder, on_delete=models.CASCADE, related_name="slots")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    salt = models.BinaryField(max_length=16, default=bytes)
    verifier = models.BinaryField(max_length=32, default=bytes)
    credential = models.CharField(max_length=64, default="")
    box = models.BinaryField()
    seen = models.BinaryField(default=bytes)
    created_on = models.DateField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "kind", "credential"], name="one_slot_of_a_kind_or_passkey")
        ]


class Shred(models.Model):
    """The salt without which nothing about a subject opens. Deleting the row erases them everywhere."""

    subject_id = models.UUIDField(primary_key=True)
    box = models.BinaryField()


class Erasure(models.Model):
    """That a subject was erased on a day, by a tag that only this server can compute. Replayed after a restore."""

    subject_tag = models.CharField(max_length=32)
    erased_on = models.DateField()


class ScopeQuerySet(models.QuerySet["Scope"]):
    """Sets of scopes."""

    def due_for_rotation(self, today: date) -> Self:
        """Those whose epoch has lasted for 30 days and was written in, or holds 500 items."""
        written = self.annotate(written=models.F("seq") - models.F("epoch_seq"))
        old = models.Q(epoch_on__lte=today - EPOCH_LASTS, written__gt=0)
        return written.filter(old | models.Q(written__gte=EPOCH_HOLDS))

    def in_order(self) -> Self:
        """As everybody holds them who holds several: first what others follow, then what follows."""
        return self.order_by(models.F("follows").asc(nulls_first=True), "pk")


class Scope(models.Model):
    """Something shared by a set of key holders. Each epoch has its own key; a change of the set begins a new one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16)
    epoch = models.PositiveIntegerField(default=0)
    seq = models.PositiveBigIntegerField(default=0)
    # When the present epoch began, as a day and as a number of items.
    epoch_on = models.DateField(default=clock.today)
    epoch_seq = models.PositiveBigIntegerField(default=0)
    # Whoever comes into that scope or goes out of it, comes into this one and goes out of it, too (`people.reach`).
    follows = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="followers")
    holders: "models.ManyToManyField[Keyholder, Membership]" = models.ManyToManyField(
        Keyholder, through="Membership", related_name="scopes"
    )

    objects = ScopeQuerySet.as_manager()


class Membership(models.Model):
    """A key holder belongs to a scope now."""

    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="memberships")
    holder = models.ForeignKey(Keyholder, on_delete=models.CASCADE, related_name="memberships")
    since_on = models.DateField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "holder"], name="member_of_a_scope_once")]


class Envelope(models.Model):
    """The key of one epoch, sealed to one holder's public key."""

    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="envelopes")
    epoch = models.PositiveIntegerField()
    holder = models.ForeignKey(Keyholder, on_delete=models.CASCADE, related_name="envelopes")
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "epoch", "holder"], name="one_envelope_for_an_epoch")]


class PendingGrantQuerySet(models.QuerySet["PendingGrant"]):
    """Sets of grants that wait."""

    def which(self, holder: "uuid.UUID | models.OuterRef") -> Self:
        """Those of which this holder can give at least one epoch."""
        # Asked on every page, and hardly ever anything waits: so the grants are read first, not the many envelopes.
        given = Envelope.objects.filter(
            scope=models.OuterRef("scope"),
            holder=holder if not isinstance(holder, models.OuterRef) else models.OuterRef(holder),
            epoch__gte=models.OuterRef("from_epoch"),
            epoch__lt=models.OuterRef("before_epoch"),
        )
        return self.filter(models.Exists(given))


class PendingGrant(models.Model):
    """A holder is to get the epochs from `from_epoch` to the one before `before_epoch` from whoever has them."""

    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="pending_grants")
    holder = models.ForeignKey(Keyholder, on_delete=models.CASCADE, related_name="pending_grants")
    from_epoch = models.PositiveIntegerField()
    before_epoch = models.PositiveIntegerField()
    mac = models.BinaryField(max_length=32)
    asked_on = models.DateField(default=clock.today)

    objects = PendingGrantQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "holder"], name="one_grant_pending_for_a_scope")]

    def bind(self) -> None:
        """Tie the row to what it asks for, so that a writer of the database cannot ask for anything."""
        self.mac = self._mac()

    def is_bound(self) -> bool:
        """Whether this house wrote the row as it stands."""
        return hmac.compare_digest(bytes(self.mac), self._mac())

    def _mac(self) -> bytes:
        return server.grant_mac(self.scope_id.bytes, self.holder_id.bytes, self.from_epoch, self.before_epoch)


class ItemQuerySet(models.QuerySet["Item"]):
    """Sets of sealed items."""

    def standing_in(self, scope: Scope) -> Self:
        """What stays valid when somebody joins: names, venues, rules. It is sealed anew for each epoch.

        Not what is about somebody who was erased: it opens for nobody, and must keep nobody out.
        """
        salted = Shred.objects.filter(subject_id=models.OuterRef("subject_id"))
        return self.filter(models.Exists(salted), scope=scope, standing=True)


class Item(models.Model):
    """One sealed record: a JSON object under the key of its scope's epoch and its subject's shred salt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="items")
    epoch = models.PositiveIntegerField()
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=24)
    subject_id = models.UUIDField(db_index=True)
    author_id = models.UUIDField(null=True)
    standing = models.BooleanField(default=True)
    box = models.BinaryField()
    created_on = models.DateField(auto_now_add=True)
    expires_on = models.DateField(null=True)

    objects = ItemQuerySet.as_manager()

    # The opened words, only ever in memory; filled by `wayhouse.crypto.items`.
    opened: "dict[str, Any] | None" = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "seq"], name="one_item_for_a_number")]

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Fetch the row again; what was opened of the old one is forgotten."""
        super().refresh_from_db(*args, **kwargs)
        self.opened = None

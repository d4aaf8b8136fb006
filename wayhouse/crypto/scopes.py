"""Scopes and their epochs. Beginning a new epoch needs public keys only, so leaving never waits for anybody."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from nacl.public import PrivateKey, PublicKey, SealedBox

from wayhouse.core import clock
from wayhouse.crypto import items
from wayhouse.crypto.box import CannotOpen, fresh_key
from wayhouse.crypto.keyring import Keyring, Locked, envelope_context, present
from wayhouse.crypto.models import Envelope, Item, Keyholder, Membership, PendingGrant, Scope, Shred
from wayhouse.crypto.shred import add_subject

_BATCH = 500


def create_scope(kind: str, holders: Iterable[Keyholder]) -> Scope:
    """A new scope in its first epoch, shared by these holders."""
    with transaction.atomic():
        scope = Scope.objects.create(kind=kind)
        add_subject(scope.pk)
        # Fetched anew and held: a desk may have got another key pair since the caller read it.
        wanted = Keyholder.objects.filter(pk__in={holder.pk for holder in holders})
        members = list(wanted.select_for_update(no_key=True).order_by("pk"))
        Membership.objects.bulk_create(Membership(scope=scope, holder=holder) for holder in members)
        _begin_epoch(scope, members)
    return scope


def admit(scope: Scope, *newcomers: Keyholder) -> None:
    """Let holders in. They read what stands and what comes; of older items they see nothing.

    The acting holder must be in the scope where it holds standing items. Error: `CannotOpen`.
    """
    with transaction.atomic():
        locked = lock(scope)
        known = set(locked.memberships.values_list("holder_id", flat=True))
        new = [holder for holder in newcomers if holder.pk not in known]
        if not new:
            return
        standing = list(Item.objects.standing_in(locked))
        items.open_items(standing)
        Membership.objects.bulk_create(Membership(scope=locked, holder=holder) for holder in new)
        rotate(locked)
        items.reseal_all(locked, standing)
    _forget(scope)


def dismiss(scope: Scope, *leavers: Keyholder) -> None:
    """Take holders out: their envelopes go, and a new epoch begins without them. Needs no private key."""
    with transaction.atomic():
        locked = lock(scope)
        gone, _rows = Membership.objects.filter(scope=locked, holder__in=leavers).delete()
        Envelope.objects.filter(scope=locked, holder__in=leavers).delete()
        PendingGrant.objects.filter(scope=locked, holder__in=leavers).delete()
        if gone:
            rotate(locked)
    _forget(scope)


def drop(scope: Scope) -> None:
    """Delete a scope with its keys and all that is sealed in it. Rows of other rooms that stand on it go before."""
    with transaction.atomic():
        Shred.objects.filter(pk=scope.pk).delete()
        scope.delete()


def rotate(scope: Scope) -> None:
    """Begin a new epoch for the present members. Call it with the scope row locked."""
    _begin_epoch(scope, list(Keyholder.objects.filter(memberships__scope=scope)))


class Rotated(NamedTuple):
    """How many scopes have a new epoch, and in how many somebody's public key is not the one that was bound."""

    done: int
    refused: int


def rotate_due() -> Rotated:
    """Begin new epochs where the present ones have lasted or hold enough. Needs nobody's private key."""
    due = Scope.objects.due_for_rotation(clock.today()).order_by("pk").values_list("pk", flat=True)
    outcomes = [_rotate_if_due(scope_id) for scope_id in list(due)]
    return Rotated(done=outcomes.count(True), refused=outcomes.count(None))


def _rotate_if_due(scope_id: UUID) -> bool | None:
    """Whether a new epoch began: somebody may have left meanwhile, which began one. None where a key is refused."""
    try:
        with transaction.atomic():
            due = Scope.objects.select_for_update().due_for_rotation(clock.today()).filter(pk=scope_id).first()
            if due is not None:
                rotate(due)
            return due is not None
    except CannotOpen:
        # One exchanged key must not keep all others from their new epochs.
        return None


def hand_over(giver: Keyring, heir: Keyholder) -> None:
    """Everything the giver's own key opens passes to another holder: an invitation becomes an account."""
    with transaction.atomic():
        envelopes = list(Envelope.objects.filter(holder_id=giver.holder_id))
        made = [_resealed(giver, envelope, heir) for envelope in envelopes]
        Envelope.objects.bulk_create(made)
        Membership.objects.filter(holder_id=giver.holder_id).update(holder=heir)
        Envelope.objects.filter(holder_id=giver.holder_id).delete()


def renew_holder(holder: Keyholder, giver: Keyring) -> bytes:
    """Give a holder another key pair: what stays readable is handed to the new key, and new epochs begin.

    `giver` opens the old envelopes. Returns the new secret key, which the caller puts where the old one lay, in the
    same transaction. Whoever copied the old one reads nothing written afterwards. Error: `CannotOpen`.
    """
    secret = fresh_key()
    with transaction.atomic():
        # In this order nobody can seal anything to the old key that is not found and handed over here.
        Keyholder.objects.select_for_update(no_key=True).get(pk=holder.pk)
        reached = Scope.objects.select_for_update(of=("self",)).filter(memberships__holder=holder).in_order()
        locked = list(reached)
        old = list(Envelope.objects.filter(holder=holder))
        giver.load({row.scope_id for row in old}, [])
        keys = [(row, giver.epoch_key(row.scope_id, row.epoch)) for row in old]
        holder.bind_public_key(bytes(PrivateKey(secret).public_key))
        holder.save(update_fields=["public_key", "public_key_mac"])
        for row, key in keys:
            row.sealed = seal_epoch_key(holder, row.scope_id, row.epoch, key)
        Envelope.objects.bulk_update([row for row, _key in keys], ["sealed"], batch_size=_BATCH)
        for scope in locked:
            rotate(scope)
    return secret


def close_scope(scope: Scope) -> None:
    """What was sealed in a scope is not wanted any more: it goes, and so do its keys."""
    with transaction.atomic():
        Shred.objects.filter(pk=scope.pk).delete()
        scope.delete()


def lock(scope: Scope) -> Scope:
    """The scope as it stands now, locked until the transaction ends."""
    return Scope.objects.select_for_update().get(pk=scope.pk)


def seal_epoch_key(holder: Keyholder, scope_id: UUID, epoch: int, key: bytes) -> bytes:
    """An envelope: the epoch key and its context, sealed to the holder's checked public key."""
    box = SealedBox(PublicKey(holder.checked_public_key()))
    return bytes(box.encrypt(key + envelope_context(scope_id, epoch, holder.pk)))


def _begin_epoch(scope: Scope, members: list[Keyholder]) -> None:
    key = fresh_key()
    scope.epoch += 1
    scope.epoch_on, scope.epoch_seq = clock.today(), scope.seq
    scope.save(update_fields=["epoch", "epoch_on", "epoch_seq"])
    Envelope.objects.bulk_create(
        Envelope(
            scope=scope,
            epoch=scope.epoch,
            holder=holder,
            sealed=seal_epoch_key(holder, scope.pk, scope.epoch, key),
        )
        for holder in members
    )


def _resealed(giver: Keyring, envelope: Envelope, heir: Keyholder) -> Envelope:
    key = giver.epoch_key(envelope.scope_id, envelope.epoch)
    sealed = seal_epoch_key(heir, envelope.scope_id, envelope.epoch, key)
    return Envelope(scope_id=envelope.scope_id, epoch=envelope.epoch, holder=heir, sealed=sealed)


def _forget(scope: Scope) -> None:
    try:
        present().forget(scope.pk)
    except Locked:
        return


__all__ = [
    "CannotOpen",
    "admit",
    "close_scope",
    "create_scope",
    "dismiss",
    "hand_over",
    "lock",
    "rotate",
    "rotate_due",
    "seal_epoch_key",
]

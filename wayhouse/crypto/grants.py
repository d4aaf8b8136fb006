"""A new key pair after the old one was lost, and what comes back to it from others who hold the same keys.

What others hold too is granted when one of them is next here; what only the lost key opened stays closed for good.
"""

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from nacl.public import PrivateKey

from wayhouse.crypto import scopes
from wayhouse.crypto.box import CannotOpen, fresh_key
from wayhouse.crypto.keyring import Keyring
from wayhouse.crypto.models import Envelope, Keyholder, Membership, PendingGrant, Scope, ScopeQuerySet


def begin_again(holder: Keyholder) -> bytes:
    """Give a holder another key pair whose old one nobody has any more. Returns the new secret key.

    The holder stays in their scopes, which begin new epochs; the older ones they had wait to be granted. Needs nobody's
    private key.
    """
    secret = fresh_key()
    with transaction.atomic():
        # In the order of `scopes.renew_holder`: nobody can seal anything to the old key meanwhile.
        Keyholder.objects.select_for_update(no_key=True).get(pk=holder.pk)
        reached = Scope.objects.select_for_update(of=("self",)).filter(memberships__holder=holder).in_order()
        locked = list(reached)
        oldest = _oldest(holder, locked)
        Envelope.objects.filter(holder=holder).delete()
        holder.bind_public_key(bytes(PrivateKey(secret).public_key))
        holder.save(update_fields=["public_key", "public_key_mac"])
        for scope in locked:
            scopes.rotate(scope)
            if scope.pk in oldest:
                _ask(scope, holder, oldest[scope.pk])
    return secret


def set_aside(holder: Keyholder, scopes_held: ScopeQuerySet) -> dict[UUID, int]:
    """Take a holder out of scopes they are to come back to; the oldest epoch they had, by scope. Needs nobody's key."""
    had: dict[UUID, int] = {}
    with transaction.atomic():
        # Again until there is none: what follows another scope may be made at this moment.
        while found := list(scopes_held.filter(memberships__holder=holder).in_order()):
            had |= {scope.pk: scope.epoch for scope in found} | _oldest(holder, found)
            for scope in found:
                scopes.dismiss(scope, holder)
    return had


def _oldest(holder: Keyholder, found: list[Scope]) -> dict[UUID, int]:
    """The oldest epoch that a holder has, or that is still to come back to them, by scope."""
    had = Envelope.objects.filter(holder=holder, scope__in=found).values_list("scope")
    asked = PendingGrant.objects.filter(holder=holder, scope__in=found).values_list("scope", "from_epoch")
    oldest = dict(had.annotate(oldest=Min("epoch")))
    for scope, epoch in asked:
        oldest[scope] = min(epoch, oldest.get(scope, epoch))
    return oldest


def come_back(holder: Keyholder, scope: Scope, oldest: int) -> None:
    """Let a holder in again who was set aside: a new epoch begins, the others from theirs on wait to be granted.

    Needs nobody's private key.
    """
    with transaction.atomic():
        locked = scopes.lock(scope)
        if locked.memberships.filter(holder=holder).exists():
            return
        Membership.objects.create(scope=locked, holder=holder)
        scopes.rotate(locked)
        _ask(locked, holder, oldest)


def grants_for(giver: Keyring) -> list[int]:
    """The grants that wait for what this keyring opens; one query for each of its holders."""
    found = (PendingGrant.objects.which(holder).values_list("pk", flat=True) for holder in giver.holder_ids)
    return sorted({pk for some in found for pk in some})


def carry_out(grant_id: int, giver: Keyring) -> tuple[UUID, int] | None:
    """Give what the giver has of one grant; whose it was and how many epochs, or None: somebody else was quicker.

    Error: `CannotOpen` for a row, or a public key, that this house did not write.
    """
    with transaction.atomic():
        found = PendingGrant.objects.filter(pk=grant_id).first()
        if found is None:
            return None
        heir = Keyholder.objects.select_for_update(no_key=True).get(pk=found.holder_id)
        scope = Scope.objects.select_for_update().get(pk=found.scope_id)
        grant = PendingGrant.objects.filter(pk=grant_id).first()
        if grant is None:
            return None
        if not grant.is_bound():
            raise CannotOpen
        if not Membership.objects.filter(scope=scope, holder=heir).exists():
            grant.delete()
            return heir.pk, 0
        given = _give(grant, heir, giver)
        _shorten(grant, given)
    return heir.pk, len(given)


def ask(scope: Scope, holder: Keyholder) -> None:
    """A holder who has just come into a scope is to get all that was written before, from whoever has it."""
    with transaction.atomic():
        _ask(Scope.objects.select_for_update().get(pk=scope.pk), holder, 1)


def drop(grant_id: int) -> None:
    """A grant that cannot be carried out."""
    PendingGrant.objects.filter(pk=grant_id).delete()


def waits(holder: Keyholder) -> bool:
    """Whether something is still to come back to this holder."""
    return PendingGrant.objects.filter(holder=holder).exists()


def _ask(scope: Scope, holder: Keyholder, oldest: int) -> None:
    """Ask for the epochs before the present one. Who is alone in a scope has nobody to ask."""
    if not Envelope.objects.filter(scope=scope, epoch__gte=oldest, epoch__lt=scope.epoch).exists():
        return
    before = PendingGrant.objects.filter(scope=scope, holder=holder).first()
    grant = before or PendingGrant(scope=scope, holder=holder, from_epoch=oldest)
    grant.from_epoch, grant.before_epoch = min(grant.from_epoch, oldest), scope.epoch
    grant.bind()
    grant.save()


def _give(grant: PendingGrant, heir: Keyholder, giver: Keyring) -> list[int]:
    """Seal to the heir every epoch of the grant that the giver opens; which these are."""
    wanted = Envelope.objects.filter(scope=grant.scope_id, holder__in=giver.holder_ids)
    wanted = wanted.filter(epoch__gte=grant.from_epoch, epoch__lt=grant.before_epoch)
    wanted = wanted.exclude(epoch__in=Envelope.objects.filter(scope=grant.scope_id, holder=heir).values("epoch"))
    giver.forget(grant.scope_id)
    giver.load([grant.scope_id], [])
    keys: dict[int, bytes] = {}
    for epoch in sorted(set(wanted.values_list("epoch", flat=True))):
        # One that does not open, somebody else may open.
        with suppress(CannotOpen):
            keys[epoch] = giver.epoch_key(grant.scope_id, epoch)
    Envelope.objects.bulk_create(
        Envelope(
            scope_id=grant.scope_id,
            epoch=epoch,
            holder=heir,
            sealed=scopes.seal_epoch_key(heir, grant.scope_id, epoch, key),
        )
        for epoch, key in keys.items()
    )
    return list(keys)


def _shorten(grant: PendingGrant, given: list[int]) -> None:
    """Keep asking for what was not given yet, as long as somebody has it."""
    if not given:
        return
    asked = Envelope.objects.filter(
        scope=grant.scope_id, epoch__gte=grant.from_epoch, epoch__lt=grant.before_epoch
    ).exclude(epoch__in=Envelope.objects.filter(scope=grant.scope_id, holder=grant.holder_id).values("epoch"))
    # The newest that is still missing: one in the middle may not have opened for this giver.
    newest = asked.order_by("-epoch").values_list("epoch", flat=True).first()
    if newest is None:
        grant.delete()
        return
    grant.before_epoch = newest + 1
    grant.bind()
    grant.save(update_fields=["before_epoch", "mac"])

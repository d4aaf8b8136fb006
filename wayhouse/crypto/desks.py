"""Desks: one key pair that several people share by sitting in a scope together.

A team such as the coordinators holds one envelope in each group and evening, through its desk, instead of one for
each person; whoever joins or leaves the team changes one scope and not hundreds.
"""

from base64 import b64decode, b64encode
from uuid import UUID

from django.db import transaction
from nacl.public import PrivateKey

from wayhouse.crypto import items, scopes
from wayhouse.crypto.keyring import Keyring, present
from wayhouse.crypto.models import Item, Keyholder, Scope
from wayhouse.crypto.slots import new_holder

KIND = "desk"


def open_desk(scope: Scope) -> Item:
    """Set up a desk whose secret lies sealed in `scope`; returns that item."""
    with transaction.atomic():
        holder, secret = new_holder(Keyholder.Kind.DESK)
        return items.seal(scope, KIND, {"holder": str(holder.pk), "secret": b64encode(secret).decode()})


def holder_id(desk: Item) -> UUID:
    """Whose secret key lies in this desk. Error: `CannotOpen`."""
    return UUID(items.words_of(desk)["holder"])


def sit_down(keyring: Keyring, desk: Item, holder: Keyholder) -> bytes:
    """Reach through the desk from now on; returns its secret, which only the sealed session may keep."""
    secret = b64decode(items.words_of(desk)["secret"])
    keyring.add_desk(holder.pk, secret)
    return secret


def opens(desk: Keyholder, secret: bytes) -> bool:
    """Whether a secret that was kept is still the desk's; after `renew` it is not."""
    return bytes(PrivateKey(secret).public_key) == bytes(desk.public_key)


def renew(desk: Item, holder: Keyholder) -> None:
    """A new key pair for a desk after somebody left it; what stays readable is handed to the new key.

    Every scope that the desk is in begins a new epoch. The acting holder must sit at the desk.
    """
    with transaction.atomic():
        secret = scopes.renew_holder(holder, present())
        items.reseal(desk, {"holder": str(holder.pk), "secret": b64encode(secret).decode()})
        present().add_desk(holder.pk, secret)

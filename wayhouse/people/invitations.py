"""Invitations: one token, one use, three days. The invited person's keys wait behind the token itself."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from wayhouse.accounts.actions import open_account
from wayhouse.accounts.models import User
from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes, slots
from wayhouse.crypto.box import hkdf
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Keyholder, Scope
from wayhouse.crypto.shred import add_subject
from wayhouse.people import actions, reach, rules
from wayhouse.people.actions import PERSONAL
from wayhouse.people.models import (
    INVITATION_LASTS,
    Belonging,
    Invitation,
    Organisation,
    Person,
    Profile,
    Programme,
    Role,
)


class InvitationClosed(Exception):  # noqa: N818  an answer to a person, not a fault
    """Unknown, used or expired; it is not said which."""


def invite(person: Person, name: str, *, actor: Person) -> str:
    """Invite somebody to open an account; returns the token, shown once. Earlier invitations close.

    `name` is the chosen name they will find. Keys to all scopes they belong to wait behind the token.
    """
    require(rules.may_invite(actor, person))
    with transaction.atomic():
        # Whoever accepts at this moment has an account afterwards; it must not lose its profile.
        require(rules.may_invite(actor, Person.objects.select_for_update().get(pk=person.pk)))
        close_invitations(person)
        token, holder, secret = _new_holder()
        _make(person, token, holder)
        _seal_profile(person, name, Keyring(holder.pk, secret), holder)
        for scope in reach.open_to(person).exclude(kind=PERSONAL):
            scopes.admit(scope, holder)
        record("person.invited", person, actor=actor)
    return token


def accept_invitation(token: str, handle: str, passphrase: str, *, language: str = "en") -> tuple[User, bytes, str]:
    """Open the account that a token promises; returns (user, secret key, recovery code shown once).

    `language` is the one the person reads the invitation in; messages reach them in it.
    Errors: `InvitationClosed`, and those of `open_account`.
    """
    with transaction.atomic():
        invitation = _open_invitation(token)
        person, holder = invitation.person, invitation.holder
        if holder is None:
            raise InvitationClosed
        reach.mark_rows(person)
        user, secret, code = open_account(handle, passphrase)
        scopes.hand_over(Keyring(holder.pk, _secret_of(token)), user.holder)
        person.user, person.language, person.unused_until = user, language, None
        person.save(update_fields=["user", "language", "unused_until"])
        invitation.accepted_on = timezone.localdate()
        invitation.holder = None
        invitation.save(update_fields=["accepted_on", "holder"])
        holder.delete()
        record("invitation.accepted", person, actor=person)
    return user, secret, code


def is_open(token: str) -> bool:
    """Whether a token would be accepted now."""
    return Invitation.objects.open().filter(token_hash=_hash(token)).exists()


def close_invitations(person: Person) -> None:
    """Take back what earlier invitations of this person could open."""
    for invitation in Invitation.objects.filter(person=person, accepted_on=None).select_related("holder"):
        _close(invitation)


def withdraw(person: Person) -> None:
    """Somebody never came in: nothing invites them any more, and the clock erases everything about them.

    Whoever has opened an account meanwhile stays. Needs nobody's key. Call it in a transaction, with the log written:
    an entry of its own would stand beside that of what they withdrew, and say to whom it belonged.
    """
    held = Person.objects.select_for_update().filter(pk=person.pk, user=None).first()
    if held is not None:
        close_invitations(held)
        held.status, held.status_on = Person.Status.LEFT, timezone.localdate()
        held.save(update_fields=["status", "status_on"])


def close_expired_invitations() -> int:
    """Take back what invitations that ran out could open; needs nobody's key. How many there were."""
    with transaction.atomic():
        expired = list(Invitation.objects.expired().select_related("holder"))
        for invitation in expired:
            _close(invitation)
    return len(expired)


def found(organisation_name: str, programme_name: str, name: str, *, time_zone: str) -> tuple[Programme, str]:
    """A first programme and the token by which its first coordinator opens an account."""
    with transaction.atomic():
        organisation, _made = Organisation.objects.get_or_create(name=organisation_name)
        token, holder, secret = _new_holder()
        keyring = Keyring(holder.pk, secret)
        with use(keyring):
            programme = actions.found_programme(organisation, programme_name, holder, time_zone=time_zone)
            person = Person.objects.create(programme=programme)
            add_subject(person.pk)
            Role.objects.create(person=person, kind=Role.Kind.COORDINATOR)
            Belonging.objects.create(person=person, scope=programme.placement)
            _make(person, token, holder)
            _seal_profile(person, name, keyring, holder)
    return programme, token


def _new_holder() -> tuple[str, Keyholder, bytes]:
    token = secrets.token_urlsafe(16)
    holder, secret = slots.new_holder(Keyholder.Kind.INVITATION, _secret_of(token))
    return token, holder, secret


def _make(person: Person, token: str, holder: Keyholder) -> Invitation:
    return Invitation.objects.create(
        person=person, token_hash=_hash(token), holder=holder, expires_at=timezone.now() + INVITATION_LASTS
    )


def _seal_profile(person: Person, name: str, keyring: Keyring, holder: Keyholder) -> None:
    """The chosen name in a scope of the person's own, written with the key that waits for them."""
    Profile.objects.filter(person=person).delete()
    Belonging.objects.filter(person=person, scope__kind=PERSONAL).delete()
    scope = scopes.create_scope(PERSONAL, [holder])
    Belonging.objects.create(person=person, scope=scope)
    with use(keyring):
        item = items.seal(scope, "profile", {"name": name}, subject_id=person.pk)
    Profile.objects.create(person=person, item=item)


def _close(invitation: Invitation) -> None:
    if invitation.holder is not None:
        for scope in Scope.objects.filter(memberships__holder=invitation.holder):
            scopes.dismiss(scope, invitation.holder)
        invitation.holder.delete()
    invitation.delete()


def _open_invitation(token: str) -> Invitation:
    found = Invitation.objects.open().filter(token_hash=_hash(token))
    # The person before the invitation, the order in which `invite` takes them.
    Person.objects.select_for_update().filter(pk__in=list(found.values_list("person_id", flat=True))).first()
    row = found.select_for_update().first()
    if row is None:
        raise InvitationClosed
    return row


def _hash(token: str) -> str:
    return hashlib.sha256(b"invitation" + token.encode()).hexdigest()


def _secret_of(token: str) -> bytes:
    return hkdf(token.encode(), b"invitation-key")

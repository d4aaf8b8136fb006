"""Who can sign in to the demonstration. Everybody here is invented."""

from dataclasses import dataclass, field
from uuid import UUID

from wayhouse.crypto import desks
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Item
from wayhouse.crypto.shred import add_subject
from wayhouse.people.actions import give_role
from wayhouse.people.invitations import accept_invitation, invite
from wayhouse.people.models import Person, Programme, Role

# Printed at every start: the demonstration keeps no secrets, and its server answers on this machine only.
PASSPHRASE = "lanterns along the quiet way home"  # noqa: S105


@dataclass
class Cast:
    """The accounts of the demonstration, in the order in which they are printed."""

    accounts: dict[str, Person] = field(default_factory=dict)
    secrets: dict[UUID, bytes] = field(default_factory=dict)

    def accept(self, token: str, handle: str) -> Person:
        """Somebody opens an account with an invitation."""
        user, secret, _code = accept_invitation(token, handle, PASSPHRASE)
        person = user.people.get()
        self.accounts[handle], self.secrets[person.pk] = person, secret
        return person

    def keyring(self, handle: str) -> Keyring:
        """The keys of somebody in the cast, desk included."""
        person = self.accounts[handle]
        assert person.user is not None  # noqa: S101  everybody in the cast has an account
        keyring = Keyring(person.user.holder_id, self.secrets[person.pk])
        if person.is_coordinator:
            programme = Programme.objects.select_related("desk").get(pk=person.programme_id)
            with use(keyring):
                desks.sit_down(keyring, Item.objects.get(pk=programme.desk_item_id), programme.desk)
        return keyring

    def bring(self, handle: str, person: Person, name: str, *, host: Person) -> Person:
        """Somebody on the roster is invited and comes. The host's keyring must be in use."""
        return self.accept(invite(person, name, actor=host), handle)

    def bring_guest(self, handle: str, name: str, kind: Role.Kind, *, host: Person) -> Person:
        """Somebody who is on no roster is invited and comes: safeguarding lead, auditor, partner."""
        person = Person.objects.create(programme=host.programme)
        add_subject(person.pk)
        give_role(person, kind, actor=host)
        return self.bring(handle, person, name, host=host)

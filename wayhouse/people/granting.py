"""What waits for somebody who holds the keys is given as soon as they are here, without a word from them."""

from django.db import transaction

from wayhouse.audit.record import record, record_failure
from wayhouse.crypto import grants
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import present
from wayhouse.people.models import Person


def carry_out_grants(actor: Person) -> None:
    """Give, with the keyring in use, all that waits for it. A row that this house did not write goes, and is logged."""
    for grant_id in grants.grants_for(present()):
        try:
            with transaction.atomic():
                given = grants.carry_out(grant_id, present())
                if given is not None and given[1]:
                    heir = Person.objects.filter(user__holder=given[0], programme=actor.programme_id).first()
                    record("keys.granted", heir, actor=actor, epochs=given[1])
        except CannotOpen:
            grants.drop(grant_id)
            record_failure("grant.refused", actor=actor)

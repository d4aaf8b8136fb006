"""The plan by which somebody may be reached, as a yes in the ledger: agreed to, stopped, and both with its day.

The plan itself lies in the room of notices, which knows no ledger; it tells in its own transaction.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from wayhouse.people.consents.giving import take_back
from wayhouse.people.consents.ledger import ConsentEntry
from wayhouse.people.consents.wordings import Purpose, wording_of
from wayhouse.people.models import Person


def write_contact(*, person_id: UUID, agreed: bool, **_signal: Any) -> None:
    """Write down that somebody agreed to be reached, or is reached no more; logged where it is done.

    A plan that is only changed is no other yes, as long as the words are the same.
    """
    standing = list(ConsentEntry.objects.in_force().filter(person=person_id, purpose=Purpose.SAFE_CONTACT))
    if not agreed:
        take_back(standing, 1)
        return
    wording = wording_of(Purpose.SAFE_CONTACT, (get_language() or "en").partition("-")[0])
    same = any((one.version, one.language) == (wording.version, wording.language) for one in standing)
    # Whoever is known to the room of notices alone has no ledger.
    if not same and Person.objects.filter(pk=person_id).exists():
        words = {"version": wording.version, "language": wording.language, "on": timezone.localdate()}
        given = ConsentEntry.Step.GIVEN
        ConsentEntry.objects.create(person_id=person_id, purpose=wording.purpose, about=person_id, step=given, **words)

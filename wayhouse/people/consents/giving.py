"""What is done with consent: say yes, take it back, and what leaving ends."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.people import rules
from wayhouse.people.consents.ledger import ConsentEntry
from wayhouse.people.consents.wordings import Purpose, Wording, terms_of, wording_of
from wayhouse.people.models import Person


class Reworded(Exception):  # noqa: N818  a fact, not a fault
    """The words have changed since the person read them."""


def give_consent(
    person: Person,
    wording: Wording,
    *,
    about: UUID | None = None,
    how: ConsentEntry.How = ConsentEntry.How.SELF,
    actor: Person,
) -> ConsentEntry:
    """Say yes to these words, about one thing or about oneself. Saying it again begins its time anew.

    Errors: `Reworded` where these are not the latest words; `ValueError` where the purpose needs a thing.
    """
    require(rules.may_give_consent(actor, person))
    terms = terms_of(wording.purpose)
    if terms.for_each and about is None:
        raise ValueError("a yes to one thing needs that thing")
    if wording.version != wording_of(wording.purpose, wording.language).version:
        raise Reworded
    today = timezone.localdate()
    with transaction.atomic():
        entry = ConsentEntry.objects.create(
            person=person,
            purpose=wording.purpose,
            about=about or person.pk,
            step=ConsentEntry.Step.GIVEN,
            version=wording.version,
            language=wording.language,
            how=how,
            on=today,
            until=today + terms.lasts if terms.lasts else None,
        )
        record("consent.given", person, actor=actor, purpose=wording.purpose)
    return entry


def withdraw_consent(
    person: Person, purpose: Purpose, *, about: UUID | None = None, effects: int = 0, actor: Person
) -> ConsentEntry | None:
    """Take back what is in force, about one thing or all of this purpose; the last entry, or None where nothing was.

    Whoever calls this carries out the effect beforehand, in the same transaction, and says how many records it changed.
    """
    require(rules.may_withdraw_consent(actor, person))
    with transaction.atomic():
        # One at a time, so that a second tap adds nothing.
        Person.objects.select_for_update().get(pk=person.pk)
        standing = ConsentEntry.objects.in_force().filter(person=person, purpose=purpose)
        taken = take_back(list(standing.filter(about=about) if about else standing), effects)
        if taken:
            record("consent.withdrawn", person, actor=actor, purpose=purpose)
    return taken[-1] if taken else None


def end_with_leaving(person: Person) -> None:
    """Leaving takes back what is for those who take part. Call it in the transaction of leaving, which is logged."""
    ending = [purpose for purpose in Purpose if terms_of(purpose).ends_with_leaving]
    take_back(list(ConsentEntry.objects.in_force().filter(person=person, purpose__in=ending)), 0)


def take_back(standing: list[ConsentEntry], effects: int) -> list[ConsentEntry]:
    """Write the taking back of each of these. Call it in the transaction of what is logged."""
    return ConsentEntry.objects.bulk_create(
        ConsentEntry(
            person_id=entry.person_id,
            purpose=entry.purpose,
            about=entry.about,
            step=ConsentEntry.Step.WITHDRAWN,
            version=entry.version,
            language=entry.language,
            on=timezone.localdate(),
            effects=effects,
        )
        for entry in standing
    )

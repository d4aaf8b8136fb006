"""The tables of the safety plan. No row says a word of it: words lie sealed, each in a scope of few people."""

import uuid
from typing import Self

from django.db import models

from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.people.models import Person


class SafetyPlanQuerySet(models.QuerySet["SafetyPlan"]):
    """Sets of plans."""

    def shown_to(self, person: Person) -> Self:
        """Those of other people who chose to show theirs."""
        return self.filter(item__scope__belongings__person=person).exclude(person=person)


class SafetyPlan(SealedModel):
    """What helps somebody through a hard hour, in their own words. There is one, and no older version of it.

    It has a scope of its own. The owner holds its key and is in no list of belongings, so that no role that ends takes
    them out of their own plan; those in the list are the ones they show it to, by name in `shown`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="safety_plan")

    name: Sealed[str] = Sealed()
    written_on: Sealed[str] = Sealed()
    # By id of a person, what the owner calls them.
    shown: "Sealed[dict[str, str]]" = Sealed(())
    signs: Sealed[str] = Sealed()
    alone: Sealed[str] = Sealed()
    company: Sealed[str] = Sealed()
    people: Sealed[str] = Sealed()
    help: Sealed[str] = Sealed()
    safer: Sealed[str] = Sealed()
    others: Sealed[str] = Sealed()
    sign: Sealed[str] = Sealed()
    reasons: Sealed[str] = Sealed()

    objects = SafetyPlanQuerySet.as_manager()

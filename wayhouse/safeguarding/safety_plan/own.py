"""Somebody's own plan, and waiting for whatever else is being done with it."""

from uuid import UUID

from django.db.models import QuerySet

from wayhouse.core.prepared import prepared
from wayhouse.people.models import Person
from wayhouse.safeguarding.models import SafetyPlan


def plan_of(person: Person) -> SafetyPlan | None:
    """Somebody's own plan, not opened yet."""
    return next(iter(_plans(person=person.pk)), None)


@prepared
def _plans(person: UUID) -> "QuerySet[SafetyPlan]":
    return SafetyPlan.objects.filter(person=person).select_related("item__scope")


def lock_person(person: Person) -> None:
    """Of two things done to one plan at once, the second waits for the first."""
    Person.objects.select_for_update().get(pk=person.pk)

"""Somebody's own plan, and waiting for whatever else is being done with it."""

from wayhouse.people.models import Person
from wayhouse.safeguarding.models import SafetyPlan


def plan_of(person: Person) -> SafetyPlan | None:
    """Somebody's own plan, not opened yet."""
    return SafetyPlan.objects.filter(person=person).select_related("item__scope").first()


def lock_person(person: Person) -> None:
    """Of two things done to one plan at once, the second waits for the first."""
    Person.objects.select_for_update().get(pk=person.pk)

"""Who of those who read a step may look at it again, or decide an appeal."""

from uuid import UUID

from wayhouse.safeguarding.models import Appointment, ConductStep


def others(step: ConductStep) -> list[UUID]:
    """Who reads it and did not decide it; where nobody does, everybody who answers, so that somebody lets one in."""
    signed = {step.signed_by, step.second_by}
    held = Appointment.objects.current().filter(person__programme=step.programme_id).exclude(person=step.person_id)
    readers = held.filter(person__belongings__scope=step.scope_id).values_list("person", flat=True)
    return [pk for pk in readers if pk not in signed] or list(readers)

"""An ending that we decided is carried out when the time to appeal is over: seats, evenings and keys end then."""

from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.leaving import rules
from wayhouse.leaving.actions import leave
from wayhouse.people.away import send_away
from wayhouse.people.models import Person
from wayhouse.safeguarding.models import ConductStep
from wayhouse.safeguarding.protocol.conduct import Place


def carry_out_endings() -> int:
    """Every ending that stands, and that nobody appealed against or an appeal has left standing. Needs nobody's key."""
    due = ConductStep.objects.run_out(clock.now()).filter(by_two=True).order_by("ends_at", "pk")
    return sum(_carry_out(pk, person) for pk, person in due.values_list("pk", "person"))


def _carry_out(step_id: UUID, person_id: UUID) -> bool:
    with transaction.atomic():
        # The person before the step, the order in which everything that is done with it takes them.
        person = Person.objects.select_for_update().filter(pk=person_id).first()
        steps = ConductStep.objects.select_for_update().run_out(clock.now())
        step = steps.filter(pk=step_id, by_two=True).first()
        if person is None or step is None or person.is_coordinator:
            return False
        step.place = Place.OVER
        step.save(update_fields=["place"])
        # Whatever was decided beside it: from now on it says that this was an ending.
        send_away(person, None)
        record("conduct.ended", step)
        # The rooms below know one way to go, which is the person's own; the entry before it says that this was not.
        if rules.may_leave(person, person):
            leave(person, actor=person)
    return True

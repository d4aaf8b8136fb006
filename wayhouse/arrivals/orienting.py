"""Before the first evening: the orientation talk, part by part."""

from django.db import transaction

from wayhouse.arrivals import rules
from wayhouse.arrivals.models import Step
from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.people.models import Person


def take_step(person: Person, kind: Step.Kind, *, actor: Person) -> None:
    """A part of the talk is done; doing it twice changes nothing."""
    require(rules.may_orient(actor, person))
    with transaction.atomic():
        _step, made = Step.objects.get_or_create(person=person, kind=kind)
        if made:
            record("step.taken", person, actor=actor, step=str(kind))


def undo_step(person: Person, kind: Step.Kind, *, actor: Person) -> None:
    """It was ticked by mistake, or has to be talked about again."""
    require(rules.may_orient(actor, person))
    with transaction.atomic():
        gone, _of_kinds = Step.objects.filter(person=person, kind=kind).delete()
        if gone:
            record("step.undone", person, actor=actor, step=str(kind))

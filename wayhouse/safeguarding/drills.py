"""A drill: a concern about nobody, on the real way, with the real calls, timed until somebody says that it arrived."""

from datetime import timedelta

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.people.models import Person, Programme
from wayhouse.safeguarding import rules
from wayhouse.safeguarding.models import Drill
from wayhouse.safeguarding.protocol import Level
from wayhouse.safeguarding.raising import begin_drill_concern

# A second press of the button starts no second drill.
_APART = timedelta(minutes=30)


def begin_drill(programme: Programme, *, actor: Person) -> Drill:
    """Start a drill at the fastest level; one that runs already goes on. Error: `NobodyAnswers`."""
    require(rules.may_drill(actor, programme))
    with transaction.atomic():
        now = clock.now()
        running = Drill.objects.filter(programme=programme, arrived_at=None, begun_at__gt=now - _APART).first()
        if running is not None:
            return running
        concern = begin_drill_concern(programme, Level.NOW, actor)
        drill = Drill.objects.create(programme=programme, concern=concern, begun_at=now)
        record("drill.begun", drill, actor=actor)
    return drill

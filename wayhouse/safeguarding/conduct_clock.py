"""What time alone does to steps of the conduct ladder: an appeal nobody decided, a time away that is over."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.notices.actions import notify
from wayhouse.notices.kinds import Kind as Notice
from wayhouse.people.away import end_times_away
from wayhouse.safeguarding.calling import WAYS
from wayhouse.safeguarding.conduct_readers import others
from wayhouse.safeguarding.models import ConductStep
from wayhouse.safeguarding.protocol.conduct import Place


def run() -> int:
    """Everybody whose time away is over is back, and an appeal that waits too long calls; needs nobody's key."""
    ended = end_times_away()
    now = clock.now()
    ConductStep.objects.run_out(now).filter(by_two=False).update(place=Place.OVER)
    ConductStep.objects.worn_out(now).update(place=Place.OVER)
    late = ConductStep.objects.filter(place=Place.APPEALED, decide_by__lte=now).values_list("pk", flat=True)
    return ended + sum(_call(pk) for pk in late)


def _call(step_id: UUID) -> int:
    """Call those who may decide it, once for each day on which nobody does."""
    now = clock.now()
    with transaction.atomic():
        step = ConductStep.objects.select_for_update().filter(pk=step_id, place=Place.APPEALED).first()
        if step is None or step.decide_by is None:
            return 0
        late = (now - step.decide_by) // timedelta(days=1)
        called = notify(others(step), Notice.CALL_IN, once=f"late:{step.pk}:{late}", channels=WAYS)
        if called:
            record("appeal.missed", step)
    return called

"""What follows when a clock of a concern is over: it is marked, and somebody else is called.

All that is over for one concern is answered in one transaction, with one call for each person, whenever the worker
comes, after whatever downtime. A concern that cannot be answered holds up no other.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.notices.sweeps import TooLong
from wayhouse.people.models import Person
from wayhouse.safeguarding import calling
from wayhouse.safeguarding.models import Concern, Timer
from wayhouse.safeguarding.posts import to_call
from wayhouse.safeguarding.protocol import Duty, Event, Facts, Level, step
from wayhouse.safeguarding.protocol.levels import PAGED
from wayhouse.safeguarding.protocol.table import Side
from wayhouse.safeguarding.times import Limits, zone_of

_LOG = logging.getLogger(__name__)
_BATCH = 200
# Everybody was called and nobody has it: called again so often, where it cannot wait, until somebody does.
AGAIN = timedelta(minutes=30)


def sweep() -> int:
    """Answer everything that is over by now; how many misses there were. Needs nobody's key.

    Errors: the first that a concern gave, after all others were answered.
    """
    now, missed = clock.now(), 0
    faults: dict[UUID, Exception] = {}
    while due := _over(now, faults):
        for concern_id in due:
            try:
                missed += _answer(concern_id, now)
            except TooLong:
                raise
            except Exception as error:  # noqa: BLE001  whatever it is, other concerns are answered
                _LOG.exception("The clocks of a concern could not be answered.")
                faults[concern_id] = error
    for error in faults.values():
        raise error
    return missed


def _over(now: datetime, faults: dict[UUID, Exception]) -> list[UUID]:
    """The concerns of which something is over, the most urgent first."""
    found = Timer.objects.due(now).exclude(concern__in=list(faults)).order_by("concern__level", "due_at", "pk")
    return list(dict.fromkeys(found.values_list("concern_id", flat=True)[:_BATCH]))


def _answer(concern_id: UUID, now: datetime) -> int:
    """Mark what is over of one concern and call whoever is next; how many misses, 0 where somebody else did."""
    with transaction.atomic():
        # The concern before its clocks, the order in which everything that is done takes them.
        locked = Concern.objects.select_for_update(of=("self",)).select_related("programme").get(pk=concern_id)
        answer = _Answer(locked, now)
        # What is over may start a clock that is over as well, after a downtime: until nothing is left.
        while due := list(locked.timers.due(now).select_for_update().order_by("due_at", "pk")):
            Timer.objects.filter(pk__in=[timer.pk for timer in due]).update(state=Timer.State.MISSED)
            for timer in due:
                answer.take(timer)
        if answer.missed:
            after = step(locked.case, Event.MISS, Facts(time_over=True))
            locked.escalated = Side.ESCALATED in after.sides
            locked.save(update_fields=["escalated"])
            answer.give()
    return len(answer.missed)


class _Answer:
    """Whom to call for all that is over of one concern, each person once."""

    def __init__(self, concern: Concern, now: datetime) -> None:
        self.missed: list[Timer] = []
        self._concern, self._now, self._level = concern, now, Level(concern.level)
        self._people = to_call(concern)
        self._ladder = Limits(concern.programme).ladder(self._level)
        self._because_of: dict[Person, Timer] = {}
        # Who was called since the ladder began, the last one last. By names and not by places: the rota of the moment
        # may be another one than at the rung before.
        first = concern.timers.filter(duty=Duty.ACKNOWLEDGE, rung=0).order_by("pk").last()
        calls = concern.calls.filter(timer__duty=Duty.ACKNOWLEDGE, timer__gte=first).order_by("pk")
        self._called = list(calls.values_list("person_id", flat=True))

    def take(self, timer: Timer) -> None:
        """One more is over."""
        self.missed.append(timer)
        if timer.duty == Duty.ACKNOWLEDGE:
            whom = self._climb(timer)
        else:
            held_by = [one for one in self._people if one.pk == self._concern.held_by_id]
            by_name = {"holder": held_by or self._people[:1], "second": self._people[1:2]}
            by_name["director"] = self._people[2:3]
            whom = [one for who in PAGED[self._level] for one in by_name[who]]
        for person in whom:
            self._because_of.setdefault(person, timer)

    def give(self) -> None:
        """Call them, and log it."""
        for person, timer in self._because_of.items():
            calling.call(self._concern, [person], timer, missed=True)
        for timer in self.missed:
            record("limit.missed", self._concern, duty=timer.duty, rung=timer.rung, level=self._concern.level)

    def _climb(self, timer: Timer) -> list[Person]:
        """Start the clock of the next rung; who is called on it."""
        rung = timer.rung + 1
        if rung < len(self._ladder):
            due = self._ladder[rung].due(timer.due_at, zone_of(self._concern.programme))
            self._start(rung, timer.due_at, due)
            return self._next()
        # Nobody answered: everybody is called. A drill has shown by then what it was to show.
        if self._level in calling.URGENT and not self._concern.is_drill:
            self._start(rung, self._now, self._now + AGAIN)
        return list(self._people)

    def _start(self, rung: int, begun: datetime, due: datetime) -> None:
        asked = {"concern": self._concern, "duty": Duty.ACKNOWLEDGE}
        Timer.objects.create(**asked, rung=rung, started_at=begun, due_at=due)

    def _next(self) -> list[Person]:
        """Whoever nobody called yet since the ladder began; where all were, whoever has waited longest."""
        last_called = {person_id: place for place, person_id in enumerate(self._called)}
        found = sorted(self._people, key=lambda person: last_called.get(person.pk, -1))[:1]
        self._called.extend(person.pk for person in found)
        return found

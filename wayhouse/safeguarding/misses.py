"""What follows when a clock of a concern is over: it is marked, and somebody else is called.

All that is over for one concern is answered in one transaction, with one call for each person, whenever the worker
comes, after whatever downtime. Many concerns share a transaction, since each costs a write to the disk; where one of
them cannot be answered, each is answered by itself, so that it holds up no other.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Subquery

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.notices.sweeps import TooLong
from wayhouse.people.models import Person
from wayhouse.safeguarding import calling
from wayhouse.safeguarding.models import Call, Concern, PassedOver, Timer
from wayhouse.safeguarding.posts import turns
from wayhouse.safeguarding.protocol import Duty, Event, Facts, Level, step
from wayhouse.safeguarding.protocol.levels import PAGED
from wayhouse.safeguarding.protocol.table import Side
from wayhouse.safeguarding.times import Limits

_LOG = logging.getLogger(__name__)
_BATCH = 50
# Everybody was called and nobody has it: called again so often, where it cannot wait, until somebody does.
AGAIN = timedelta(minutes=30)


def sweep() -> int:
    """Answer everything that is over by now; how many misses there were. Needs nobody's key.

    Errors: the first that a concern gave, after all others were answered.
    """
    now, missed = clock.now(), 0
    faults: dict[UUID, Exception] = {}
    while due := _over(now, faults):
        try:
            missed += _answer(due, now)
        except TooLong:
            raise
        except Exception:  # noqa: BLE001  which of them it was shows when each goes by itself
            missed += sum(_answer_alone(concern_id, now, faults) for concern_id in due)
    if faults:
        raise next(iter(faults.values()))
    return missed


def _over(now: datetime, faults: dict[UUID, Exception]) -> list[UUID]:
    """The concerns of which something is over, the most urgent first."""
    found = Timer.objects.due(now).exclude(concern__in=list(faults)).order_by("concern__level", "due_at", "pk")
    return list(dict.fromkeys(found.values_list("concern_id", flat=True)[:_BATCH]))


def _answer_alone(concern_id: UUID, now: datetime, faults: dict[UUID, Exception]) -> int:
    try:
        return _answer([concern_id], now)
    except TooLong:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, other concerns are answered
        _LOG.exception("The clocks of a concern could not be answered.")
        faults[concern_id] = error
        return 0


def _answer(concern_ids: list[UUID], now: datetime) -> int:
    """Mark what is over of these concerns and call whoever is next; how many misses, without what others did."""
    with transaction.atomic():
        # The concerns before their clocks, the order in which everything that is done takes them.
        locked = Concern.objects.select_for_update(of=("self",)).select_related("programme").order_by("pk")
        limits: dict[UUID, Limits] = {}
        answers: dict[UUID, _Answer] = {}
        for concern in locked.filter(pk__in=concern_ids):
            if concern.programme_id not in limits:
                limits[concern.programme_id] = Limits(concern.programme)
            answers[concern.pk] = _Answer(concern, now, limits[concern.programme_id])
        # What is over may start a clock that is over as well, after a downtime: until nothing is left.
        of_these = Timer.objects.due(now).filter(concern__in=list(answers)).select_for_update()
        while due := list(of_these.order_by("due_at", "pk")):
            Timer.objects.filter(pk__in=[timer.pk for timer in due]).update(state=Timer.State.MISSED)
            Timer.objects.bulk_create(begun for timer in due for begun in answers[timer.concern_id].take(timer))
        _give([answer for answer in answers.values() if answer.missed])
    return sum(len(answer.missed) for answer in answers.values())


def _give(answers: "list[_Answer]") -> None:
    """Call whoever is to be called, and log it: last, since nobody else can write to the log until the commit."""
    escalated = []
    for answer in answers:
        after = step(answer.concern.case, Event.MISS, Facts(time_over=True))
        if Side.ESCALATED in after.sides and not answer.concern.escalated:
            escalated.append(answer.concern.pk)
    Concern.objects.filter(pk__in=escalated).update(escalated=True)
    calling.call_for_misses(
        Call(concern=answer.concern, person=person, timer=timer, missed=True)
        for answer in answers
        for person, timer in answer.because_of.items()
    )
    calling.pass_over(row for answer in answers for row in answer.passed())
    for answer in answers:
        for timer in answer.missed:
            record("limit.missed", answer.concern, duty=timer.duty, rung=timer.rung, level=answer.concern.level)


class _Answer:
    """Whom to call for all that is over of one concern, each person once."""

    def __init__(self, concern: Concern, now: datetime, limits: Limits) -> None:
        self.concern = concern
        self.missed: list[Timer] = []
        self.because_of: dict[Person, Timer] = {}
        self._now, self._level = now, Level(concern.level)
        self._turns = turns(concern)
        self._people = self._turns.people
        self._limits, self._ladder = limits, limits.ladder(self._level)
        self._called: list[UUID] | None = None

    def passed(self) -> list[PassedOver]:
        """Whose turn it was to be called now, and who could not be."""
        rungs = [person for person, timer in self.because_of.items() if timer.duty == Duty.ACKNOWLEDGE]
        return self._turns.passed_for(rungs)

    def take(self, timer: Timer) -> list[Timer]:
        """One more is over; the clocks that begin with it, to be saved."""
        self.missed.append(timer)
        begun: list[Timer] = []
        if timer.duty == Duty.ACKNOWLEDGE:
            whom = self._climb(timer, begun)
        else:
            held_by = [one for one in self._people if one.pk == self.concern.held_by_id]
            by_name = {"holder": held_by or self._people[:1], "second": self._people[1:2]}
            by_name["director"] = self._people[2:3]
            whom = [one for who in PAGED[self._level] for one in by_name[who]]
        for person in whom:
            self.because_of.setdefault(person, timer)
        return begun

    def _climb(self, timer: Timer, begun: list[Timer]) -> list[Person]:
        """Begin the clock of the next rung; who is called on it."""
        rung = timer.rung + 1
        asked = Timer(concern=self.concern, duty=Duty.ACKNOWLEDGE, rung=rung)
        if rung < len(self._ladder):
            due = self._limits.due(self._ladder[rung], timer.due_at)
            asked.started_at, asked.due_at = timer.due_at, due
            begun.append(asked)
            return self._next()
        # Nobody answered: everybody is called. A drill has shown by then what it was to show.
        if self._level in calling.URGENT and not self.concern.is_drill:
            asked.started_at, asked.due_at = self._now, self._now + AGAIN
            begun.append(asked)
        return list(self._people)

    def _next(self) -> list[Person]:
        """Whoever nobody called yet since the ladder began; where all were, whoever has waited longest.

        By names and not by places: the rota of the moment may be another one than at the rung before.
        """
        if self._called is None:
            first = self.concern.timers.filter(duty=Duty.ACKNOWLEDGE, rung=0).order_by("-pk").values("pk")[:1]
            since = self.concern.calls.filter(timer__duty=Duty.ACKNOWLEDGE, timer__gte=Subquery(first))
            self._called = list(since.order_by("pk").values_list("person_id", flat=True))
        last_called = {person_id: place for place, person_id in enumerate(self._called)}
        found = sorted(self._people, key=lambda person: last_called.get(person.pk, -1))[:1]
        self._called.extend(person.pk for person in found)
        return found

"""Days on which somebody looks again: at a step, a hold, a demand, or whether somebody was told. They call who may.

The days are written with the key of whoever decided them, and the worker has to know them without one: so they lie
closed under the server's key, and a stolen database does not tell on which day what is looked at. A call has no words.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.crypto import server
from wayhouse.crypto.box import bind, close, open_box
from wayhouse.notices.actions import notify
from wayhouse.notices.kinds import Kind as Notice
from wayhouse.people.models import Person
from wayhouse.safeguarding.calling import WAYS
from wayhouse.safeguarding.conduct_readers import others
from wayhouse.safeguarding.models import Appointment, ConductStep, DayToCome, Demand
from wayhouse.safeguarding.posts import FEWEST, readers_of
from wayhouse.safeguarding.protocol.closed import Closed, works_on
from wayhouse.safeguarding.times import closed_days, zone_of

# So long before its day it stands on the board.
SHOWN_BEFORE = timedelta(days=7)
_DAY = timedelta(days=1)


class What(StrEnum):
    """What a day is for; one letter each, so that the length of a box tells nothing."""

    STEP = "s"
    UNTIL = "u"
    HOLD = "h"
    TOLD = "t"
    READERS = "r"
    STEP_READERS = "x"


_READERS = frozenset({What.READERS, What.STEP_READERS})


@dataclass(frozen=True, slots=True)
class Day:
    """On `day`, somebody looks at a step or a demand, by its id."""

    what: What
    day: date
    thing: UUID


def keep_days_of_demand(demand: Demand) -> None:
    """Write down the days of a demand as it is now; it must be open to whoever acts. In a transaction."""
    again = [one["again"] for one in demand.people if one["again"]]
    held = [one["look"] for one in demand.people if one["hold"] and one.get("look")]
    days = {What.HOLD: min(held, default=""), What.TOLD: min(again, default="")}
    if not demand.is_answered:
        days[What.UNTIL] = demand.until
    _keep(demand, days)


def keep_days_of_step(step: ConductStep) -> None:
    """The same for a step: until somebody looked at it again, while it holds."""
    looks = step.told_at is not None and not step.looked and not step.is_over
    _keep(step, {What.STEP: step.review_on if looks else ""})


def watch_readers_of(thing: Demand | ConductStep) -> None:
    """Somebody who read it has left, and fewer than two are there: they are called until a colleague is let in."""
    if readers_of([thing.scope_id])[thing.scope_id] < FEWEST:
        row = DayToCome(scope_id=thing.scope_id)
        what = What.STEP_READERS if isinstance(thing, ConductStep) else What.READERS
        row.box = _closed(row, Day(what, clock.today(), thing.pk))
        row.save(force_insert=True)


def days_for(person: Person) -> list[Day]:
    """What those who read it see on the board: what is due or soon will be, the earliest first; one query."""
    until = clock.today() + SHOWN_BEFORE
    rows = DayToCome.objects.filter(scope__belongings__person=person)
    return sorted((found for found in map(_opened, rows) if found.day <= until), key=lambda found: found.day)


def run() -> int:
    """Call those who may look at what is due, once on each working day until somebody has; needs nobody's key."""
    soon = clock.today() + SHOWN_BEFORE
    return sum(_call(row.pk) for row in DayToCome.objects.order_by("pk") if _opened(row).day <= soon)


def first_call(found: Day, closed: Closed) -> date:
    """The day from which on somebody is called: for what has to be done until a day, the working day before it."""
    if found.what != What.UNTIL:
        return found.day
    day = found.day - _DAY
    while not works_on(day, closed):
        day -= _DAY
    return day


def _keep(thing: Demand | ConductStep, days: Mapping[What, str]) -> None:
    wanted = {what: Day(what, date.fromisoformat(day), thing.pk) for what, day in days.items() if day}
    there = {_opened(row): row.pk for row in DayToCome.objects.filter(scope=thing.scope_id)}
    kept = {day: pk for day, pk in there.items() if day.what not in _READERS}
    # What stays as it was keeps its row, and with it whom it has called.
    DayToCome.objects.filter(pk__in=[pk for found, pk in kept.items() if found not in wanted.values()]).delete()
    rows = [DayToCome(scope_id=thing.scope_id) for found in wanted.values() if found not in kept]
    for row, found in zip(rows, [found for found in wanted.values() if found not in kept], strict=True):
        row.box = _closed(row, found)
    DayToCome.objects.bulk_create(rows)


def _call(row_id: UUID) -> int:
    with transaction.atomic():
        row = DayToCome.objects.select_for_update().filter(pk=row_id).first()
        found = _opened(row) if row else None
        thing = _thing(found) if found else None
        if row is None or found is None:
            return 0
        if thing is None or (found.what in _READERS and readers_of([row.scope_id])[row.scope_id] >= FEWEST):
            # It has ended by itself, or the person is erased: nobody looks any more.
            row.delete()
            return 0
        today = clock.now().astimezone(zone_of(thing.programme)).date()
        closed = closed_days(thing.programme)
        if today < first_call(found, closed) or not works_on(today, closed):
            return 0
        called = notify(
            _readers(thing, found.what), Notice.CALL_IN, once=f"look:{row.pk}:{today:%Y%m%d}", channels=WAYS
        )
        if called:
            record("look.called", thing)
        return called


def _thing(found: Day) -> Demand | ConductStep | None:
    step = ConductStep.objects.open().select_related("programme").filter(pk=found.thing).first()
    # An order to be silent outlasts the demand that it came with, as does a hold.
    lasting = found.what in {What.HOLD, What.TOLD}
    demands = Demand.objects.all() if lasting else Demand.objects.open()
    return step or demands.select_related("programme").filter(pk=found.thing).first()


def _readers(thing: Demand | ConductStep, what: What) -> Iterable[UUID]:
    if isinstance(thing, ConductStep) and what == What.STEP:
        return others(thing)
    held = Appointment.objects.current().filter(person__belongings__scope=thing.scope_id)
    return held.values_list("person", flat=True)


def _closed(row: DayToCome, found: Day) -> bytes:
    plain = json.dumps([found.what, found.day.isoformat(), str(found.thing)])
    return close(server.days_key(), plain.encode(), bind("day", row.pk.bytes))


def _opened(row: DayToCome) -> Day:
    what, day, thing = json.loads(open_box(server.days_key(), bytes(row.box), bind("day", row.pk.bytes)))
    return Day(What(what), date.fromisoformat(day), UUID(thing))

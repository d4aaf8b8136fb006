"""Holds that nobody here can read any more: whoever read the demand has left with locked keys. Two end them unread.

What a demand says is gone for this house, and its letter is on paper. The server knows who is held, and from whom it
was kept when two signed: those do not learn of it, and all others who answer may end it, two of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.notices.actions import notify
from wayhouse.notices.kinds import Kind as Notice
from wayhouse.people import holds
from wayhouse.people.models import Person
from wayhouse.safeguarding import rules
from wayhouse.safeguarding.calling import WAYS
from wayhouse.safeguarding.demands import end_hold
from wayhouse.safeguarding.models import Appointment, DayToCome, Demand
from wayhouse.safeguarding.posts import readers_of


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """The holds of one demand that nobody reads. `again`: the day the two had signed; `first`: who says it ends."""

    demand: Demand
    again: date
    first: str
    kept_from: frozenset[str]
    hold_ids: tuple[UUID, ...]


def left_alone() -> list[LeftAlone]:
    """Every demand that is held and that nobody can read; one query where nothing is held, else three."""
    by_demand: dict[str, list[tuple[UUID, holds.Terms]]] = {}
    for hold_id, terms in holds.every():
        if terms.demand:
            by_demand.setdefault(terms.demand, []).append((hold_id, terms))
    if not by_demand:
        return []
    demands = {str(one.pk): one for one in Demand.objects.filter(pk__in=list(by_demand)).select_related("programme")}
    read = readers_of([one.scope_id for one in demands.values()])
    return [
        LeftAlone(
            demands[pk],
            min(terms.again for _hold_id, terms in rows),
            rows[0][1].first,
            frozenset(one for _hold_id, terms in rows for one in (str(terms.person), *terms.kept_from)),
            tuple(hold_id for hold_id, _terms in rows),
        )
        for pk, rows in by_demand.items()
        if pk in demands and not read[demands[pk].scope_id]
    ]


def left_alone_for(person: Person) -> list[LeftAlone]:
    """Those that somebody who answers may end: none from whom it was kept, or whom it concerns."""
    here = [one for one in left_alone() if one.demand.programme_id == person.programme_id]
    return [one for one in here if str(person.pk) not in one.kept_from] if here and rules.answers(person) else []


def end_unread(found: LeftAlone, *, actor: Person) -> bool:
    """Say that it ends; whether it has ended, which the second one's word does. The first still answers then."""
    with transaction.atomic():
        # Held, so that of two at once one is the second.
        Demand.objects.select_for_update().get(pk=found.demand.pk)
        now = next((one for one in left_alone_for(actor) if one.demand.pk == found.demand.pk), None)
        require(now is not None)
        assert now is not None  # noqa: S101  as above
        first = now.first if now.first in _answering(now) else ""
        ends = first not in {"", str(actor.pk)}
        for hold_id in now.hold_ids:
            if ends:
                end_hold(hold_id)
            elif not first:
                holds.sign_first(hold_id, actor.pk)
        if ends:
            Demand.objects.filter(pk=now.demand.pk).update(held=False, waiting="", waiting_by=None)
            DayToCome.objects.filter(scope=now.demand.scope_id).delete()
        record("hold.ended" if ends else "hold.end_proposed", now.demand, actor=actor)
    return ends


def call() -> int:
    """Call those who may end one, once a week; needs nobody's key."""
    with transaction.atomic():
        return sum(_call(one) for one in left_alone())


def _call(found: LeftAlone) -> int:
    year, week, _day = clock.today().isocalendar()
    once = f"alone:{found.demand.pk}:{year}-{week}"
    called = notify(map(UUID, _answering(found)), Notice.CALL_IN, once=once, channels=WAYS)
    if called:
        record("hold.left_alone", found.demand)
    return called


def _answering(found: LeftAlone) -> Iterable[str]:
    held = Appointment.objects.current().filter(person__programme=found.demand.programme_id)
    ids = [str(pk) for pk in held.values_list("person", flat=True)]
    return [pk for pk in ids if pk not in found.kept_from]

"""Somebody who answers goes. Ending a role waits until a colleague was let in; leaving waits for nothing.

What is open keeps two readers: whoever leaves lets the next in with their key, where it is open. Where it is not, or
nobody may read it, a clock runs for those who are left, and they are called, and whoever directs.
"""

from contextlib import suppress
from typing import Any

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.crypto.box import CannotOpen
from wayhouse.people import reach
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding import calling, clocks, posts
from wayhouse.safeguarding.looking_again import watch_readers_of
from wayhouse.safeguarding.models import Appointment, Concern, ConductStep, Demand, Timer
from wayhouse.safeguarding.protocol import Duty, Level
from wayhouse.safeguarding.protocol.levels import READERS
from wayhouse.safeguarding.times import Calendar

_SHARED = {Concern: "colleague.admitted", ConductStep: "conduct.shared", Demand: "demand.shared"}


def end_with_role(*, role: Role, actor: Person, **_signal: Any) -> None:
    """A post ends with the role that it goes with. Error: `TooFewReaders`, as for ending a post."""
    if role.kind != Role.Kind.SAFEGUARDING_LEAD:
        return
    held = Appointment.objects.filter(person=role.person_id, until_on=None).select_related("person__programme").first()
    if held is not None:
        posts.end_held(held, actor=actor)


def part(person: Person) -> None:
    """Somebody leaves: their post ends. Call it in the transaction of leaving, before their keys go."""
    held = Appointment.objects.filter(person=person, until_on=None).select_related("person__programme").first()
    if held is None:
        return
    with transaction.atomic():
        posts.locked_safety(person.programme)
        rows = Concern.objects.select_for_update(of=("self",)).order_by("pk").open().filter(is_drill=False)
        found = rows.filter(scope__belongings__person=person)
        concerns = list(found.select_related("programme", "item", "scope", "own_scope"))
        for concern in concerns:
            _let_others_in(concern, person)
        demands = Demand.objects.select_for_update(of=("self",)).order_by("pk").open()
        shared: list[Demand | ConductStep] = [
            *demands.filter(scope__belongings__person=person).select_related("item", "scope")
        ]
        steps = ConductStep.objects.select_for_update(of=("self",)).order_by("pk").open()
        shared += steps.filter(scope__belongings__person=person).select_related("item", "scope")
        for thing in shared:
            _let_others_in(thing, person)
        posts.leave_post(held, actor=person)
        for concern in concerns:
            watch_readers(concern)
        for thing in shared:
            watch_readers_of(thing)


def watch_readers(concern: Concern) -> None:
    """Start the clock by which a second reader is let in, where there is none; stop it where there is. Needs no key."""
    owed = concern.timers.owed().filter(duty=Duty.SECOND_READER)
    alone = posts.readers_of([concern.scope_id])[concern.scope_id] < posts.FEWEST
    if not alone or concern.is_over or concern.is_drill:
        clocks.end(concern, Duty.SECOND_READER)
    elif not owed.exists():
        now = clock.now()
        due = Calendar(concern.programme).due(READERS[Level(concern.level)], now)
        begun = Timer.objects.create(concern=concern, duty=Duty.SECOND_READER, started_at=now, due_at=due)
        whom = dict.fromkeys([*posts.to_call(concern), *posts.newly_directing(concern)])
        calling.call(concern, whom, begun, missed=False)


def _let_others_in(concern: Concern | Demand | ConductStep, leaving: Person) -> None:
    """So many that two are left, in the order of posts, from whom it was not kept; with the key of whoever leaves."""
    missing = posts.FEWEST - posts.readers_of([concern.scope_id], without=leaving)[concern.scope_id]
    if missing <= 0:
        return
    # Locked, or a key that does not open: leaving goes on, and the clock runs.
    with suppress(CannotOpen), transaction.atomic():
        for one in posts.in_order(posts.outside(concern))[:missing]:
            reach.let_in(concern.scope, one.person)
            if isinstance(concern, Concern):
                reach.let_in(concern.own_scope, one.person)
            record(_SHARED[type(concern)], concern, actor=leaving)

"""Changing a limit: shorter as one likes, at most twice as long, always with a reason that stays."""

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto import items
from wayhouse.people.models import Person, Programme
from wayhouse.safeguarding import rules
from wayhouse.safeguarding.answering import default_span
from wayhouse.safeguarding.models import Limit
from wayhouse.safeguarding.posts import safety_of
from wayhouse.safeguarding.protocol import Duty, Level


def change_limit(
    programme: Programme, level: Level, duty: Duty, amount: int, reason: str, *, rung: int = 0, actor: Person
) -> Limit:
    """What is raised from now on runs by it. `amount`: minutes, or working days, as the limit has it.

    Errors: `ValueError` beyond twice as much, below 1, for a moment of the day, or without a reason; `KeyError` for a
    limit that the level does not have.
    """
    require(rules.may_change_limit(actor, programme))
    default_span(level, duty, rung).scaled(amount)
    if not reason.strip():
        raise ValueError("a limit is changed with a reason")
    with transaction.atomic():
        Limit.objects.filter(programme=programme, level=level, duty=duty, rung=rung).delete()
        item = items.seal(safety_of(programme).scope, "limit", {"reason": reason.strip()})
        limit = Limit.objects.create(programme=programme, level=level, duty=duty, rung=rung, amount=amount, item=item)
        record("limit.changed", limit, actor=actor, level=int(level), duty=str(duty), rung=rung, amount=amount)
    return limit

"""What became of calls: on which ways each went, and who was passed over. Said without the plan of anybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from wayhouse.notices.kinds import Channel
from wayhouse.notices.models import Delivery
from wayhouse.safeguarding.calling import once_of
from wayhouse.safeguarding.models import Call, Concern
from wayhouse.safeguarding.words import CALL_STATES, NOT_NEEDED, PERHAPS_TWICE

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST = 60


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call, or one passing over: `ways` has the name of each way with what became of it, `passed` why not."""

    at: datetime
    person_id: UUID
    ways: "list[tuple[str, _StrPromise]]"
    passed: str = ""


def delivered_ways(made: Iterable[Call]) -> set[str]:
    """The ways on which at least one of some calls was delivered."""
    named = [once_of(one) for one in made]
    sent = Delivery.objects.filter(notice__once__in=named, state=Delivery.State.DELIVERED)
    return set(sent.values_list("channel", flat=True))


def calls_of(concern: Concern) -> list[CallLine]:
    """The latest calls of a concern and who was passed over, the latest first; three queries.

    What became of a call is kept for thirty days after it was of use; then only that somebody was called stays.
    """
    made = list(concern.calls.order_by("-at", "-pk")[:MOST])
    named = {once_of(one): one.pk for one in made}
    ways: dict[int, list[tuple[str, _StrPromise]]] = {}
    rows = Delivery.objects.filter(notice__once__in=named).select_related("notice").order_by("channel")
    for row in rows:
        ways.setdefault(named[row.notice.once], []).append((str(Channel(row.channel).label), _became(row)))
    lines = [CallLine(one.at, one.person_id, ways.get(one.pk, [])) for one in made]
    lines += [CallLine(row.at, row.person_id, [], row.get_why_display()) for row in concern.passed_over.all()[:MOST]]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _became(row: Delivery) -> "_StrPromise":
    """Failed and skipped are told apart; why a way is none to somebody stays theirs."""
    if row.why == Delivery.Why.HANDLED:
        return NOT_NEEDED
    if row.repeated and row.state == Delivery.State.DELIVERED:
        return PERHAPS_TWICE
    return CALL_STATES[Delivery.State(row.state)]

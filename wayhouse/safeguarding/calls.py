"""What became of calls: on which ways each went, and who was passed over. Said without the plan of anybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from wayhouse.core.prepared import prepared
from wayhouse.notices.kinds import Channel
from wayhouse.notices.models import Delivery
from wayhouse.safeguarding.calling import once_of
from wayhouse.safeguarding.models import Call, PassedOver
from wayhouse.safeguarding.opened import post_held
from wayhouse.safeguarding.words import CALL_STATES, NOT_NEEDED, PERHAPS_TWICE

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST = 60


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call, or one passing over, by the post of whom, or "".

    `ways` has the name of each way with what became of it, `passed` why not.
    """

    at: datetime
    post: str
    ways: "list[tuple[str, _StrPromise]]"
    passed: str = ""


def delivered_ways(made: Iterable[Call]) -> set[str]:
    """The ways on which at least one of some calls was delivered."""
    named = [once_of(one) for one in made]
    sent = Delivery.objects.filter(notice__once__in=named, state=Delivery.State.DELIVERED)
    return set(sent.values_list("channel", flat=True))


def calls_of(called: Sequence[Call], passed: Sequence[PassedOver]) -> list[CallLine]:
    """Lines of calls of a concern and of who was passed over, the latest first; one query.

    What became of a call is kept for thirty days after it was of use; then only that somebody was called stays.
    """
    named = {once_of(one): one.pk for one in called}
    ways: dict[int, list[tuple[str, _StrPromise]]] = {}
    rows = Delivery.objects.filter(notice__once__in=named).select_related("notice").order_by("channel") if named else ()
    for row in rows:
        ways.setdefault(named[row.notice.once], []).append((str(Channel(row.channel).label), _became(row)))
    lines = [CallLine(one.at, _held(one), ways.get(one.pk, [])) for one in called]
    lines += [CallLine(row.at, _held(row), [], row.get_why_display()) for row in passed]
    return sorted(lines, key=lambda line: line.at, reverse=True)


@prepared
def called_for(concern: UUID) -> QuerySet[Call]:
    """The latest calls of a concern, each with the post of whoever was called."""
    return Call.objects.filter(concern=concern).annotate(held=post_held()).order_by("-at", "-pk")[:MOST]


@prepared
def passed_for(concern: UUID) -> QuerySet[PassedOver]:
    """Who was passed over, the same way."""
    return PassedOver.objects.filter(concern=concern).annotate(held=post_held()).order_by("-at", "-pk")[:MOST]


def _held(row: Call | PassedOver) -> str:
    return row.held or ""  # type: ignore[union-attr]  # fetched along


def _became(row: Delivery) -> "_StrPromise":
    """Failed and skipped are told apart; why a way is none to somebody stays theirs."""
    if row.why == Delivery.Why.HANDLED:
        return NOT_NEEDED
    if row.repeated and row.state == Delivery.State.DELIVERED:
        return PERHAPS_TWICE
    return CALL_STATES[Delivery.State(row.state)]

"""The pulse after an evening: four questions from 0 to 10, shown from five answers on (handbook 3.1, F18).

Nobody can tell who answered or what: of an answer only its part in a sum is kept, and of who answered a tag that only
their own key computes. No hour, no order, no entry in the log. What is shown never changes afterwards, and no answer
is in two of the results: nobody can subtract one from another. Limits: decision 26.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from wayhouse.audit.record import record
from wayhouse.conversations import rules
from wayhouse.conversations.models import PulseMark, PulseResult, PulseTally
from wayhouse.conversations.windows import closes_at
from wayhouse.conversations.writing import circle_of
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes, server
from wayhouse.crypto.box import bind, close, open_box
from wayhouse.crypto.keyring import present
from wayhouse.groups.models import Group
from wayhouse.meetings.models import Meeting
from wayhouse.people.models import Person

QUESTIONS = {
    "heard": _("I was heard."),
    "safe": _("I felt safe."),
    "useful": _("It was useful to me."),
    "again": _("I want to come back."),
}
LOWEST, HIGHEST = 0, 10
FEWEST = 5


class AnsweredBefore(Exception):  # noqa: N818  an answer to a person, not a fault
    """Each evening is answered once."""


def answer_pulse(meeting: Meeting, answers: Mapping[str, int | None], *, actor: Person) -> None:
    """Add one's answers to the sums; None skips a question. Error: `AnsweredBefore`.

    Not in the log: an entry, even without a name, would stand between others that have one.
    """
    require(rules.may_answer_pulse(actor, meeting))
    group = meeting.group
    with transaction.atomic():
        # Nothing is shown here: a result that came with an answer would tell who answered first.
        scopes.lock(circle_of(group).scope)
        _mark, new = PulseMark.objects.get_or_create(tag=_tag(meeting), defaults={"meeting": meeting})
        if not new:
            raise AnsweredBefore
        tally = PulseTally.objects.filter(group=group).first() or PulseTally(group=group)
        sums = _opened(tally) if tally.pk else _nothing()
        tally.closes_at, tally.box = closes_at(meeting), _closed(group, _added(sums, meeting.week, answers))
        tally.save()


def show_pulse(group: Group, *, actor: Person) -> None:
    """Show what can be shown by now; whoever of the group comes by first does it, without noticing."""
    require(rules.may_enter(actor, group))
    waiting = PulseTally.objects.filter(group=group, closes_at__lte=clock.now())
    if waiting.exists():
        with transaction.atomic():
            scopes.lock(circle_of(group).scope)
            _show(group)


def has_answered(meeting: Meeting) -> bool:
    """Whether the holder of the keys at hand answered; nobody else can ask."""
    return PulseMark.objects.filter(pk=_tag(meeting)).exists()


def _show(group: Group) -> None:
    """Put the sums into a result once their evening is closed and five have answered; until then they add up."""
    tally = PulseTally.objects.filter(group=group, closes_at__lte=clock.now()).first()
    sums = _opened(tally) if tally else _nothing()
    if tally is None or sums["n"] < FEWEST:
        return
    means = {name: _mean(sums["total"][name], sums["count"][name]) for name in QUESTIONS}
    words = {"means": means, "weeks": sums["weeks"], "answers": sums["n"]}
    # Not signed: it would name who came by first, and is theirs no more than anybody's.
    item = items.seal(circle_of(group).scope, "pulse", words, standing=False, signed=False)
    PulseResult.objects.create(item=item, group=group, shown_on=clock.today())
    tally.delete()
    record("pulse.shown", group)


def _mean(total: int, count: int) -> int | None:
    """A whole number, half upwards: a decimal would tell more about single answers than about the evening."""
    return (2 * total + count) // (2 * count) if count >= FEWEST else None


def _added(sums: dict[str, Any], week: int, answers: Mapping[str, int | None]) -> dict[str, Any]:
    said = {name: value for name in QUESTIONS if (value := answers.get(name)) is not None}
    if any(not LOWEST <= value <= HIGHEST for value in said.values()):
        raise ValueError("an answer lies between 0 and 10")
    return {
        "n": sums["n"] + 1,
        "weeks": sorted({*sums["weeks"], week}),
        "count": {name: sums["count"][name] + (name in said) for name in QUESTIONS},
        "total": {name: sums["total"][name] + said.get(name, 0) for name in QUESTIONS},
    }


def _nothing() -> dict[str, Any]:
    return {"n": 0, "weeks": [], "count": dict.fromkeys(QUESTIONS, 0), "total": dict.fromkeys(QUESTIONS, 0)}


def _tag(meeting: Meeting) -> str:
    return present().blind_tag("pulse", meeting.pk.bytes)


def _closed(group: Group, sums: Mapping[str, Any]) -> bytes:
    return close(server.tally_key(), json.dumps(sums).encode(), bind("tally", group.pk.bytes))


def _opened(tally: PulseTally) -> dict[str, Any]:
    plain = open_box(server.tally_key(), bytes(tally.box), bind("tally", tally.group_id.bytes))
    sums: dict[str, Any] = json.loads(plain)
    return sums

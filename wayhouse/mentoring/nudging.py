"""When it has been quiet in a thread: the mentor alone is asked whether a hello would be welcome, twice, then no more.

Practice handbook F17 and 2.1 d. Only what stands in the thread is counted, which the mentor sees anyway: who came to
evenings is not. Nobody else is told, there is no list, and on a break nobody is asked.
"""

from datetime import date, timedelta

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.mentoring import rules
from wayhouse.mentoring.models import BETWEEN_NUDGES, Nudge, Pair
from wayhouse.mentoring.telling import office_hour_of
from wayhouse.notices.actions import notify
from wayhouse.notices.kinds import Kind
from wayhouse.people.models import Person

TRIES, WITHIN = 2, timedelta(days=28)


def ask_for_hellos() -> int:
    """Ask the mentors of quiet threads, each in their own hours; how many were asked."""
    wanted = Pair.objects.going().both_here().filter(quiet_weeks__gt=0)
    return sum(_ask(pair) for pair in wanted.select_related("mentor").order_by("pk"))


def is_due(pair: Pair, told: list[date], today: date) -> bool:
    """Whether the mentor may be asked today. `told`: the days on which they were asked before."""
    quiet = today - pair.heard_on >= timedelta(weeks=pair.quiet_weeks) > timedelta(0)
    lately = [day for day in told if day > today - WITHIN]
    since = [day for day in told if day >= pair.heard_on]
    rested = all(day <= today - BETWEEN_NUDGES for day in told)
    return quiet and rested and len(lately) < TRIES and len(since) < TRIES


def answer_nudge(pair: Pair, *, in_touch: bool, actor: Person) -> None:
    """The mentor says that the two are in touch, or leaves it. Nobody is told which."""
    require(rules.may_answer_nudge(actor, pair))
    with transaction.atomic():
        today = clock.today()
        count = Nudge.objects.filter(pair=pair, handled_on=None).update(handled_on=today)
        if count and in_touch:
            Pair.objects.filter(pk=pair.pk).update(heard_on=today)
        if count:
            record("nudge.answered", pair, actor=actor)


def _ask(pair: Pair) -> bool:
    today, told = clock.today(), list(pair.nudges.values_list("told_on", flat=True))
    if pair.mentor is None or not is_due(pair, told, today) or office_hour_of(pair.mentor, clock.now()) is None:
        return False
    with transaction.atomic():
        _nudge, made = Nudge.objects.get_or_create(pair=pair, told_on=today)
        if made:
            notify([pair.mentor.pk], Kind.QUESTION, once=f"hello:{pair.pk}:{today.isoformat()}")
            record("nudge.put", pair)
    return made

"""When a contact is missed: the mentor alone is asked whether a hello would be welcome, twice, then no more.

Practice handbook F17 and 2.1 d. Quiet weeks in a thread, or two missed evenings: each only if the member chose it. The
mentor is not told which. Nobody else is told, there is no list and no score, and on a break nobody is asked.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.mentoring import rules
from wayhouse.mentoring.missing import missed_lately
from wayhouse.mentoring.models import BETWEEN_NUDGES, Nudge, Pair
from wayhouse.mentoring.settling import name_of, settle_nudges, take_back_unsent
from wayhouse.mentoring.telling import office_hour_of
from wayhouse.notices.actions import notify
from wayhouse.notices.kinds import Kind
from wayhouse.people.models import Person

TRIES, WITHIN = 2, timedelta(days=28)


def ask_for_hellos() -> int:
    """Ask the mentors of members who are missed, each in their own hours; how many were asked."""
    here = Pair.objects.going().both_here()
    with transaction.atomic():
        # Sent away or gone meanwhile: their mentor is not asked any more, as far as they were not yet.
        take_back_unsent(Nudge.objects.open_on(clock.today()).exclude(pair__in=here))
    wanted = here.filter(Q(quiet_weeks__gt=0) | Q(if_missed=True))
    return sum(_ask(pair) for pair in wanted.select_related("member", "mentor").order_by("pk"))


def is_due(pair: Pair, told: list[date], today: date) -> bool:
    """Whether the mentor may be asked today, whatever the reason. `told`: the days on which they were asked before."""
    lately = [day for day in told if day > today - WITHIN]
    since = [day for day in told if day >= pair.heard_on]
    rested = all(day <= today - BETWEEN_NUDGES for day in told)
    return rested and len(lately) < TRIES and len(since) < TRIES


def is_missed(pair: Pair, today: date) -> bool:
    """Whether there is a reason that the member chose: quiet weeks in the thread, or evenings that they missed."""
    if today - pair.heard_on >= timedelta(weeks=pair.quiet_weeks) > timedelta(0):
        return True
    member = pair.member if pair.if_missed else None
    return member is not None and missed_lately(member, pair.heard_on, today - WITHIN)


def answer_nudge(pair: Pair, *, in_touch: bool, actor: Person) -> None:
    """The mentor says that the two are in touch, or leaves it. Nobody is told which."""
    require(rules.may_answer_nudge(actor, pair))
    with transaction.atomic():
        today = clock.today()
        count = settle_nudges(pair)
        if count and in_touch:
            Pair.objects.filter(pk=pair.pk).update(heard_on=today)
        if count:
            record("nudge.answered", pair, actor=actor)


def _ask(pair: Pair) -> bool:
    today, told = clock.today(), list(pair.nudges.values_list("told_on", flat=True))
    if pair.mentor is None or not is_due(pair, told, today) or office_hour_of(pair.mentor, clock.now()) is None:
        return False
    if not is_missed(pair, today):
        return False
    with transaction.atomic():
        nudge, made = Nudge.objects.get_or_create(pair=pair, told_on=today)
        if made:
            notify([pair.mentor.pk], Kind.QUESTION, once=name_of(nudge))
            record("nudge.put", pair)
    return made

"""Telling the two of a thread that something new is there: no word of it, and not at the moment of writing.

A mentor is told in their own office hours, at most once an hour; a member in the evening, at most once a day. So no
notice tells the hour at which somebody wrote (decision 32).
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from wayhouse.core import clock
from wayhouse.crypto.box import CannotOpen
from wayhouse.mentoring.models import Letter, Pair, Question
from wayhouse.mentoring.offering import offer_of
from wayhouse.mentoring.reading import new_for
from wayhouse.mentoring.settling import LETTERS
from wayhouse.notices.actions import notify
from wayhouse.notices.kinds import Kind
from wayhouse.people.models import Person

TOLD_AT, LASTS = 18, 4
# Whoever has no office hour within so many days finds a question when they look in.
TOLD_FOR = timedelta(days=8)


def tell_letters() -> int:
    """Tell everybody for whom new words wait in a thread, if it is their time; how many were told."""
    now, told = clock.now(), 0
    for pair in _with_news(now):
        sides = ((pair.member, pair.for_member, evening_of), (pair.mentor, pair.for_mentor, office_hour_of))
        for person, new, when in sides:
            named = when(person, now) if person is not None and new else None
            if named:
                with transaction.atomic():
                    told += _tell(pair, person, named)
    return told


def tell_questions() -> int:
    """Tell mentors of questions that were put to them: in their hours, on a day after the asking; how many were told.

    Nobody is told of an answer: whoever has the list of notices would read from it who asked, and who answered.
    """
    today, told = clock.today(), 0
    for question in Question.objects.filter(asked_on__lt=today, asked_on__gt=today - TOLD_FOR).order_by("pk"):
        mentors = Person.objects.active().filter(belongings__scope=question.scope_id)
        here = [mentor.pk for mentor in mentors.order_by("pk") if office_hour_of(mentor, clock.now())]
        with transaction.atomic():
            told += notify(here, Kind.QUESTION, once=f"asked:{question.pk}")
    return told


def evening_of(member: Person, now: datetime) -> str | None:
    """The name of this evening, in the hours in which members are told; None at other hours."""
    here = now.astimezone(ZoneInfo(member.programme.time_zone))
    return here.date().isoformat() if TOLD_AT <= here.hour < TOLD_AT + LASTS else None


def office_hour_of(mentor: Person, now: datetime) -> str | None:
    """The name of this hour, where it is one of the mentor's; None otherwise."""
    try:
        offer = offer_of(mentor)
    except CannotOpen:
        return None
    return f"{now:%Y%m%d%H}" if offer is not None and offer.opens_at(now) is None else None


def _tell(pair: Pair, person: Person, named: str) -> int:
    new = notify([person.pk], Kind.NOTE, once=f"{LETTERS}:{pair.pk}:{named}")
    if new:
        # Once for the same words, however long they lie unread: nobody is pressed. What still waits has its own turn.
        Letter.objects.come(clock.now()).filter(pair=pair, told=False).exclude(person=person).update(told=True)
    return new


def _with_news(now: datetime) -> list[Any]:
    """Threads in which something is new to one of the two, neither being on a break."""
    new = {f"for_{side}": Exists(new_for(side, now).filter(pair=OuterRef("pk"))) for side in ("member", "mentor")}
    rows = Pair.objects.going().both_here().annotate(**new).filter(Q(for_member=True) | Q(for_mentor=True))
    return list(rows.select_related("member__programme", "mentor").order_by("pk"))

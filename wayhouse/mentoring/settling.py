"""Nudges that are of no use any more, and what a break took back before it was told.

Nobody is asked or told anything while they take a break. What had not reached them by then was not told: it is told
after the break if it is still so, and a try that came to nothing is no try.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from wayhouse.core import clock
from wayhouse.mentoring.models import Letter, Nudge, Pair, Side
from wayhouse.notices.actions import withdraw

LETTERS, HELLO = "two", "hello"


def name_of(nudge: Nudge) -> str:
    """By what its notice is known. A new nudge on the same day has a new one."""
    return f"{HELLO}:{nudge.pair_id}:{nudge.pk}"


def settle_nudges(pair: Pair) -> int:
    """Nothing is asked about a thread any more, nor told of it; how many nudges were open. In a transaction."""
    nudges = Nudge.objects.filter(pair=pair, handled_on=None)
    for nudge in nudges:
        withdraw(name_of(nudge))
    return nudges.update(handled_on=clock.today())


def take_back_unsent(nudges: QuerySet[Nudge]) -> None:
    """Nudges that nobody has received yet go, as if they had not been put. Call it in a transaction."""
    for nudge in nudges:
        if withdraw(name_of(nudge)):
            nudge.delete()


def begin_break(*, person_id: UUID, names: Collection[str], **_signal: Any) -> None:
    """Somebody is told nothing for now. `names`: notices that were still waiting, by what they are known.

    About a member on a break their mentor is asked nothing either.
    """
    told = [name.split(":") for name in names]
    # A nudge of an earlier release had a day in its name. It stands, as one that was told.
    hellos = [words[2] for words in told if words[0] == HELLO and words[2].isdecimal()]
    Nudge.objects.filter(pk__in=hellos, handled_on=None).delete()
    seen = Subquery(Side.objects.filter(pair=OuterRef("pair"), person=person_id).values("seen")[:1])
    of_others = Letter.objects.filter(pair__in=[words[1] for words in told if words[0] == LETTERS], number__gt=seen)
    of_others.exclude(person=person_id).update(told=False)
    take_back_unsent(Nudge.objects.filter(pair__member=person_id, handled_on=None))

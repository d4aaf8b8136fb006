"""The one place where this room tells people that something waits: at most once a day, in the evening.

Not when something is written: that would tell the hour of it. Whoever has read everything by then is told nothing, nor
is anybody in the quiet hours of their group; whoever takes a break, left, or wants no messages is told nothing at all.
"""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from wayhouse.conversations.models import Circle, Post, PulseMark, Seen
from wayhouse.conversations.windows import ASKED_FOR
from wayhouse.core import clock
from wayhouse.crypto.models import Envelope
from wayhouse.notices.actions import notify
from wayhouse.notices.kinds import Kind
from wayhouse.people.holds import closed_ids
from wayhouse.people.models import Person

TOLD_AT, LASTS = 18, 4
_HOURS = 24


def tell_news() -> int:
    """Tell everybody for whom something new waits in the space of their group; how many were told."""
    now, told, closed = clock.now(), 0, closed_ids()
    for circle in Circle.objects.filter(group__closed_on=None).select_related("group__programme").order_by("pk"):
        here = now.astimezone(ZoneInfo(circle.group.programme.time_zone))
        if is_time(circle, here):
            once = f"space:{circle.pk}:{here.date().isoformat()}"
            with transaction.atomic():
                told += notify(_with_news(circle, closed).values_list("pk", flat=True), Kind.NOTE, once=once)
    return told


def is_time(circle: Circle, here: datetime) -> bool:
    """Whether it is the evening hour, or the first hour after it that is not quiet, at a place's own time."""
    hours = ((TOLD_AT + later) % _HOURS for later in range(_HOURS))
    first = next(hour for hour in hours if not circle.is_quiet_at(hour))
    return first <= here.hour < min(first + LASTS, _HOURS) and not circle.is_quiet_at(here.hour)


def drop_old_marks() -> int:
    """Delete the marks of evenings that are asked about no more; how many there were."""
    count, _of_kinds = PulseMark.objects.filter(meeting__ends_at__lte=clock.now() - ASKED_FOR).delete()
    return count


def _with_news(circle: Circle, closed: tuple[UUID, ...]) -> QuerySet[Person]:
    """Whoever sits there, takes part, and has not seen something that somebody else wrote and that opens for them."""
    person, holder = OuterRef(OuterRef("pk")), OuterRef(OuterRef("user__holder"))
    seen = Seen.objects.filter(person=person, scope=circle.scope_id, number__gte=OuterRef("number"))
    keys = Envelope.objects.filter(scope=circle.scope_id, epoch=OuterRef("thread__since_epoch"), holder=holder)
    there = Post.objects.without(closed).filter(thread__scope=circle.scope_id, state=Post.State.SHOWN)
    words = there.filter(Exists(keys), ~Exists(seen))
    sits = circle.group.seats.current().filter(person=OuterRef("pk"))
    return Person.objects.active().filter(Exists(sits), Exists(words.exclude(person=OuterRef("pk"))))

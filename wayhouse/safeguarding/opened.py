"""Who opened a concern or a demand, by post and day: the others who answer see it."""

from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, Subquery

from wayhouse.core.days import day_written
from wayhouse.safeguarding.models import Appointment

MOST = 20
# Day, number of the row, post.
Opened = tuple[date, int, str | None]


def post_held() -> Subquery:
    """The post that the person of a row has, or had last."""
    held = Appointment.objects.filter(person=OuterRef("person")).order_by("-since_on", "-pk")
    return Subquery(held.values("post")[:1])


def opened_lines(rows: Iterable[Opened]) -> list[str]:
    """A line for each, the latest first."""
    names = dict(Appointment.POSTS)
    latest = sorted(rows, key=lambda one: (-one[0].toordinal(), one[1]))
    return [f"{names.get(post or '', '–')} · {day_written(day, 'j F')}" for day, _pk, post in latest]

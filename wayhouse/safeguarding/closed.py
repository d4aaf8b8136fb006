"""Closed days by hand: beside those of the country's sheet, or against them. They count for what begins after that."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.people.models import Person, Programme
from wayhouse.safeguarding import rules
from wayhouse.safeguarding.models import ClosedDay
from wayhouse.safeguarding.protocol.closed import works_on
from wayhouse.safeguarding.refusals import TooManyClosed

# Closing days makes limits longer: so many by hand in a year, and no more at once.
MOST_A_YEAR = 30
FURTHEST = timedelta(days=366)


def mark_days(first: date, last: date, *, works: bool, actor: Person) -> int:
    """Close the working days from `first` to `last`, or work on them though the sheet closes them; how many.

    Errors: `ValueError` for days that are not after today and within a year; `TooManyClosed`.
    """
    programme = actor.programme
    require(rules.may_mark_days(actor, programme))
    today = clock.today()
    if not today < first <= last <= today + FURTHEST:
        raise ValueError("days are marked before they come")
    days = [day for day in _from_to(first, last) if works_on(day)]
    with transaction.atomic():
        # Held, so that of two at once the second counts what the first has closed.
        Programme.objects.select_for_update().get(pk=programme.pk)
        ClosedDay.objects.of(programme).filter(day__in=days).delete()
        ClosedDay.objects.bulk_create(ClosedDay(programme=programme, day=day, works=works) for day in days)
        for year in {day.year for day in days}:
            if ClosedDay.objects.of(programme).filter(works=False, day__year=year).count() > MOST_A_YEAR:
                raise TooManyClosed
        record("days.marked", programme, actor=actor, days=len(days), works=works)
    return len(days)


def unmark_day(day: ClosedDay, *, actor: Person) -> None:
    """What the sheet says counts again; a day that is over stays, since clocks were counted by it."""
    require(rules.may_mark_days(actor, day.programme) and day.day > clock.today())
    with transaction.atomic():
        ClosedDay.objects.filter(pk=day.pk).delete()
        record("days.unmarked", day.programme, actor=actor)


def _from_to(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))

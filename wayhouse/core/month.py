"""One month as rows of weeks, for a page that says nothing."""

from calendar import Calendar
from datetime import date

from django.utils.formats import get_format


def weeks(day: date) -> list[list[date | None]]:
    """The weeks of the month of `day`, in the order of the reader's calendar; None outside of the month."""
    # Django counts the first day of the week from Sunday, Python from Monday.
    first = (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7
    calendar = Calendar(first)
    return [
        [d if d.month == day.month else None for d in week] for week in calendar.monthdatescalendar(day.year, day.month)
    ]

"""How much anybody serves: care for those who carry heavy evenings (handbook F12: rest one week in four)."""

from collections.abc import Mapping
from datetime import date

MOST_IN_A_ROW = 4
SPAN = 4
# How heavy one evening is for those who lead it; the guides of a cycle are alike in this.
INTENSITY = 2
_MOST_IN_A_SPAN = 7


def most_in_four_weeks(a_week: int) -> int:
    """Evenings in any four weeks for somebody who gives so many a week."""
    return min(3 * a_week, _MOST_IN_A_SPAN)


def week_number(day: date) -> int:
    """The week of a day, counted from Monday to Sunday without a break between years."""
    return (day.toordinal() - 1) // 7


def allows_one_more(load: Mapping[int, int], week: int, a_week: int) -> bool:
    """Whether somebody with this load (evenings by week) can take one more evening in a week."""
    if load.get(week, 0) >= a_week:
        return False
    spans = (range(start, start + SPAN) for start in range(week - SPAN + 1, week + 1))
    if any(sum(load.get(other, 0) for other in span) >= most_in_four_weeks(a_week) for span in spans):
        return False
    return _in_a_row(load, week) <= MOST_IN_A_ROW


def _in_a_row(load: Mapping[int, int], week: int) -> int:
    first = last = week
    while load.get(first - 1):
        first -= 1
    while load.get(last + 1):
        last += 1
    return last - first + 1

"""Days on which nobody works, by rule: fixed, counted from Easter, or by weekday. Imports no Django.

Easter is that of the Western churches, by the Gregorian computus.
"""

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

FRIDAY = 4
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WHICH = {"first": 0, "second": 1, "third": 2, "fourth": 3}
# What `Rule.moved` may say.
MOVES = frozenset({"", "later", "nearest"})
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """One day of each year. `when`: "12-25", "easter-2", "last monday 05".

    `moved`: what happens at a weekend: "" nothing, "later" the next day that is free, "nearest" Friday or Monday.
    """

    name: str
    when: str
    moved: str = ""

    def day(self, year: int) -> date:
        """Its day in a year, wherever that falls. Error: `ValueError` for words that are no rule."""
        if self.when.startswith("easter"):
            return easter(year) + timedelta(days=int(self.when.removeprefix("easter")))
        if "-" in self.when:
            return date.fromisoformat(f"{year}-{self.when}")
        which, weekday, month = self.when.split()
        return _of_month(date(year, int(month), 1), which, _WEEKDAYS.index(weekday))


@dataclass(frozen=True, slots=True)
class Closed:
    """All days on which nobody works, weekends aside. `added` and `opened` were entered by hand."""

    rules: tuple[Rule, ...] = ()
    added: frozenset[date] = field(default_factory=frozenset)
    opened: frozenset[date] = field(default_factory=frozenset)

    def __contains__(self, day: object) -> bool:
        """Whether nobody works on a day; for a weekend it is not said."""
        return isinstance(day, date) and (day in self.added or (day not in self.opened and day in self.by_rule(day)))

    def by_rule(self, day: date) -> dict[date, str]:
        """Days by rule around a day, with their names. A New Year's Day may be kept in the old year."""
        return {found: name for year in (day.year, day.year + 1) for found, name in days_of(self.rules, year).items()}


@cache
def days_of(rules: tuple[Rule, ...], year: int) -> dict[date, str]:
    """The days of a year as they are kept, with their names."""
    fixed = {rule: rule.day(year) for rule in rules}
    kept = {day: rule.name for rule, day in fixed.items() if not (rule.moved and day.weekday() > FRIDAY)}
    for rule, day in fixed.items():
        if rule.moved and day.weekday() > FRIDAY:
            kept[_moved(day, rule.moved, kept)] = rule.name
    return kept


def works_on(day: date, closed: Container[date] = ()) -> bool:
    """Whether it is a working day: Monday to Friday, and not closed."""
    return day.weekday() <= FRIDAY and day not in closed


def easter(year: int) -> date:
    """Easter Sunday: the Sunday after the first full moon of spring, as the Gregorian calendar counts it."""
    golden, century = year % 19, year // 100
    skipped = century - century // 4 - (8 * century + 13) // 25
    epact = (19 * golden + skipped + 15) % 30
    # Two corrections keep the moon within its 29 days.
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    return date(year, 3, 28) + timedelta(days=epact - weekday)


def _of_month(first: date, which: str, weekday: int) -> date:
    if which == "last":
        next_month = (first + timedelta(days=31)).replace(day=1)
        return next_month - timedelta(days=(next_month.weekday() - weekday - 1) % 7 + 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7) + _WHICH[which] * _WEEK


def _moved(day: date, how: str, kept: Container[date]) -> date:
    if how == "nearest":
        return day - _DAY if day.weekday() == FRIDAY + 1 else day + _DAY
    while not works_on(day, kept):
        day += _DAY
    return day

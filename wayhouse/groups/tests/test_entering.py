"""Running groups take people in in the weeks of their pack; in between it takes a reason."""

from datetime import date, timedelta

import pytest

from wayhouse.crypto.models import Item
from wayhouse.groups import entering
from wayhouse.groups.models import Cycle, Group

MONDAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("day", "week", "takes", "later"),
    [(-9, 1, True, 1), (8, 2, False, 3), (9, 3, True, 3), (15, 3, True, 3), (16, 4, False, None)],
)
def test_the_week_of_the_next_evening_counts(day: int, week: int, *, takes: bool, later: int | None) -> None:
    """On Tuesday itself this week's evening is to come, the day after it is the next one's."""
    cycle = Cycle(starts_on=MONDAY, weeks=14, entry_weeks=[1, 3])
    group = Group(cycle=cycle, item=Item())
    group.item.opened = {"slot": "tue-evening"}
    today = MONDAY + timedelta(days=day)
    assert entering.coming_week(group, today) == week
    assert (entering.takes_in(group, today), entering.next_time(group, today)) == (takes, later)

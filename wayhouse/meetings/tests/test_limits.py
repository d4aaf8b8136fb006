from collections import Counter
from datetime import date

import pytest

from wayhouse.meetings.limits import allows_one_more, most_in_four_weeks, week_number


@pytest.mark.parametrize(("a_week", "most"), [(1, 3), (2, 6), (3, 7), (7, 7)])
def test_one_week_in_four_is_for_rest(a_week: int, most: int) -> None:
    assert most_in_four_weeks(a_week) == most


@pytest.mark.parametrize(
    ("served", "a_week", "allowed"),
    [
        ([], 1, True),
        ([10], 1, False),
        ([10], 2, True),
        ([8, 9], 1, True),
        # Three of the weeks 7 to 10, of 9 to 12, of 10 to 13: a fourth evening would leave no rest.
        ([7, 8, 9], 1, False),
        ([9, 11, 12], 1, False),
        ([11, 12, 13], 1, False),
        ([6, 8, 9], 1, True),
        # Twice a week: four weeks in a row are fine, five are not.
        ([7, 8, 9], 2, True),
        ([6, 7, 8, 9], 2, False),
        ([8, 9, 11, 12], 2, False),
        ([7, 7, 8, 8, 9, 9], 2, False),
    ],
)
def test_one_more_in_week_ten(served: list[int], a_week: int, allowed: bool) -> None:  # noqa: FBT001  a table
    assert allows_one_more(Counter(served), 10, a_week) is allowed


def test_weeks_go_from_monday_to_sunday_across_years() -> None:
    sunday, monday = date(2028, 1, 2), date(2028, 1, 3)
    assert week_number(date(2027, 12, 27)) == week_number(sunday) == week_number(monday) - 1

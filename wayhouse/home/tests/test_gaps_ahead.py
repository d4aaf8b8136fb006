"""The page of a rota and the first screen of a coordinator look equally far ahead, and list the same evenings."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from conftest import Cast, SignedIn
from wayhouse.groups.models import Cycle
from wayhouse.home.desk import desk_of
from wayhouse.meetings.rota_board import Board
from wayhouse.meetings.rota_sheet import sheet_of
from wayhouse.meetings.tests.scenes import Plan, Town
from wayhouse.people.models import Person


@pytest.fixture
def town(cast: Cast, ana: Person, cycle: Cycle) -> Town:
    found = Town(cast, ana, cycle)
    found.lasts(8)
    return found


def board_of(town: Town) -> Board:
    """The page of the rota, opened."""
    with town.cast.acting(town.ana):
        sheet = sheet_of(town.ana, town.cycle.pk)
        assert sheet is not None
        board = sheet.board("", counted=False)
        assert [gap.evening.group.name for gap in board.coming_gaps] == ["Kestrel"] * len(board.coming_gaps)
        return board


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize(
    ("begins_in", "day", "weeks", "later", "title"),
    [
        (0, 0, [1, 2, 3, 4], 4, "Gaps in the next four weeks"),
        (1, 0, [1, 2, 3], 5, "Gaps in the next four weeks"),
        (0, 9, [3, 4, 5, 6], 2, "Gaps in the next four weeks"),
        (5, 0, [1, 2, 3, 4], 4, "Gaps of the first four weeks"),
    ],
)
def test_the_rota_looks_as_far_ahead_as_the_first_screen(
    signed_in: SignedIn,
    town: Town,
    begins_in: int,
    day: int,
    weeks: list[int],
    later: int,
    title: str,
    *,
    accepted: bool,
) -> None:
    """A cycle that begins after these four weeks shows its own first four, and calls them so."""
    kestrel, monday = town.group("Kestrel"), town.cycle.starts_on
    town.cycle.starts_on = monday + timedelta(weeks=begins_in)
    town.cycle.save(update_fields=["starts_on"])
    plan: Plan = {(kestrel, week): [] for week in range(1, 9)}
    if accepted:
        town.accepts(plan)
    else:
        town.proposal(plan)
    now = datetime.combine(monday + timedelta(days=day), time(3), tzinfo=timezone.get_current_timezone())
    with time_machine.travel(now, tick=False):
        board, desk = board_of(town), desk_of(town.ana)
        page = signed_in(town.ana).get(reverse("meetings:rota", args=[town.cycle.pk])).text
    assert ([gap.evening.week for gap in board.coming_gaps], board.later_gaps) == (weeks, later)
    assert [words in page for words in (title, f"{later} later evenings have gaps too.")] == [True, True]
    listed = [gap.evening.meeting for gap in board.coming_gaps]
    assert [gap.meeting.pk for gap in desk.gaps] == (listed if accepted and begins_in <= 1 else [])


def test_an_evening_that_has_begun_lacks_nobody_any_more(town: Town) -> None:
    kestrel = town.group("Kestrel")
    made = town.accepts({(kestrel, week): [] for week in range(1, 9)})
    seen = []
    for minutes in (-1, 1):
        with time_machine.travel(made[0].starts_at + timedelta(minutes=minutes), tick=False):
            board, desk = board_of(town), desk_of(town.ana)
        seen.append((board.coming_gaps[0].evening.meeting, desk.gaps[0].meeting.pk))
    assert seen == [(made[0].pk, made[0].pk), (made[1].pk, made[1].pk)]


@pytest.mark.parametrize(("begins_in", "which"), [(0, "next"), (5, "first")])
def test_no_gap_is_said_of_the_same_four_weeks(signed_in: SignedIn, town: Town, begins_in: int, which: str) -> None:
    kestrel, (bea,), (max_, mia) = town.group("Kestrel"), town.leads("Bea"), town.mentors("Max", "Mia")
    town.cycle.starts_on += timedelta(weeks=begins_in)
    town.cycle.save(update_fields=["starts_on"])
    town.proposal({(kestrel, 1): [bea, max_, mia]})
    page = signed_in(town.ana).get(reverse("meetings:rota", args=[town.cycle.pk])).text
    assert f"No gap in the {which} four weeks." in page

"""The weeks that a page of the rota shows, and that it reads no more than it shows."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from conftest import SignedIn
from wayhouse.groups.models import Group
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.rota_board import Board, weeks_shown
from wayhouse.meetings.rota_sheet import RotaSheet, sheet_of
from wayhouse.meetings.tests.scenes import Town
from wayhouse.people.models import Person


@pytest.fixture
def town(town: Town) -> Town:
    town.lasts(6)
    return town


@pytest.fixture
def kestrel(town: Town) -> Group:
    return town.group("Kestrel", *town.members("Cleo"))


@pytest.fixture
def crew(town: Town) -> list[Person]:
    return [*town.leads("Bea", "Zoe"), *town.mentors("Max", "Mia")]


def test_fewer_weeks_where_many_groups_meet() -> None:
    assert [weeks_shown(groups) for groups in (0, 1, 5, 6, 9, 10, 20, 500)] == [4, 4, 4, 3, 2, 2, 1, 1]


def test_a_page_shows_about_twenty_evenings(
    signed_in: SignedIn, town: Town, kestrel: Group, ana: Person, crew: list[Person]
) -> None:
    others = [town.group(f"Group {number}") for number in range(6)]
    town.accepts({(group, week): [] for group in (kestrel, *others) for week in range(1, 7)})
    client, there = signed_in(ana), reverse("meetings:rota", args=[town.cycle.pk])
    shown = [client.get(there + query).content.decode() for query in ("", "?week=3", "?week=5")]
    weeks = [[f"Week {week} " in text for week in range(1, 7)] for text in shown]
    assert weeks == [
        [True, True, False, False, False, False],
        [False, False, True, True, False, False],
        [False, False, False, False, True, True],
    ]
    links = [["?week=1" in text, "?week=3" in text, "?week=5" in text] for text in shown]
    assert links == [[False, True, False], [True, False, True], [False, True, False]]


@pytest.mark.parametrize("days", [0, 10, 30, 60])
@pytest.mark.parametrize("week", ["", "2", "6"])
def test_reading_only_what_is_shown_shows_what_reading_all_would(
    town: Town, kestrel: Group, ana: Person, crew: list[Person], days: int, week: str
) -> None:
    bea, zoe, max_, mia = crew
    wren, closed = town.group("Wren"), town.group("Closed")
    town.accepts(
        {
            **{(kestrel, number): [bea, max_, mia] * (number % 2) for number in range(1, 7)},
            **{(wren, number): [zoe] * (number != 5) for number in range(1, 7)},
            **{(closed, number): [] for number in range(1, 7)},
        }
    )
    Meeting.objects.filter(group=kestrel, week=3).update(state=Meeting.State.SKIPPED)
    Group.objects.filter(pk=closed.pk).update(closed_on=timezone.localdate())
    with time_machine.travel(timezone.now() + timedelta(days=days)), town.cast.acting(ana):
        part, whole = (sheet.board(week, counted=counted) for counted in (False, True) if (sheet := _sheet(ana, town)))
        assert _shown(part) == _shown(whole)


def test_the_first_four_weeks_of_a_proposal_begin_with_its_own_first_evening(
    town: Town, kestrel: Group, ana: Person, crew: list[Person]
) -> None:
    town.cycle.starts_on += timedelta(weeks=5)
    town.cycle.save(update_fields=["starts_on"])
    town.accepts({(kestrel, week): [] for week in range(1, 7)})
    town.proposal({(kestrel, week): crew[:1] for week in range(2, 7)})
    with town.cast.acting(ana):
        board = _sheet(ana, town).board("", counted=False)
        assert (board.begins_later, [gap.evening.week for gap in board.coming_gaps]) == (True, [2, 3, 4, 5])


def _sheet(ana: Person, town: Town) -> RotaSheet:
    sheet = sheet_of(ana, town.cycle.pk)
    assert sheet is not None
    return sheet


def _shown(board: Board) -> tuple[object, ...]:
    cells = [
        (group.name, [cell and (cell.evening.week, cell.people, cell.gaps) for cell in row])
        for group, row in board.rows
    ]
    gaps = [(gap.evening.meeting, gap.gaps, gap.reasons) for gap in board.coming_gaps]
    return board.weeks, cells, gaps, board.later_gaps, board.earlier, board.later, board.without_rota

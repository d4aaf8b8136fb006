"""The arithmetic by hand and against a second, quite different way to compute it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhouse.meetings.continuity import (
    Share,
    attendance_continuity,
    attendance_rate,
    longest_gap,
    offered,
    would_welcome_hello,
)

marks = st.lists(st.booleans(), max_size=16)
people = st.lists(marks, max_size=12)


def row(text: str) -> list[bool]:
    """ "x" came, "-" did not."""
    return [char == "x" for char in text]


def rows(*texts: str) -> list[list[bool]]:
    return [row(text) for text in texts]


def text(marks: list[bool]) -> str:
    return "".join("x" if came else "-" for came in marks)


@pytest.mark.parametrize(
    ("marks", "counted"),
    [("", ""), ("----", ""), ("x", ""), ("x-", "-"), ("--x-x", "-x"), ("xxxx", "xxx")],
)
def test_an_evening_is_offered_after_the_first_attendance(marks: str, counted: str) -> None:
    assert text(offered(row(marks))) == counted


def test_the_rate_by_hand() -> None:
    # After the first x: "-x" 1 of 2, "xxx" 3 of 3, nothing, "x" 1 of 1, "--" 0 of 2, "xx-x" 3 of 4.
    found = attendance_rate(rows("x-x", "xxxx", "---", "--xx", "x--", "xxx-x"))
    assert found == Share(part=8, whole=12, people=5)
    assert found.percent == 67


def test_the_continuity_by_hand() -> None:
    # At least four offered: the second ("x--x" never more than two in a row), the third (three in a row) and the
    # fourth; the first and the last have three.
    found = attendance_continuity(rows("xx-x", "xx--x", "xx---xx", "-xxxxx", "x---"))
    assert found == Share(part=2, whole=3, people=3)


def test_two_missed_in_a_row_are_steady_and_three_are_not() -> None:
    assert [attendance_continuity(rows(marks)).part for marks in ("x--xx", "xx--x", "x--x--", "x---x")] == [1, 1, 1, 0]


@pytest.mark.parametrize(
    ("part", "whole", "people", "percent"),
    [(1, 2, 4, None), (1, 2, 5, 50), (0, 0, 5, None), (0, 7, 5, 0), (7, 7, 5, 100), (1, 8, 5, 13), (2, 3, 9, 67)],
)
def test_a_share_is_said_from_five_people_on(part: int, whole: int, people: int, percent: int | None) -> None:
    assert Share(part, whole, people).percent == percent


@pytest.mark.parametrize(
    ("marks", "welcome"),
    [("", False), ("-", False), ("--", True), ("x--", True), ("x---", True), ("--x", False), ("-x-", False)],
)
def test_after_two_in_a_row_a_hello_may_be_welcome(marks: str, *, welcome: bool) -> None:
    assert would_welcome_hello(row(marks)) == welcome


@given(people)
def test_both_figures_agree_with_counting_letters(people: list[list[bool]]) -> None:
    after = [re.sub(r"^-*x?", "", text(marks)) for marks in people]
    rate = attendance_rate(people)
    assert (rate.part, rate.whole) == ("".join(after).count("x"), len("".join(after)))
    long = [letters for letters in after if len(letters) >= 4]
    steady = [letters for letters in long if "---" not in letters]
    continuity = attendance_continuity(people)
    assert (continuity.part, continuity.whole, continuity.people) == (len(steady), len(long), len(long))


@given(marks)
def test_the_longest_gap_agrees_with_splitting(marks: list[bool]) -> None:
    assert longest_gap(marks) == max(map(len, text(marks).split("x")))


@given(people, st.integers(0, 5))
def test_evenings_before_the_first_attendance_change_nothing(people: list[list[bool]], earlier: int) -> None:
    later = [[False] * earlier + marks for marks in people]
    assert attendance_rate(later) == attendance_rate(people)
    assert attendance_continuity(later) == attendance_continuity(people)


@given(people.flatmap(lambda people: st.tuples(st.just(people), st.permutations(people))))
def test_nobody_comes_first(pair: tuple[list[list[bool]], list[list[bool]]]) -> None:
    people, shuffled = pair
    assert attendance_rate(shuffled) == attendance_rate(people)
    assert attendance_continuity(shuffled) == attendance_continuity(people)


@given(marks.filter(lambda marks: True in marks), st.data())
def test_coming_once_more_never_lowers_the_rate(marks: list[bool], data: st.DataObject) -> None:
    place = data.draw(st.integers(marks.index(True), len(marks) - 1))
    better = [came or number == place for number, came in enumerate(marks)]
    before, after = attendance_rate([marks]), attendance_rate([better])
    assert (after.whole, after.part >= before.part) == (before.whole, True)

"""Three sheets of words: any two give the key back, one alone and two of different keys do not."""

import os
from itertools import combinations, permutations

import pytest

from wayhouse.crypto.shares import join, split


def test_any_two_sheets_give_the_key_back_in_any_order_and_spelling() -> None:
    key = os.urandom(32)
    sheets = split(key)
    assert [join(pair) for pair in permutations(sheets, 2)] == [key] * 6
    first, second = sheets[:2]
    assert join([first.upper().replace(" ", "  "), f"\n{second} "]) == key


def test_one_sheet_three_sheets_and_sheets_of_two_keys_give_nothing() -> None:
    sheets, others = split(os.urandom(32)), split(os.urandom(32))
    for wrong in ([sheets[0]], [sheets[0], sheets[0]], [sheets[0], others[1]], sheets, []):
        with pytest.raises(ValueError, match=r"\w"):
            join(wrong)


def test_a_slip_of_the_pen_is_found() -> None:
    sheets = split(os.urandom(32))
    words = sheets[0].split()
    for number in range(len(words)):
        slip = [*words[:number], "academic" if words[number] != "academic" else "acid", *words[number + 1 :]]
        with pytest.raises(ValueError, match=r"\w"):
            join([" ".join(slip), sheets[1]])


def test_only_a_root_key_is_split() -> None:
    for wrong in (b"", b"x" * 16, b"x" * 33):
        with pytest.raises(ValueError, match="32 bytes"):
            split(wrong)


def test_two_splits_of_one_key_have_no_words_in_common_places() -> None:
    key = os.urandom(32)
    assert all(one != other for one, other in combinations([*split(key), *split(key)], 2))

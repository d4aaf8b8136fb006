"""The table of threats says what the tests try, no more and no less."""

import threats


def test_the_catalogue_has_forty_rows() -> None:
    assert list(threats.catalogue()) == list(range(1, 41))


def test_every_mark_names_a_row() -> None:
    assert sorted(set(threats.marked()) - set(threats.catalogue())) == []


def test_every_row_is_tried_or_says_why_not() -> None:
    tried = threats.marked()
    silent = [
        number
        for number, row in threats.catalogue().items()
        if number not in tried and not {"waits", "open"} & set(row)
    ]
    assert silent == []


def test_the_page_is_the_one_of_these_tests() -> None:
    assert threats.PAGE.read_text(encoding="utf-8") == threats.page()

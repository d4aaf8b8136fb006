import pytest

from wayhouse.arrivals.matching import may_be_the_same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jonas", "jonas"),
        ("Jonas", "Jonas K."),
        ("K., Jonas", "Jonas K"),
        ("Zoë", "ZOE"),
        ("  Quiet  Fox ", "fox quiet"),
        ("K", "k."),
    ],
)
def test_these_may_be_the_same(one: str, other: str) -> None:
    assert (may_be_the_same(one, other), may_be_the_same(other, one)) == (True, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Jonas", "Jona"), ("Jonas K", "Jonas M"), ("K", "Jonas K."), ("", "Jonas"), ("...", "Jonas")],
)
def test_these_are_not(one: str, other: str) -> None:
    assert (may_be_the_same(one, other), may_be_the_same(other, one)) == (False, False)

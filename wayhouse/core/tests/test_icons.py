import pytest
from lucide import IconDoesNotExist

from wayhouse.core.icons import DIRECTED, icon, labelled_icon


def test_an_icon_is_built_once() -> None:
    icon.cache_clear()
    assert icon("check") is icon("check")
    assert icon.cache_info().misses == 1


def test_an_icon_is_small_and_silent() -> None:
    assert icon("check", 20) == (
        '<svg class="icon" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">'
        '<path d="M20 6 9 17l-5-5"/></svg>'
    )


@pytest.mark.parametrize("name", sorted(DIRECTED))
def test_icons_with_a_direction_turn_round(name: str) -> None:
    assert icon(name).startswith('<svg class="icon flip"')


def test_an_icon_for_words_says_them_escaped() -> None:
    assert labelled_icon("check", "<b>").endswith('<span class="vh">&lt;b&gt;</span>')


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(IconDoesNotExist):
        icon("no-such-icon")

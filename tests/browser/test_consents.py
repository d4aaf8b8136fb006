"""A break and the way back, a yes and its taking back, as somebody does it on a phone: one tap each."""

import pytest

from browser.houses import House
from browser.looking import look_at
from browser.visitors import PASSPHRASE, PHONE, Visit

VARIANTS = [
    pytest.param("en", False, marks=pytest.mark.look),
    pytest.param("ar", True, marks=pytest.mark.second),
]


@pytest.mark.parametrize(("language", "script"), VARIANTS)
def test_pause_return_and_a_yes_taken_back(language: str, *, script: bool, house: House, visit: Visit) -> None:
    handle = f"resting-{language}"
    house.inside("join", handle, PASSPHRASE)
    kim = visit(window=PHONE, script=script)
    kim.sign_in(handle)
    kim.speak(language)
    kim.go("/people/me/")
    kim.press("form[action='/people/me/pause/'] .btn")
    found = look_at(kim, language=language)
    kim.press("form[action='/people/me/back/'] .btn")
    assert kim.page.locator("form[action='/people/me/pause/']").count() == 1
    kim.press("a[href='/mine/said/']")
    found += look_at(kim, language=language)
    kim.press("a[href='/mine/said/keeping/']")
    assert kim.page.locator("input:checked").count() == 0
    assert kim.page.locator("form[action='/mine/said/keeping/back/']").count() == 0
    kim.press("main form.form .btn:not(.quiet)")
    kim.press("form[action='/mine/said/keeping/back/'] .btn")
    assert kim.page.locator("form[action='/mine/said/keeping/back/']").count() == 0
    assert kim.page.locator("main form.form").count() == 1
    found += look_at(kim, language=language)
    assert [*found, *kim.complaints] == []

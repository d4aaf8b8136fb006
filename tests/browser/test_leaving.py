"""Leaving and erasing, as somebody does it on a phone: one question, the ways that stay open, and the receipt."""

import pytest

from browser.houses import House
from browser.looking import look_at
from browser.visitors import PASSPHRASE, PHONE, Visit


@pytest.mark.parametrize(("language", "script"), [("en", True), pytest.param("ar", False, marks=pytest.mark.look)])
def test_somebody_leaves_and_erases_everything(language: str, *, script: bool, house: House, visit: Visit) -> None:
    handle = f"quiet-{language}"
    house.inside("join", handle, PASSPHRASE)
    sol = visit(window=PHONE, script=script)
    sol.sign_in(handle)
    sol.speak(language)
    sol.go("/people/me/")
    sol.press("a[href='/mine/leave/']")
    sol.press("main .btn.danger")
    found = look_at(sol, language=language)
    sol.go("/")
    sol.press("a[href='/mine/leave/']")
    sol.press("a[href='/mine/erase/']")
    assert sol.path == "/account/again/"
    sol.page.locator("input[name=password]").fill(PASSPHRASE)
    sol.send()
    assert sol.path == "/mine/erase/"
    found += look_at(sol, language=language)
    sol.press("main .btn.danger")
    found += look_at(sol, language=language)
    sol.page.locator("input[name=sure]").check()
    sol.press("main .btn.danger")
    found += look_at(sol, language=language)
    assert sol.page.locator("main dl.pairs dd").count() == 3
    sol.go("/people/me/")
    assert sol.path == "/account/login/"
    assert [*found, *sol.complaints] == []

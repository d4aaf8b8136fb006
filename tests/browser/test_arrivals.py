"""A night, as somebody lives it on a phone: writes without a name, keeps six words, reads the answer."""

import pytest

from browser.houses import House
from browser.looking import look_at
from browser.visitors import DESKTOP, PHONE, Visit, Visitor

WORDS = "Ich kann nicht schlafen. Kann ich kommen?"
ANSWER = "Ja. Komm, wie du bist."


@pytest.mark.second
def test_from_a_search_at_night_to_an_answer(house: House, visit: Visit) -> None:
    phone = visit(window=PHONE, language="de", script=False)
    phone.look = _look
    phone.go("/")
    phone.press("main a[href='/hello/']")
    phone.page.locator("textarea").fill(WORDS)
    phone.send()
    code = phone.page.locator(".secret").inner_text()
    phone.page.locator("input[name=code]").fill(code.title())
    phone.send()
    assert phone.path == "/hello/notes/"
    phone.press("form[action='/leave/'] button")
    assert "contact" not in str(phone.context.cookies())
    _answers(visit)
    phone.go("/about/")
    phone.press("main a[href='/hello/back/']")
    phone.page.locator("input[name=code]").fill(code)
    phone.send()
    assert ANSWER in phone.page.locator("main").inner_text()
    phone.press("main a[href='/hello/end/']")
    phone.press("main .btn.danger")
    phone.go("/hello/back/")
    phone.page.locator("input[name=code]").fill(code)
    phone.send()
    assert ANSWER not in phone.page.locator("main").inner_text()
    assert phone.complaints == []


def _answers(visit: Visit) -> None:
    ana = visit(window=DESKTOP)
    ana.sign_in("ana")
    ana.press("main a[href='/notes/']")
    ana.press(ana.page.get_by_role("link", name=WORDS))
    ana.page.locator("textarea[name=words]").fill(ANSWER)
    ana.send()
    assert ana.complaints == []


def _look(visitor: Visitor) -> list[str]:
    return look_at(visitor, language="de", axe=False) if visitor.path != "/month/" else []

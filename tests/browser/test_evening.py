"""An evening as it happens: the card, step by step, the record, and what the others see of it afterwards."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.houses import House
from browser.looking import look_at
from browser.visitors import DESKTOP, PHONE, Visit, Visitor

COMING = 'input[type=radio][value="here"]'


def led_by_bo(house: House) -> dict[str, str]:
    """An evening that Bo leads in Cass's group began ten minutes ago."""
    scene: dict[str, str] = json.loads(house.inside("scene"))
    house.inside("begin", scene["played"])
    return scene


@pytest.mark.look
def test_an_evening_on_the_phone(house: House, visit: Visit) -> None:
    scene = led_by_bo(house)
    bo = visit(window=PHONE)
    found = _open_card(bo, scene["played"])
    found += _run(bo)
    _fill_in(bo.page)
    bo.press("main form[data-guard] button.btn")
    found += _debrief(bo, scene["played"])
    house.inside("end", scene["played"])
    found += _afterwards(visit, scene)
    assert [*found, *bo.complaints] == []


@pytest.mark.second
def test_an_evening_without_scripts_recorded_by_keyboard(house: House, visit: Visit) -> None:
    scene = led_by_bo(house)
    bo = visit(window=DESKTOP, script=False)
    found = _open_card(bo, scene["played"])
    found += _run(bo)
    _fill_in_by_keyboard(bo.page)
    found += _debrief(bo, scene["played"])
    house.inside("end", scene["played"])
    found += _afterwards(visit, scene, script=False)
    assert [*found, *bo.complaints] == []


def leave_by_button(page: Page) -> None:
    page.locator("form[action='/leave/'] button").click()


def leave_by_escape(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Escape")


@pytest.mark.look
@pytest.mark.parametrize("leave", [leave_by_button, leave_by_escape])
def test_leaving_in_the_middle_of_it(leave: Callable[[Page], None], house: House, visit: Visit) -> None:
    scene = led_by_bo(house)
    bo = visit()
    bo.sign_in("bo")
    page = bo.go(f"/evenings/{scene['played']}/run/")
    bo.press("button[name=online][value=no]")
    heading = page.locator("h1").inner_text()
    leave(page)
    page.wait_for_url("**/month/")
    page.go_back()
    assert heading not in page.content()
    # What was there is asked for again, and only Bo's passphrase opens it.
    page.wait_for_url("**/account/login/**")
    assert heading not in page.content()


def _open_card(bo: Visitor, meeting: str) -> list[str]:
    bo.sign_in("bo")
    page = bo.go("/evenings/")
    bo.press(f"a[href='/evenings/{meeting}/tonight/']")
    expect(page.locator("ol.seats > li").first).to_be_visible()
    found = look_at(bo)
    bo.press(f"a[href='/evenings/{meeting}/run/']")
    found += look_at(bo)
    bo.press("button[name=online][value=no]")
    return found


def _run(bo: Visitor) -> list[str]:
    """Every step, one of them twice, and a card for a hard moment; then the end."""
    page = bo.page
    found = look_at(bo)
    steps = page.locator("details ol.guide > li").count()
    buttons = page.locator("main form.row > button[name=step]")
    titles = []
    for number in range(steps):
        titles.append(page.locator("h1").inner_text())
        if number == 1:
            bo.press(buttons.first)
            expect(page.locator("h1")).to_have_text(titles[0])
            bo.press(buttons.last)
            expect(page.locator("h1")).to_have_text(titles[1])
        if number == 2:
            _look_up_a_hard_moment(page)
        bo.press(buttons.last)
    assert len(set(titles)) == steps
    assert bo.path.endswith("/record/")
    return found + look_at(bo)


def _look_up_a_hard_moment(page: Page) -> None:
    link = page.locator("main nav a[href^='#']").first
    card = page.locator(str(link.get_attribute("href")))
    link.click()
    expect(card.locator("ol > li").first).to_be_in_viewport()
    card.locator("a[href='#step']").click()
    expect(page.locator("h1")).to_be_in_viewport()


def _fill_in(page: Page) -> None:
    page.locator("input[name=held][value=yes]").check()
    rows = page.locator(f"table.week {COMING}")
    for number in range(rows.count()):
        rows.nth(number).check()
    page.locator("input[name=mood][value='4']").check()
    page.locator("input[name=guide_used][value=yes]").check()
    page.locator("input[name=follow_ups][value=room]").check()


def _fill_in_by_keyboard(page: Page) -> None:
    """Tab, Space and Enter alone. Space takes the first choice of each question."""
    people = page.locator(f"table.week {COMING}").evaluate_all("all => all.map(one => one.name)")
    for name in ["held", *people, "mood", "guide_used", "follow_ups"]:
        _tab_to(page, f"[name='{name}']")
        page.keyboard.press("Space")
    _tab_to(page, "main form[data-guard] button.btn")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"{selector} is not reached by keyboard")


def _debrief(bo: Visitor, meeting: str) -> list[str]:
    page = bo.page
    assert bo.path.endswith("/debrief/")
    found = look_at(bo)
    page.locator("input[name=talked]").check()
    bo.send()
    assert bo.path == f"/evenings/{meeting}/tonight/"
    # The record is written, and the evening is closed.
    expect(page.locator("main .done")).to_have_count(2)
    return found


def _afterwards(visit: Visit, scene: dict[str, str], *, script: bool = True) -> list[str]:
    """Cass reads what it was about and that she was there; Ana reads how steadily the group comes together."""
    cass, ana = visit(script=script), visit(window=DESKTOP, script=script)
    cass.sign_in("cass")
    cass.go(f"/evenings/{scene['played']}/")
    expect(cass.page.locator("main .done")).to_have_text("It took place.")
    expect(cass.page.locator("main")).to_contain_text("You were there.")
    topic = cass.page.locator("main h1").inner_text().strip()
    ana.sign_in("ana")
    page = ana.go(f"/evenings/group/{scene['group']}/")
    # Other evenings of the group may have ended today too; each topic comes once.
    row = page.locator("table.stack tbody tr").filter(has_text=topic)
    came = row.locator("td.num").first.inner_text()
    part, whole = (int(word) for word in came.replace("of", " ").split()[-2:])
    assert part == whole
    return [*look_at(cass), *look_at(ana), *cass.complaints, *ana.complaints]

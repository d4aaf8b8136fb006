"""A button that is pressed twice sends once; another button still counts."""

import pytest
from playwright.sync_api import Route

from browser.houses import House
from browser.visitors import PHONE, Visit


@pytest.mark.second
def test_a_second_press_of_the_same_button_sends_nothing(house: House, visit: Visit) -> None:
    cass = visit(window=PHONE)
    cass.sign_in("cass")
    page, answers = cass.go("/"), list[str]()

    def never_answered(route: Route) -> None:
        answers.append((route.request.post_data or "").rpartition("=")[2])
        route.abort("aborted")  # the page stays, as while one waits for an answer

    page.route("**/answer/", never_answered)
    for value in ("yes", "yes", "no"):
        again = bool(answers) and answers[-1] == value
        button = page.locator(f"button[name=answer][value={value}]").first
        if again:
            button.click(no_wait_after=True)
            continue
        with page.expect_event("requestfailed"):
            button.click(no_wait_after=True)
    assert answers == ["yes", "no"]

"""This browser takes messages: its script starts under the policy of the house, and shows just what was sent."""

import json

import pytest

from browser.houses import House
from browser.visitors import Visit

SAID = {"title": "Choir", "body": "You have a reminder.", "tag": "1", "brief": False}
REGISTERED = "navigator.serviceWorker.getRegistration().then((found) => found?.active?.scriptURL)"
SHOWN = """navigator.serviceWorker.getRegistration().then((found) => found.getNotifications())
    .then((all) => all.map(({ title, body, tag }) => ({ title, body, tag })))"""


@pytest.mark.second
@pytest.mark.abuse(10)
def test_a_message_shows_its_title_and_its_sentence(house: House, visit: Visit) -> None:
    cass = visit()
    cass.context.grant_permissions(["notifications"], origin=house.url)
    cass.sign_in("cass")
    page = cass.go("/messages/")
    page.locator("[data-push] button").click()
    # This browser keeps no subscription, being as private as a window that forgets: it says so, and nothing is lost.
    page.locator("[data-push-trouble]").wait_for()
    cass.until(f"{REGISTERED}.then((script) => script === '{house.url}/messages/worker.js')")
    tools = cass.context.new_cdp_session(page)
    found: list[dict[str, str]] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    tools.send("ServiceWorker.enable")
    cass.until(REGISTERED)  # One more answer of the browser; what it knows of its workers comes before it.
    pushed = {"origin": house.url, "registrationId": found[0]["registrationId"], "data": json.dumps(SAID)}
    tools.send("ServiceWorker.deliverPushMessage", pushed)
    cass.until(f"{SHOWN}.then((all) => all.length === 1)")
    assert page.evaluate(SHOWN) == [{name: SAID[name] for name in ("title", "body", "tag")}]
    assert [complaint for complaint in cass.complaints if "incognito" not in complaint] == []

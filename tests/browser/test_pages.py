"""Every page of the house, for everybody who may see it: usable by all, in each language, calm and discreet."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, StorageState

from browser.addresses import ADDRESSES, CAST, NOBODY, all_routes, listed_routes
from browser.houses import House
from browser.looking import look_at
from browser.main_job import invite
from browser.visitors import NARROW, PASSPHRASE, Theme, Visitor, open_window


@dataclass
class Windows:
    """A narrow window of each person of the cast, who signs in once, and a second one without scripts."""

    chromium: Browser
    url: str
    opened: dict[tuple[str, str], Visitor] = field(default_factory=dict)

    def of(self, who: str) -> Visitor:
        """The window of somebody, signed in."""
        if (who, "") not in self.opened:
            visitor = self._open(who, "", None)
            if who != NOBODY:
                visitor.sign_in(who)
        return self.opened[who, ""]

    def without_scripts(self, who: str) -> Visitor:
        """Another window of somebody, in the same session."""
        if (who, "plain") not in self.opened:
            self._open(who, "plain", self.of(who).context.storage_state())
        return self.opened[who, "plain"]

    def _open(self, who: str, kind: str, state: StorageState | None) -> Visitor:
        visitor = open_window(self.chromium, self.url, window=NARROW, script=not kind, state=state)
        self.opened[who, kind] = visitor
        return visitor


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    language: str
    theme: Theme
    script: bool = True


LOOKS = [
    pytest.param(Look("en", "light"), id="english-light", marks=pytest.mark.look),
    pytest.param(Look("ar", "dark"), id="arabic-dark", marks=pytest.mark.look),
    # Nothing but sizes is measured there, so the database with more time takes it.
    pytest.param(Look("de", "light", script=False), id="german-without-scripts", marks=pytest.mark.second),
]


@pytest.fixture(scope="module")
def windows(house: House, chromium: Browser) -> Iterator[Windows]:
    found = Windows(chromium, house.url)
    yield found
    for visitor in found.opened.values():
        with suppress(Exception):
            visitor.close()


@pytest.fixture(scope="module")
def ids(house: House, windows: Windows) -> dict[str, str]:
    """What stands for the ids in addresses: evenings before and behind, an invitation, a swap somebody asks for."""
    scene: dict[str, str] = json.loads(house.inside("scene"))
    house.inside("hold", scene["played"])
    ana, mentor = windows.of("ana"), windows.of("max")
    scene["token"] = invite(ana, f"/people/{scene['waiting']}/").rstrip("/").rpartition("/")[2]
    scene["way_back"], scene["return"] = _way_back(ana, windows.of("bo"), scene["person"])
    mentor.go(f"/evenings/{scene['accompanied']}/hand-over/").locator("input[name=taker]").first.check()
    mentor.send()
    link = ana.go("/evenings/swaps/").locator("main a[href^='/evenings/swaps/']").first
    scene["swap"] = str(link.get_attribute("href")).split("/")[-2]
    return scene


def _way_back(ana: Visitor, bo: Visitor, person: str) -> tuple[str, str]:
    """Ana and Bo say who Cass is, looking at each page on the way: the id of it, and the token that nobody uses."""
    found = []
    for visitor, path, how in ((ana, f"/people/{person}/back/", "met"), (bo, "", "spoke")):
        visitor.go(path or ana.path)
        found += look_at(visitor, language="en")
        visitor.page.locator(f"input[name=how][value={how}]").check()
        visitor.page.locator("input[name=passphrase]").fill(PASSPHRASE)
        visitor.send()
    found += look_at(bo, language="en")
    assert found == []
    link = bo.page.locator(".secret").inner_text()
    return ana.path.rstrip("/").rpartition("/")[2], link.rstrip("/").rpartition("/")[2]


@pytest.fixture(scope="module")
def names(windows: Windows, ids: dict[str, str]) -> list[str]:
    """Chosen names and names of groups."""
    ana = windows.of("ana")
    people = ana.go("/people/").locator("tbody th bdi").all_inner_texts()
    groups = ana.go(f"/groups/cycles/{ids['cycle']}/").locator("a[href^='/groups/'] b").all_inner_texts()
    assert people
    assert groups
    return [*people, *groups]


@pytest.fixture(scope="module")
def measured() -> set[tuple[str, Look]]:
    """Addresses that axe has measured, each with the look."""
    return set()


def test_every_address_is_looked_at(ids: dict[str, str]) -> None:
    # A page that is missing here was added without being looked at: put it on a list in addresses.py.
    assert listed_routes(ids) == set(all_routes())


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", [NOBODY, *CAST])
def test_pages(
    who: str, look: Look, windows: Windows, ids: dict[str, str], names: list[str], measured: set[tuple[str, Look]]
) -> None:
    visitor = windows.of(who) if look.script else windows.without_scripts(who)
    visitor.speak(look.language)
    visitor.page.emulate_media(color_scheme=look.theme)
    visitor.complaints.clear()
    found: list[str] = []
    for path in (address.filled(ids) for address in ADDRESSES if who in address.looks.split()):
        visitor.go(path)
        if visitor.path != path:
            found.append(f"{path} leads to {visitor.path}")
        # What others find at the same address is built of the same parts; the first screen is everybody's own.
        found += look_at(visitor, language=look.language, axe=path == "/" or (path, look) not in measured)
        measured.add((path, look))
        title = visitor.page.title()
        found += [f"{path}: {name} in its title" for name in names if name in title]
    assert [*found, *visitor.complaints] == []


@pytest.mark.second
@pytest.mark.parametrize("who", [NOBODY, *CAST])
def test_pages_exist_for_nobody_else(who: str, windows: Windows, ids: dict[str, str]) -> None:
    visitor = windows.of(who)
    found = []
    for address in (address for address in ADDRESSES if address.is_sure_for(who)):
        path = address.filled(ids)
        status = visitor.context.request.get(visitor.url + path, max_redirects=0).status
        # Visitors are led to the page where one signs in, whether an address exists or not.
        expected = ({200, 302} if who == NOBODY else {200}) if address.exists_for(who) else {302, 404}
        if status not in expected or (status == 302 and who != NOBODY):
            found.append(f"{path} answers {status}")
    assert found == []

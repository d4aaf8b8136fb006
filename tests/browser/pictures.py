"""Pictures of the house, from a demonstration of its own: to look at pages, and for the README.

python tests/browser/pictures.py FOLDER            the first screens and the main pages, in four looks each
python tests/browser/pictures.py --readme FOLDER   the five pictures of the README
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, sync_playwright

from browser import main_job
from browser.houses import House, demonstration
from browser.visitors import DESKTOP, PHONE, Visitor, open_window

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Every side of a look stands beside every side of the others once.
LOOKS: dict[str, dict[str, Any]] = {
    "phone-light-en": {"window": PHONE, "theme": "light", "language": "en"},
    "phone-dark-ar": {"window": PHONE, "theme": "dark", "language": "ar"},
    "desktop-light-ar": {"window": DESKTOP, "theme": "light", "language": "ar"},
    "desktop-dark-en": {"window": DESKTOP, "theme": "dark", "language": "en"},
}
PAGES = {
    "nobody": {"about": "/about/", "help": "/help/", "sign-in": "/account/login/"},
    "cass": {"home": "/", "me": "/people/me/", "group": "/groups/mine/", "meeting": "/evenings/{led}/"},
    "max": {"home": "/", "shifts": "/evenings/"},
    "ana": {
        "home": "/",
        "people": "/people/",
        "person": "/people/{person}/",
        "table": "/people/table/",
        "cycle": "/groups/cycles/{cycle}/",
        "group": "/groups/{group}/",
        "evenings": "/evenings/",
        "rota": "/evenings/rota/{cycle}/",
        "cover": "/evenings/{led}/cover/",
        "schedule": "/evenings/{led}/schedule/",
        "continuity": "/evenings/group/{group}/",
        "library": "/library/twelve-evenings/",
    },
    "sol": {"home": "/"},
    "aud": {"home": "/", "transparency": "/transparency/"},
    "pat": {"home": "/"},
    "bo": {
        "home": "/",
        "evening": "/evenings/{played}/tonight/",
        "guide": "/evenings/{led}/guide/",
        "run": "/evenings/{played}/run/",
        "record": "/evenings/{played}/record/",
    },
}


def main() -> None:
    """Start a house, take the pictures, end it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readme", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder, demonstration(Path(folder)) as house:
        ids: dict[str, str] = json.loads(house.inside("scene"))
        with browser() as chromium:
            take = for_the_readme if options.readme else to_look_at
            take(house, chromium, ids, options.folder)


def to_look_at(house: House, chromium: Browser, ids: dict[str, str], folder: Path) -> None:
    """Each page as long as it is, in each look; somebody's first screen is called "home"."""
    for who, pages in PAGES.items():
        if who == "bo":
            house.inside("begin", ids["played"])
        state = signed_in(house, chromium, who).context.storage_state()
        for look, how in LOOKS.items():
            visitor = open_window(chromium, house.url, state=state, **how)
            for name, path in pages.items():
                page = visitor.go(path.format(**ids))
                # As high as the page, so that the menu at the lower edge covers nothing.
                height = max(how["window"]["height"], page.evaluate("document.documentElement.scrollHeight"))
                page.set_viewport_size({"width": how["window"]["width"], "height": height})
                page.screenshot(path=folder / f"{who}-{name}-{look}.png")
                page.set_viewport_size(how["window"])
            visitor.close()


def for_the_readme(house: House, chromium: Browser, ids: dict[str, str], folder: Path) -> None:
    """What one sees at a glance, small enough to load quickly."""
    cass = signed_in(house, chromium, "cass")
    cass.go("/").screenshot(path=folder / "home-phone.png")
    cass.speak("ar")
    cass.go("/").screenshot(path=folder / "home-phone-ar.png")
    bo = signed_in(house, chromium, "bo")
    bo.go(f"/evenings/{ids['led']}/tonight/").screenshot(path=folder / "evening-phone.png")
    bo.page.emulate_media(color_scheme="dark")
    bo.go(f"/evenings/{ids['led']}/run/")
    bo.press("button[name=online][value=no]")
    for _ in range(3):
        bo.press(bo.page.locator("main form.row > button[name=step]").last)
    bo.page.screenshot(path=folder / "run-phone-dark.png")
    ines = proposal(house, chromium)
    ines.page.evaluate("scrollTo(0, document.querySelector('.board').getBoundingClientRect().top - 76)")
    ines.page.screenshot(path=folder / "proposal-desktop.png")


def proposal(house: House, chromium: Browser) -> Visitor:
    """A coordinator of a fresh programme in front of the groups that were drawn up."""
    ines = open_window(chromium, house.url, window=DESKTOP)
    main_job.accept_invitation(ines, main_job.found_programme(house), "ines")
    main_job.import_roster(ines)
    main_job.add_places(ines)
    main_job.begin_cycle(ines)
    main_job.propose_groups(ines)
    return ines


def signed_in(house: House, chromium: Browser, who: str) -> Visitor:
    """A phone of somebody of the cast, or of a visitor."""
    visitor = open_window(chromium, house.url)
    if who != "nobody":
        visitor.sign_in(who)
    return visitor


@contextmanager
def browser() -> Iterator[Browser]:
    """The Chromium of this machine."""
    found = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])


if __name__ == "__main__":
    main()

"""The main job from the first invitation to a handed-over evening, in five roles, as different people would meet it."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from browser import main_job
from browser.houses import House
from browser.looking import look_at
from browser.main_job import Team, accept_invitation
from browser.visitors import DESKTOP, PHONE, Visit, Visitor

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MEASURED = 1
SECOND = pytest.mark.second
VARIANTS = [
    pytest.param({"language": "en", "window": DESKTOP}, id="english-desktop", marks=pytest.mark.look),
    pytest.param({"language": "de", "window": PHONE, "script": False}, id="german-phone-without-scripts", marks=SECOND),
    pytest.param({"language": "ar", "window": PHONE, "theme": "dark"}, id="arabic-phone-dark", marks=SECOND),
]


@dataclass
class Walk:
    """Everybody of one walk, each in a window of their own."""

    house: House
    visit: Visit
    how: dict[str, Any]

    def __post_init__(self) -> None:
        self.everybody: list[Visitor] = []
        self.looked_at: Counter[str] = Counter()

    def newcomer(self, link: str, name: str) -> Visitor:
        """Somebody accepts an invitation."""
        visitor = self.visit(**self.how)
        visitor.look = self._look
        self.everybody.append(visitor)
        accept_invitation(visitor, link, f"{name}-{self.how['language']}")
        return visitor

    def seen(self) -> list[str]:
        """Requests that carry an id, such as "GET /evenings/…/": what exists for these people alone."""
        return sorted({request for visitor in self.everybody for request in visitor.seen if ID.search(request)})

    def complaints(self) -> list[str]:
        """Whatever was wrong on any page of the walk."""
        return [words for visitor in self.everybody for words in visitor.complaints]

    def _look(self, visitor: Visitor) -> list[str]:
        # axe takes its time: pages that people come to often, such as a form sent again, are measured once.
        route = ID.sub("", visitor.path)
        self.looked_at[route] += 1
        return look_at(visitor, language=self.how["language"], axe=self.looked_at[route] <= MEASURED)


@pytest.mark.parametrize("how", VARIANTS)
def test_the_main_job(how: dict[str, Any], house: House, visit: Visit) -> None:
    walk = Walk(house, visit, how)
    ines = walk.newcomer(main_job.found_programme(house), "ines")
    team = plan(ines)
    member = walk.newcomer(main_job.invite(ines, team.member.path), "member")
    facilitator = walk.newcomer(main_job.invite(ines, team.facilitator.path), "facilitator")
    mentor = walk.newcomer(main_job.invite(ines, team.mentor.path), "mentor")
    answer(member, facilitator, team)
    hand_over(mentor, ines, team)
    seen = [request for request in walk.seen() if team.other_group not in request]
    others = [
        walk.newcomer(main_job.invite(ines, team.elsewhere.path), "elsewhere"),
        walk.newcomer(main_job.invite_partner(ines), "partner"),
        visit(**how),
    ]
    others[-1].sign_in("dee")
    assert len(seen) > 20
    # Whoever leads may serve the other group too, and Dee's programme has the same invented names: only ids tell there.
    names = [[team.member.name], [team.member.name, team.facilitator.name, team.mentor.name], []]
    assert [found for other, known in zip(others, names, strict=True) for found in leaks(other, seen, known)] == []
    assert walk.complaints() == []


def plan(ines: Visitor) -> Team:
    main_job.import_roster(ines)
    main_job.add_places(ines)
    main_job.begin_cycle(ines)
    main_job.propose_groups(ines)
    main_job.move_by_hand(ines)
    main_job.accept_groups(ines)
    main_job.draw_up_rota(ines)
    return main_job.choose_team(ines)


def answer(member: Visitor, facilitator: Visitor, team: Team) -> None:
    """The member says yes, then not this time; the facilitator reads both on the card."""
    page = member.go("/")
    assert team.member.name in page.locator("h1").inner_text()
    member.press(f"form[action='{team.meeting}answer/'] button[value=yes]")
    assert member.path == team.meeting
    assert says_yes(facilitator, team)
    member.press("button[name=answer][value=no]")
    assert not says_yes(facilitator, team)


def says_yes(facilitator: Visitor, team: Team) -> bool:
    """Whether the card of the evening, a tap away from the first screen, says that the member comes."""
    facilitator.go("/")
    page = facilitator.press(f"main a[href='{team.meeting}tonight/']")
    row = page.locator("ol.seats > li", has_text=team.member.name)
    assert row.count() == 1
    return row.locator(".badge.good").count() == 1


def hand_over(mentor: Visitor, ines: Visitor, team: Team) -> None:
    """The mentor asks, the coordinator agrees; the evening is closed to the mentor then."""
    mentor.go("/evenings/")
    page = mentor.press(f"main a[href='{team.meeting}hand-over/']")
    page.locator("input[name=taker]").first.check()
    mentor.send()
    ines.go("/")
    ines.press("main a[href='/evenings/swaps/']")
    ines.press("main a[href^='/evenings/swaps/']")
    ines.page.locator("input[name=taker]").first.check()
    ines.press("button[name=answer][value=yes]")
    assert ines.path == "/evenings/swaps/"
    assert mentor.context.request.get(f"{mentor.url}{team.meeting}tonight/").status == 404


def leaks(other: Visitor, seen: list[str], names: list[str]) -> list[str]:
    """The requests that are answered otherwise than "there is no such page", and names on pages of one's own."""
    found = []
    token = other.go("/people/me/").locator("input[name=csrfmiddlewaretoken]").first.input_value()
    for request in seen:
        method, path = request.split()
        form: dict[str, str | float | bool] | None = {"csrfmiddlewaretoken": token} if method == "POST" else None
        response = other.context.request.fetch(other.url + path, method=method, form=form, max_redirects=0)
        if response.status != 404 or any(name in response.text() for name in names):
            found.append(f"{request} answers {response.status}")
    own = [other.context.request.get(other.url + path).text() for path in ("/", "/evenings/", "/groups/mine/")]
    return [*found, *(f"{name} is named" for name in names for text in own if name in text)]

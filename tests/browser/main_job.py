"""The main job as a coordinator does it, page by page: from an invitation to evenings that have their people.

Elements are found by addresses and by names of fields, so that the same steps work in every language.
"""

import re
from contextlib import suppress
from dataclasses import dataclass

from playwright.sync_api import Locator, expect
from playwright.sync_api import TimeoutError as TookTooLong

from browser.houses import ROOT, House
from browser.visitors import Visitor

ROSTER = ROOT / "wayhouse" / "config" / "demo" / "roster.xlsx"
# The solvers take up to ten seconds each, and a roster brings a page full of sealed words.
LONG = 90_000
_EVENINGS = ("mon-evening", "tue-evening", "wed-evening", "thu-evening")
_DAYTIME = ("tue-morning", "thu-morning", "sat-morning", "sat-afternoon")
_PLACES = (
    ("Library", "1 Old Mill Lane", "Harbourton/Old Mill", _EVENINGS, ("step_free", "childcare")),
    ("Station house", "Platform 3", "Harbourton/Station", _EVENINGS + _DAYTIME, ("step_free",)),
    ("Boat shed", "Riverside 12", "Harbourton/Riverside", _DAYTIME, ("childcare",)),
    ("Video room", "A link", "", _EVENINGS + _DAYTIME, ("online", "step_free", "childcare")),
)


@dataclass(frozen=True)
class Chosen:
    """Somebody on the roster: the path of their page, and the name they chose."""

    path: str
    name: str


@dataclass(frozen=True)
class Team:
    """One evening, the first of its group, with a member and with those who serve there, and a member of no concern."""

    meeting: str
    group: str
    member: Chosen
    facilitator: Chosen
    mentor: Chosen
    elsewhere: Chosen
    other_group: str


def found_programme(house: House) -> str:
    """The link by which the first coordinator of a fresh programme begins, in which groups may open."""
    words = ("Harbour House (invented)", "Harbour", "Ines", "--time-zone", "Europe/Berlin")
    link = house.command("found", *words).strip()
    house.inside("answered")
    return link


def accept_invitation(newcomer: Visitor, link: str, handle: str) -> str:
    """Open an account with the passphrase that is offered, and type the recovery code back from paper.

    Returns the passphrase.
    """
    page = newcomer.go(link)
    words = page.locator(".secret").inner_text()
    for name, typed in (("handle", handle), ("new", words), ("again", words)):
        page.locator(f"input[name={name}]").fill(typed)
    newcomer.send()
    groups = page.locator(".secret").inner_text().split("-")
    for field in page.locator("input[name^=group_]").all():
        number = int(_attribute(field, "name").removeprefix("group_"))
        field.fill(groups[number - 1])
    newcomer.send()
    assert newcomer.path == "/"
    return words


def import_roster(ines: Visitor) -> None:
    """Send the spreadsheet, look at the dry run, say yes."""
    ines.go("/people/")
    ines.press("main a[href='/people/table/']")
    ines.page.locator("input[name=file]").set_input_files(ROSTER)
    ines.press("main form[enctype] button.btn", patience=LONG)
    # How many rows are to be corrected, new, changed, as before.
    fates = [int(figure) for figure in ines.page.locator("main li.badge b").all_inner_texts()]
    ines.press("button[name=confirm]", patience=LONG)
    assert ines.path == "/people/"
    assert fates == [0, _number_in(ines.page.locator("table caption")), 0, 0]


def add_places(ines: Visitor) -> None:
    """Write down where groups can meet: three places and an online room."""
    ines.go("/groups/")
    ines.press("main a[href='/groups/places/']")
    for name, address, area, slots, ticks in _PLACES:
        page = ines.press("main a[href='/groups/places/new/']")
        for field, typed in (("name", name), ("address", address), ("area", area)):
            page.locator(f"input[name={field}]").fill(typed)
        for slot in slots:
            page.locator(f"input[name=slots][value={slot}]").check()
        for tick in ticks:
            page.locator(f"input[name={tick}]").check()
        ines.send()
        assert ines.path == "/groups/places/"
    assert ines.page.locator("main .card ul.list > li").count() == len(_PLACES)


def begin_cycle(ines: Visitor) -> None:
    """Begin a cycle with the pack of the library, on the day that is offered."""
    ines.go("/groups/")
    ines.press("main a[href='/library/']", patience=LONG)
    ines.press("main a[href='/library/twelve-evenings/']", patience=LONG)
    ines.send()
    assert ines.path == "/groups/"
    ines.press("main a[href^='/groups/cycles/']")


def propose_groups(ines: Visitor) -> None:
    """Have groups drawn up."""
    ines.press("main a[href$='/proposal/']")
    ines.page.locator("main form.form button.btn").click()
    ines.page.locator(".board > section").first.wait_for(timeout=LONG)
    assert re.fullmatch(r"/groups/proposals/[0-9a-f-]{36}/", ines.path)


def move_by_hand(ines: Visitor) -> None:
    """Take somebody out of a group of the plan, and put them back where they were."""
    table = ines.page.locator(".board > section", has=ines.page.locator("select")).first
    number = _attribute(table.locator("select[name=person]").first, "id").removeprefix("who-")
    person = _attribute(table.locator("select[name=person] option").first, "value")
    _move(ines, table, person, "none")
    waiting = ines.page.locator("section.card", has=ines.page.locator("#who-waiting"))
    _move(ines, waiting, person, number)
    assert ines.page.locator(f"#who-{number} option[value='{person}']").count() == 1


def accept_groups(ines: Visitor) -> None:
    """Accept the proposal after the question."""
    ines.press("main a[href*='/accept/']")
    ines.press("main form button.btn", patience=LONG)
    assert ines.path.startswith("/groups/cycles/")


def draw_up_rota(ines: Visitor) -> None:
    """Have the rota drawn up, and accept it after the question."""
    ines.press("main a[href^='/evenings/rota/']")
    rota = ines.path
    ines.press("main form[action*='/propose/'] button.btn", patience=LONG)
    assert ines.path == f"{rota}drawing/"
    _stop_at_the_first_plan(ines)
    ines.page.locator("main td").first.wait_for(timeout=LONG)
    _drag_somebody(ines, rota)
    # Choose by hand who serves at one evening; whoever was proposed is chosen already.
    ines.press(f"main td a[href^='{rota}']")
    ines.send()
    # What follows is said first.
    ines.press(ines.page.locator("main form:has(input[name=sure][value=on]) button.btn"))
    assert ines.path == rota
    ines.press("main a[href*='/accept/']")
    ines.press("main form button.btn", patience=LONG)
    assert ines.page.locator("main form[action*='/propose/']").count() == 1


def _drag_somebody(ines: Visitor, rota: str) -> None:
    """With a script, dropping somebody on another evening asks what follows as well. It is not answered."""
    if not ines.script:
        return
    evenings = ines.page.locator("main td[data-at]")
    one = evenings.filter(has=ines.page.locator("[data-person]")).first
    there = evenings.nth(0 if one.get_attribute("data-at") != evenings.first.get_attribute("data-at") else 1)
    with ines.page.expect_navigation():
        one.locator("[data-person]").first.drag_to(there)
    assert ines.path.startswith(rota)
    assert ines.path != rota
    ines.page.go_back()
    assert ines.path == rota


def _stop_at_the_first_plan(ines: Visitor) -> None:
    """Any rota will do here."""
    expect(ines.page.locator("dl.pairs dd").first).not_to_have_text("–", timeout=LONG)
    # It may have come to an end by itself meanwhile.
    with suppress(TookTooLong):
        ines.page.locator("main form[action$='/stop/'] button").click(timeout=3_000)


def choose_team(ines: Visitor) -> Team:
    """The first evening of a group at which a facilitator and a mentor serve, and a member of that group."""
    page = ines.go("/evenings/")
    evenings = [_attribute(link, "href") for link in page.locator("main a[href$='/cover/']").all()]
    ines.go("/groups/")
    page = ines.press("main a[href^='/groups/cycles/']")
    listed = page.locator("main .card ul.list a").all()
    groups = {link.locator("b").first.inner_text(): _attribute(link, "href") for link in listed}
    passed: set[str] = set()
    for evening in evenings:
        page = ines.go(evening)
        name = page.locator("h1").inner_text()
        serving = _serving(ines) if name not in passed else {}
        passed.add(name)
        if {"facilitator", "mentor"} <= serving.keys():
            other = next(path for group, path in groups.items() if group != name)
            return Team(
                meeting=evening.removesuffix("cover/"),
                group=groups[name],
                member=_member_of(ines, groups[name]),
                elsewhere=_member_of(ines, other),
                other_group=other,
                facilitator=serving["facilitator"],
                mentor=serving["mentor"],
            )
    raise AssertionError("no evening has a facilitator and a mentor")


def invite(ines: Visitor, path: str) -> str:
    """The link of an invitation for somebody on the roster."""
    ines.go(path)
    page = ines.press("form[action$='/invite/'] button.btn")
    return page.locator(".secret").inner_text()


def invite_partner(ines: Visitor) -> str:
    """Write down somebody new, make them a partner and nothing else, and invite them."""
    ines.go("/people/")
    page = ines.press("main a[href='/people/new/']")
    page.locator("input[name=name]").fill("Quiet Partner")
    page.locator("input[name=languages]").fill("en")
    for name, value in (("role", "member"), ("slots", "tue-evening"), ("mode", "either"), ("kinds", "mixed")):
        page.locator(f"input[name={name}][value={value}]").check()
    ines.send()
    path = ines.path
    ines.press("main a[href$='/role/']")
    ines.page.locator("input[name=kind][value=partner]").check()
    ines.send()
    ines.press("main a[href$='/role/member/']")
    ines.press("main form button.btn")
    assert ines.path == path
    return invite(ines, path)


def _serving(ines: Visitor) -> dict[str, Chosen]:
    """Whom the present page names as coming, by role."""
    people = ines.page.locator("form[action$='/cover/off/'] input[name=person]").all()
    found = {}
    for person in [_attribute(one, "value") for one in people]:
        page = ines.go(f"/people/{person}/")
        role = _attribute(page.locator("main a[href*='/role/']:not([href$='/role/'])").first, "href").split("/")[-2]
        found[role] = Chosen(ines.path, page.locator("h1").inner_text())
    return found


def _member_of(ines: Visitor, group: str) -> Chosen:
    name = ines.go(group).locator("ul.seats li b").first.inner_text()
    page = ines.go("/people/")
    page.locator("input[name=name]").fill(name)
    ines.press("main form.form button.btn")
    link = page.locator("tbody th a", has_text=re.compile(f"^{re.escape(name)}$"))
    return Chosen(_attribute(link, "href"), name)


def _move(ines: Visitor, place: Locator, person: str, target: str) -> None:
    before = int(_attribute(ines.page.locator("input[name=revision]").first, "value"))
    place.locator("details > summary").first.click()
    form = place.locator("form[action$='/choose/']")
    form.locator("select[name=person]").select_option(person)
    ines.press(form.locator("button.btn"))
    # Only the groups that they are not in can be chosen.
    form = ines.page.locator("main form[action$='/move/']")
    form.locator("select[name=target]").select_option(target)
    ines.press(form.locator("button.btn"))
    # What follows is said first.
    ines.press(ines.page.locator("main form:has(input[name=sure]) button.btn"))
    assert int(_attribute(ines.page.locator("input[name=revision]").first, "value")) == before + 1


def _attribute(element: Locator, name: str) -> str:
    return str(element.get_attribute(name))


def _number_in(element: Locator) -> int:
    found = re.search(r"\d+", element.inner_text())
    assert found
    return int(found[0])

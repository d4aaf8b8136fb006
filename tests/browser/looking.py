"""A look at a page: everything that must hold on each page of the house, as a list of what does not."""

import re
from functools import cache
from typing import Any, cast

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from browser.houses import HOUSE_NAME
from browser.visitors import Visitor

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# No title may hold a part of a word that says what this is, in any language of the house.
TELLING = re.compile(
    r"extrem|exit|radical|radikal|ausst(ieg|eig)|ideolog|hate|hass|cult|sekte|violen|gewalt|jihad|nazi"
    r"|تطرف|متطرف|كراهية|عنف|طائفة|تشدد",
    re.IGNORECASE,
)
_SMALLEST = 43.5  # 44 px, less what browsers round away

# Elements that fingers aim at, as far as they are shown and lower or narrower than 44 px.
_SMALL = """smallest => [...document.querySelectorAll('button, .btn, .tabs a, .choice, summary, .week label')]
    .filter(element => element.checkVisibility())
    .filter(element => {
        const box = element.getBoundingClientRect();
        return box.height < smallest || box.width < smallest;
    })
    .map(element => element.outerHTML.slice(0, 90))"""
_WIDER = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= innerWidth) return '';
    const edge = element => {
        const box = element.getBoundingClientRect();
        return box.width && (box.right > innerWidth + 1 || box.left < -1);
    };
    const wide = [...document.body.querySelectorAll('*')].filter(edge).map(element => element.outerHTML.slice(0, 70));
    return `${root.scrollWidth} px wide: ${wide.slice(-3).join(' ')}`;
}"""
_SHAPE = """() => ({
    language: document.documentElement.lang,
    direction: document.documentElement.dir,
    title: document.title,
    headings: [...document.querySelectorAll('h1')].filter(one => one.checkVisibility())
        .map(one => one.innerText.trim()),
    help: document.querySelectorAll('a[href="/help/"]').length,
    leave: document.querySelectorAll('form[action="/leave/"] button, a[href="/month/"]').length,
    dead: [...document.forms].filter(form => form.checkVisibility()
        && ![...form.elements].some(one => one.localName === 'button' && one.checkVisibility()))
        .map(form => form.outerHTML.slice(0, 90)),
})"""


def look_at(visitor: Visitor, *, language: str = "en", axe: bool = True) -> list[str]:
    """What is wrong with the present page, each with its path; an empty list where all is well.

    Without scripts axe cannot look.
    """
    page = visitor.page
    shape = cast("dict[str, Any]", page.evaluate(_SHAPE))
    found = [*_wrong_shape(shape, language), *_wrong_sizes(page)]
    if axe and visitor.script:
        found += violations(page)
    return [f"{visitor.path}: {words}" for words in found]


def violations(page: Page) -> list[str]:
    """What axe finds on the present page."""
    page.evaluate(_axe_script())
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(options).then(all => all.violations)", options)
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def _wrong_shape(shape: dict[str, Any], language: str) -> list[str]:
    found: list[str] = []
    direction = "rtl" if language == "ar" else "ltr"
    if (shape["language"], shape["direction"]) != (language, direction):
        found.append(f"is in {shape['language']!r}, {shape['direction']!r} instead of {language!r}, {direction!r}")
    if TELLING.search(shape["title"]) or not shape["title"].endswith(f" – {HOUSE_NAME}"):
        found.append(f"its title is {shape['title']!r}")
    if len(shape["headings"]) != 1 or not shape["headings"][0]:
        found.append(f"its main headings are {shape['headings']}")
    if not shape["help"]:
        found.append("help is not on it")
    if not shape["leave"]:
        found.append("it cannot be left quickly")
    return [*found, *(f"a form that nobody can send: {form}" for form in shape["dead"])]


def _wrong_sizes(page: Page) -> list[str]:
    wider = page.evaluate(_WIDER)
    small = page.evaluate(_SMALL, _SMALLEST)
    return [f"scrolls sideways, {wider}"] * bool(wider) + [f"too small for a finger: {one}" for one in small]


@cache
def _axe_script() -> str:
    return str(Axe().axe_script)

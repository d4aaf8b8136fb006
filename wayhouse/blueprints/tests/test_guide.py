import re

import pytest

from conftest import SignedIn
from wayhouse.blueprints.pack import shipped
from wayhouse.meetings.templatetags.guides import guide_steps, paragraphs
from wayhouse.people.models import Person


def test_the_title_of_a_guide_says_nothing_to_whoever_looks_at_the_screen(signed_in: SignedIn, bo: Person) -> None:
    page = signed_in(bo).get("/library/twelve-evenings/what-we-miss/").content.decode()
    assert "<title>Guide – Open Circle</title>" in page
    assert "<h1>What we left, what we miss</h1>" in page


def test_for_members_no_guide_exists(signed_in: SignedIn, cass: Person, dee: Person) -> None:
    addresses = ["/library/", "/library/twelve-evenings/", "/library/twelve-evenings/what-we-miss/"]
    assert [signed_in(dee).get(address).status_code for address in addresses] == [404, 404, 404]
    assert [signed_in(cass).get(address).status_code for address in addresses] == [404, 404, 404]


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n \n"])
def test_a_line_is_a_paragraph_and_nothing_in_it_is_html(between: str) -> None:
    assert paragraphs(f"One <b>.{between}Two & three.") == "<p>One &lt;b&gt;.</p><p>Two &amp; three.</p>"


def test_the_words_of_a_pack_flow_and_its_three_limits_stand_by_themselves(signed_in: SignedIn, ana: Person) -> None:
    page = signed_in(ana).get("/library/twelve-evenings/").content.decode()
    main = page.partition("<main")[2].partition("a-side")[0]
    limits = [words[0] for words in re.findall("<p>(.*?)</p>", main) if re.match(r"\d\. ", words)]
    assert ("<br" in main.partition("</ol>")[2], limits) == (False, ["1", "2", "3"])


def test_what_is_said_in_an_evening_has_no_line_break_in_a_paragraph() -> None:
    guides = [guide for found in shipped("twelve-evenings").guides.values() for guide in found.values()]
    assert [guide["title"] for guide in guides if "<br" in guide_steps(guide["steps"])] == []
    orientation = shipped("twelve-evenings").guides["en"]["orientation"]["steps"][3]
    assert guide_steps([orientation]).partition('<div class="say">')[2].partition("</div>")[0].count("<p>") == 4

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe
from pytest_django.fixtures import Settings

from wayhouse.core import components


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_a_button_submits_what_it_is_told() -> None:
    assert render('{% button "Yes" kind="quiet small" name="answer" value="yes" hx_post="/x" disabled=True %}') == (
        '<button class="btn quiet small" name="answer" value="yes" hx-post="/x" disabled>Yes</button>'
    )


def test_an_address_makes_it_a_link() -> None:
    assert render('{% button "Back" href=to %}', to="/a?b=1&c=2") == '<a class="btn" href="/a?b=1&amp;c=2">Back</a>'


def test_attributes_that_are_not_given_are_left_out() -> None:
    assert components.attributes({"a": None, "b": False, "c": "", "d": 0}) == ' c="" d="0"'


def test_words_of_people_are_escaped() -> None:
    sharp = '"><script>'
    source = (
        "{% button s hidden=s name=s %}{% badge s %}{% fact 'check' s %}{% notice s %}{% empty s s %}"
        "{% back '/' s %}{% progress 1 2 s s %}{% card s aside=s %}{{ s }}{% endcard %}"
    )
    assert "<script>" not in render(source, s=sharp)


def test_words_for_ears_only() -> None:
    assert render('{% button "Done today" hidden="Walk" %}') == (
        '<button class="btn">Done today<span class="vh"> – Walk</span></button>'
    )


def test_a_day_is_shown_where_the_house_stands(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    tile = components.date_tile(datetime(2026, 11, 26, 23, 30, tzinfo=UTC))
    assert (
        tile
        == '<time class="date" datetime="2026-11-27T00:30:00+01:00"><b>Nov</b> <span>27</span> <i>Friday</i></time>'
    )


def test_a_day_without_an_hour() -> None:
    assert 'datetime="2026-11-26"' in components.date_tile(date(2026, 11, 26))


def test_progress_is_said_in_words() -> None:
    bar = components.progress(3, 5, "Walk")
    assert re.findall(r">3 of 5<", bar) == [">3 of 5<", ">3 of 5<"]
    assert 'aria-label="Walk"' in bar


def test_the_clock_knows_when_the_step_began() -> None:
    with time_machine.travel("2026-11-26T19:10:00+00:00", tick=False):
        clock = components.timer(15, datetime(2026, 11, 26, 19, 6, tzinfo=UTC))
    values = dict(re.findall(r'data-(\w+)="([^"]*)"', clock))
    assert int(values["now"]) - int(values["clock"]) == 240
    assert (values["minutes"], values["left"], values["over"]) == ("15", "{n} min left", "{n} min over")
    assert "15 minutes" in clock
    assert "data-clock" not in components.timer(1)


def test_an_empty_list_says_what_to_do_next() -> None:
    html = components.empty("Nobody yet", "Invite somebody.", href="/invite/", action="Invite")
    assert '<a class="btn" href="/invite/">Invite</a>' in html
    assert "btn" not in components.empty("Nobody yet")


@pytest.mark.parametrize(("number", "links"), [(1, ["?q=a&amp;page=2"]), (2, ["?q=a&amp;page=1", "?q=a&amp;page=3"])])
def test_turning_pages_keeps_the_question(number: int, links: list[str], rf: RequestFactory) -> None:
    request = rf.get("/", {"q": "a", "page": str(number)})
    html = components.pages(request, Paginator(range(5), 2).page(number))
    assert re.findall(r'href="([^"]+)"', html) == links


def test_one_page_needs_no_turning(rf: RequestFactory) -> None:
    assert components.pages(rf.get("/"), Paginator(range(2), 2).page(1)) == ""


def test_a_card_has_a_heading_of_its_level() -> None:
    assert render('{% card "Next" aside="soon" kind="note" level=3 %}<p>x</p>{% endcard %}') == (
        '<section class="card note"><header><h3>Next</h3><span class="muted">soon</span></header><p>x</p></section>'
    )
    assert render("{% card %}x{% endcard %}") == '<section class="card">x</section>'


def test_confirming_says_what_will_happen() -> None:
    source = (
        '{% include "core/components/confirm.html" with title="Leave?" text="Your seat." label="Yes" cancel="/no/" %}'
    )
    html = render(source, csrf_token="t")
    assert re.findall(r"<(?:h2|p)>(.*?)</", html) == ["Leave?", "Your seat."]
    assert 'href="/no/"' in html


def test_a_table_says_its_columns_on_phones() -> None:
    html = render(
        "{% rows labels cells %}", labels=["Name", "{Came} & stayed"], cells=[("<Fox>", mark_safe("<b>7</b>"))]
    )
    assert html == (
        '<thead><tr><th scope="col">Name</th><th scope="col">{Came} &amp; stayed</th></tr></thead>'
        '<tbody><tr><th scope="row">&lt;Fox&gt;</th><td data-label="{Came} &amp; stayed"><b>7</b></td></tr></tbody>'
    )

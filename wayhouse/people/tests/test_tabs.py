import pytest
from django.test import Client, RequestFactory

from conftest import Cast
from wayhouse.crypto.shred import shred
from wayhouse.people.models import Person
from wayhouse.people.present import tabs

LABELS = {
    "ana": ["Today", "People", "Groups", "Evenings", "My page"],
    "bo": ["Today", "Evenings", "My page"],
    "max": ["Today", "Evenings", "My page"],
    "cass": ["Today", "My group", "My page"],
    "aud": ["Today", "My page"],
}


def labels(person: Person | None, path: str = "/people/me/") -> list[tuple[str, bool]]:
    request = RequestFactory().get(path)
    request.person = person  # type: ignore[attr-defined]
    return [(tab.label, tab.current) for tab in tabs(request)["tabs"]]


@pytest.mark.parametrize("name", list(LABELS))
def test_each_role_has_its_menu(request: pytest.FixtureRequest, name: str) -> None:
    person: Person = request.getfixturevalue(name)
    assert [label for label, _current in labels(person)] == LABELS[name]


def test_visitors_have_none(db: None) -> None:
    assert labels(None) == []
    assert tabs(RequestFactory().get("/")) == {"tabs": []}


def test_one_tab_is_the_present_one(ana: Person) -> None:
    assert [label for label, current in labels(ana) if current] == ["My page"]
    assert [label for label, current in labels(ana, "/people/table/") if current] == ["People"]
    assert [label for label, current in labels(ana, "/help/") if current] == []


def test_the_menu_is_on_the_page(cast: Cast, cass: Person) -> None:
    page = cast.sign_in(cass).get("/people/me/")
    assert b'<a href="/people/me/" aria-current="page">' in page.content


def test_what_does_not_open_is_said_and_nothing_is_changed(cast: Cast, ana: Person, cass: Person) -> None:
    shred(cass.pk)
    page = cast.sign_in(ana).get(f"/people/{cass.pk}/")
    assert page.status_code == 409
    assert b"This could not be opened. Nothing was changed." in page.content
    assert Client().get("/people/me/").status_code == 302

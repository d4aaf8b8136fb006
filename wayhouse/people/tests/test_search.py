"""Looking for a name on the roster: it is sent, kept in the sealed session, and stands in no address and no log."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from conftest import Cast
from wayhouse.accounts.models import Session
from wayhouse.audit.models import AuditLeaf
from wayhouse.people.importing import draft_roster
from wayhouse.people.models import Person, RosterDraft
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.tests.tables import HEAD, workbook
from wayhouse.people.tests.test_roster import enter, table_of

Counting = Callable[[int], AbstractContextManager[Any]]
NAMES = ["Quiet Fox", "Amber Lantern", "Foxglove"]


@pytest.fixture
def desk(cast: Cast, ana: Person) -> Client:
    """Ana's browser, with three people on the roster."""
    with cast.acting(ana):
        enter(ana, *NAMES)
    client = cast.sign_in(ana)
    client.get("/people/")
    return client


def names_on(page: Any) -> list[str]:
    return [row[0] for row in table_of(page)]


def test_what_was_looked_for_is_still_there_on_the_way_back(desk: Client) -> None:
    answer = desk.post("/people/", {"name": "FOX"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/people/")
    page = desk.get("/people/")
    assert (names_on(page), page.context["form"]["name"].value()) == (["Quiet Fox", "Foxglove"], "FOX")
    desk.get(f"/people/{Person.objects.order_by('pk')[0].pk}/")
    # Back is an ordinary page, whichever of them was open.
    assert names_on(desk.get("/people/?page=2")) == ["Quiet Fox", "Foxglove"]


def test_one_button_shows_everybody_again(desk: Client) -> None:
    for words in ({"name": "fox", "everybody": "1"}, {"name": " "}, {}):
        desk.post("/people/", {"name": "heron"})
        page = desk.get("/people/")
        assert (names_on(page), page.content.count(b'name="everybody"')) == ([], 1)
        assert desk.post("/people/", words).headers["Location"] == "/people/"
        page = desk.get("/people/")
        assert (names_on(page), page.content.count(b'name="everybody"')) == (NAMES, 0)


def test_it_stands_in_no_address_in_no_log_and_in_no_row(desk: Client, caplog: pytest.LogCaptureFixture) -> None:
    before = AuditLeaf.objects.count()
    with caplog.at_level(logging.DEBUG):
        answers = [desk.post("/people/", {"name": "Foxg"}), desk.get("/people/")]
    assert names_on(answers[1]) == ["Foxglove"]
    assert [text for text in (caplog.text, str(answers[0].headers)) if "Foxg" in text] == []
    assert [row for row in Session.objects.all() if b"Foxg" in bytes(row.box)] == []
    assert AuditLeaf.objects.count() == before
    # Nor is it taken from one.
    assert names_on(desk.get("/people/?name=lantern")) == ["Foxglove"]


def test_it_goes_with_the_session(cast: Cast, ana: Person, desk: Client) -> None:
    desk.post("/people/", {"name": "fox"})
    assert names_on(cast.sign_in(ana).get("/people/")) == NAMES
    desk.post("/account/logout/")
    assert Session.objects.count() == 1


def test_what_no_name_can_be_is_not_kept(desk: Client) -> None:
    page = desk.post("/people/", {"name": "x" * 41})
    assert (page.status_code, list(page.context["form"].errors), names_on(page)) == (200, ["name"], NAMES)
    assert names_on(desk.get("/people/")) == NAMES


def test_whoever_takes_a_table_in_sees_everybody(cast: Cast, ana: Person, desk: Client) -> None:
    desk.post("/people/", {"name": "fox"})
    with cast.acting(ana):
        draft_roster(ana.programme, read_roster(workbook(HEAD, ("Old Oak", "en", "tue-evening"))), actor=ana)
    page = desk.post("/people/table/", {"confirm": RosterDraft.objects.get().pk}, follow=True)
    assert names_on(page) == [*NAMES, "Old Oak"]


def test_looking_costs_five_questions_and_five_to_show(desk: Client, django_assert_num_queries: Counting) -> None:
    with django_assert_num_queries(5):
        desk.post("/people/", {"name": "fox"})
    with django_assert_num_queries(5):
        page = desk.get("/people/")
    assert names_on(page) == ["Quiet Fox", "Foxglove"]

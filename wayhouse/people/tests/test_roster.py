import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from conftest import Acting, Cast, SignedIn
from wayhouse.people import entries
from wayhouse.people.importing import draft_roster
from wayhouse.people.invitations import found, invite
from wayhouse.people.models import KeepApart, Person, RosterDraft, RosterEntry
from wayhouse.people.roster.comparing import merged
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.tests.tables import FOX, HEAD, LANTERN, workbook

Counting = Callable[[int], AbstractContextManager[Any]]


def send(client: Client, data: bytes, name: str = "table.xlsx") -> Any:
    upload = io.BytesIO(data)
    upload.name = name
    return client.post("/people/table/", {"file": upload}, follow=True)


def enter(ana: Person, *names: str) -> None:
    words = [merged({}, {"name": name, "languages": ["en"], "slots": ["tue-evening"]}) for name in names]
    entries.enter_all(ana.programme, words)


def confirm(client: Client, ana: Person) -> Any:
    return client.post("/people/table/", {"confirm": RosterDraft.objects.get(author=ana).pk}, follow=True)


def table_of(page: Any) -> list[tuple[str, ...]]:
    """What the table of a page says, cell by cell."""
    return [tuple(strip_tags(cell) for cell in row) for row in page.context["people"]]


def test_the_list_says_who_is_there_and_how_far_their_account_is(cast: Cast, ana: Person, cass: Person) -> None:
    with cast.acting(ana):
        enter(ana, "Quiet Fox", "Amber Lantern", "Old Oak")
        fox, lantern = (entry.person for entry in RosterEntry.objects.order_by("pk")[1:3])
        invite(fox, "Quiet Fox", actor=ana)
        with time_machine.travel(timezone.now() - timedelta(hours=73), tick=False):
            invite(lantern, "Amber Lantern", actor=ana)
    page = cast.sign_in(ana).get("/people/")
    assert table_of(page) == [
        ("Cass", "member", "English", "has an account"),
        ("Quiet Fox", "member", "English", "invited"),
        ("Amber Lantern", "member", "English", "invitation ran out"),
        ("Old Oak", "member", "English", "not invited yet"),
    ]


def test_an_empty_roster_says_what_to_do(signed_in: SignedIn, ana: Person) -> None:
    page = signed_in(ana).get("/people/")
    assert b"Nobody is on the roster yet" in page.content
    assert b'href="/people/table/"' in page.content


@pytest.mark.parametrize("people", [2, 20])
def test_as_many_questions_with_two_people_as_with_twenty(
    cast: Cast, ana: Person, django_assert_num_queries: Counting, people: int
) -> None:
    with cast.acting(ana):
        enter(ana, *(f"Fox {number}" for number in range(people)))
    client = cast.sign_in(ana)
    client.get("/people/")
    with django_assert_num_queries(6):
        page = client.get("/people/")
    assert len(page.context["people"]) == people


def test_fifty_at_a_time(cast: Cast, ana: Person) -> None:
    with cast.acting(ana):
        enter(ana, *(f"Fox {number}" for number in range(51)))
    client = cast.sign_in(ana)
    assert len(client.get("/people/").context["people"]) == 50
    assert [row[0] for row in table_of(client.get("/people/?page=2"))] == ["Fox 50"]


def test_nobody_else_sees_that_there_is_a_roster(cast: Cast, ana: Person, bo: Person, dee: Person) -> None:
    for who in (bo, dee):
        for address in ("/people/", "/people/table/", "/people/new/"):
            assert cast.sign_in(who).get(address).status_code == 404
    assert Client().get("/people/").headers["Location"] == "/account/login/?next=/people/"


def test_another_programme_has_another_roster(cast: Cast, ana: Person) -> None:
    _programme, token = found("Another Trust (invented)", "Elsewhere", "Eve", time_zone="Europe/Berlin")
    eve = cast.accept(token, "eve")
    with cast.acting(ana):
        enter(ana, "Quiet Fox")
    assert cast.sign_in(eve).get("/people/").context["people"] == []


def test_a_file_is_shown_before_it_is_taken_in(cast: Cast, ana: Person, cass: Person) -> None:
    client = cast.sign_in(ana)
    page = send(client, workbook((*HEAD, "Mix label"), (*FOX, ""), ("Cass", "ar", "tue-evening", "")))
    assert page.context["counts"] == {"refused": 0, "new": 1, "changed": 1, "unchanged": 0}
    assert [(row["number"], row["name"], row["label"], row["summary"]) for row in page.context["rows"]] == [
        (2, "Quiet Fox", "new", "member · English · Tuesday evening"),
        (3, "Cass", "changed", ""),
    ]
    assert page.context["rows"][1]["changes"] == [("Languages", "English", "Arabic")]
    assert RosterEntry.objects.count() == 1
    page = confirm(client, ana)
    assert page.redirect_chain == [("/people/", 302)]
    assert [str(message) for message in page.context["messages"]] == ["Taken in: 1 new, 1 changed, 0 as before."]
    assert [row[0] for row in table_of(page)] == ["Cass", "Quiet Fox"]


def test_rows_to_correct_come_first_and_nothing_can_be_taken_in(cast: Cast, ana: Person) -> None:
    client = cast.sign_in(ana)
    page = send(client, workbook(HEAD, FOX, ("Amber Lantern", "en", "thu-night")))
    assert [(row["number"], row["label"]) for row in page.context["rows"]] == [(3, "to correct"), (2, "new")]
    (problem,) = page.context["rows"][0]["problems"]
    assert problem.startswith("Row 3, column C (Availability): 'thu-night' is not a time of the week")
    assert b'name="confirm"' not in page.content
    page = confirm(client, ana)
    expected = "Nothing was taken in: some rows have to be corrected in your file first."
    assert [str(message) for message in page.context["messages"]] == [expected]
    assert not RosterEntry.objects.exists()


def test_who_is_kept_apart_is_on_no_page(cast: Cast, ana: Person) -> None:
    client = cast.sign_in(ana)
    page = send(client, workbook((*HEAD, "Keep apart"), (*FOX, "Amber Lantern"), (*LANTERN, "")))
    shown = page.content.decode().split("<tbody>")[1]
    assert shown.count("Amber Lantern") == 1
    confirm(client, ana)
    assert KeepApart.objects.count() == 1
    entry = RosterEntry.objects.order_by("pk")[0]
    for address in ("", "change/"):
        assert b"Amber Lantern" not in client.get(f"/people/{entry.person_id}/{address}").content


def test_a_no_keeps_nothing(cast: Cast, ana: Person) -> None:
    client = cast.sign_in(ana)
    send(client, workbook(HEAD, FOX))
    client.post("/people/table/", {"cancel": "1"})
    assert (RosterDraft.objects.count(), RosterEntry.objects.count()) == (0, 0)
    assert "form" in client.get("/people/table/").context


def test_a_yes_to_another_dry_run_than_the_last_is_not_taken(cast: Cast, ana: Person) -> None:
    client = cast.sign_in(ana)
    send(client, workbook(HEAD, FOX))
    first = RosterDraft.objects.get().pk
    send(client, workbook(HEAD, LANTERN))
    for number in (str(first), "x", "", "-1", "9" * 30):
        page = client.post("/people/table/", {"confirm": number}, follow=True)
        expected = "Nothing was taken in: this table is an old one by now. Send the file again."
        assert [str(message) for message in page.context["messages"]] == [expected]
    assert not RosterEntry.objects.exists()


def test_a_roster_that_moved_asks_for_the_file_again(cast: Cast, ana: Person) -> None:
    client = cast.sign_in(ana)
    send(client, workbook(HEAD, FOX))
    with cast.acting(ana):
        said = {"name": "Old Oak", "languages": ["en"], "slots": ["tue-evening"]}
        entries.enter_person(ana.programme, said, actor=ana)
    page = confirm(client, ana)
    expected = "Nothing was taken in: somebody else changed the roster meanwhile. Send the file again to compare it."
    assert [str(message) for message in page.context["messages"]] == [expected]
    assert (RosterDraft.objects.count(), RosterEntry.objects.count()) == (0, 1)


@pytest.mark.parametrize("rows", [2, 20])
def test_the_dry_run_costs_the_same_for_two_rows_and_for_twenty(
    cast: Cast, ana: Person, django_assert_num_queries: Counting, rows: int
) -> None:
    with cast.acting(ana):
        table = workbook(HEAD, *((f"Fox {number}", "en", "tue-evening") for number in range(rows)))
        draft_roster(ana.programme, read_roster(table), actor=ana)
    client = cast.sign_in(ana)
    client.get("/people/me/")
    with django_assert_num_queries(4):
        page = client.get("/people/table/")
    assert len(page.context["rows"]) == rows


def test_files_that_are_no_tables_are_said_in_words_and_leave_nothing(cast: Cast, ana: Person) -> None:
    client = cast.sign_in(ana)
    page = send(client, b"%PDF-1.7\x00", "table.pdf")
    assert page.context["problems"] == ["This is not a spreadsheet. Send an Excel workbook (.xlsx) or CSV."]
    page = send(client, b"")
    assert page.context["form"].errors["file"] == ["This file is empty."]
    page = send(client, b"x" * (4 * 1024 * 1024 + 1))
    assert page.context["form"].errors["file"] == ["This file is larger than 4 MB."]
    page = send(client, b"x" * (9 * 1024 * 1024))
    assert page.context["form"].errors["file"] == ["This file is larger than 4 MB."]
    page = client.post("/people/table/", {})
    assert page.context["form"].errors["file"] == ["Please choose a file."]
    assert not RosterDraft.objects.exists()


def test_what_a_file_says_is_shown_and_not_run(cast: Cast, ana: Person) -> None:
    page = send(cast.sign_in(ana), workbook((*HEAD, "<script>alert(1)</script>"), FOX))
    assert b"<script>alert" not in page.content
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in page.content


def test_a_draft_of_somebody_else_is_not_shown(acting: Acting, cast: Cast, ana: Person) -> None:
    with acting(ana):
        draft_roster(ana.programme, read_roster(workbook(HEAD, FOX)), actor=ana)
    _programme, token = found("Another Trust (invented)", "Elsewhere", "Eve", time_zone="Europe/Berlin")
    eve = cast.accept(token, "eve")
    client = cast.sign_in(eve)
    assert "form" in client.get("/people/table/").context
    client.post("/people/table/", {"cancel": "1", "confirm": RosterDraft.objects.get().pk})
    assert RosterDraft.objects.count() == 1

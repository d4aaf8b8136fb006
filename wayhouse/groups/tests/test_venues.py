"""Places: kept by coordinators, sealed, offered for new groups or not."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.actions import keep_venue, use_venue
from wayhouse.groups.models import Venue
from wayhouse.groups.tests.conftest import LIBRARY, AddVenue
from wayhouse.people.models import Person

Counted = Callable[..., Any]
LIST, NEW = "groups:venues", "groups:venue_new"
SENT: dict[str, Any] = {
    "name": "Library",
    "address": "1 Quay Lane",
    "area": "Harbourton / Old Mill",
    "slots": ["thu-evening", "tue-evening"],
    "rooms": "2",
    "step_free": "on",
}


@pytest.fixture
def desk(signed_in: SignedIn, ana: Person) -> Client:
    client = signed_in(ana)
    client.get(reverse(LIST))
    return client


def words(acting: Acting, ana: Person) -> list[dict[str, Any]]:
    with acting(ana):
        return [{word: getattr(venue, word) for word in LIBRARY} for venue in Venue.objects.all()]


def test_a_coordinator_keeps_a_venue_and_only_the_desk_reads_it(acting: Acting, ana: Person, bo: Person) -> None:
    with acting(ana):
        venue = keep_venue(ana.programme, LIBRARY, actor=ana)
        keep_venue(ana.programme, {"rooms": 3}, actor=ana, venue=venue)
    assert words(acting, ana) == [{**LIBRARY, "rooms": 3}]
    with acting(bo), pytest.raises(CannotOpen):
        _ = Venue.objects.get().name


def test_dee_may_neither_keep_nor_use_a_venue(acting: Acting, ana: Person, dee: Person, library: Venue) -> None:
    with acting(dee):
        with pytest.raises(PermissionDenied):
            keep_venue(dee.programme, LIBRARY, actor=dee)
        with pytest.raises(PermissionDenied):
            keep_venue(dee.programme, {"name": "Mine"}, actor=dee, venue=library)
        with pytest.raises(PermissionDenied):
            use_venue(library, in_use=False, actor=dee)
    assert words(acting, ana) == [LIBRARY]
    assert Venue.objects.get().in_use is True


def test_a_place_is_written_down_and_changed(acting: Acting, ana: Person, desk: Client) -> None:
    assert desk.post(reverse(NEW), SENT)["Location"] == reverse(LIST)
    written = {**LIBRARY, "area": "Harbourton/Old Mill", "slots": ["thu-evening", "tue-evening"]}
    assert words(acting, ana) == [written]
    there = reverse("groups:venue", args=[Venue.objects.get().pk])
    form = desk.get(there).context["form"]
    assert {name: form[name].value() for name in LIBRARY} == written
    assert desk.post(there, {**SENT, "name": "Mill", "step_free": ""}).status_code == 302
    assert words(acting, ana) == [{**written, "name": "Mill", "step_free": False}]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"address": ""}, ["address"]),
        ({"area": ""}, ["area"]),
        ({"area": "Quay Lane 1"}, ["area"]),
        ({"slots": []}, ["slots"]),
        ({"slots": ["tue-night"]}, ["slots"]),
        ({"rooms": "0"}, ["rooms"]),
        ({"online": "on", "address": "", "area": ""}, []),
    ],
)
def test_what_a_place_needs(desk: Client, change: dict[str, Any], wrong: list[str]) -> None:
    answer = desk.post(reverse(NEW), {**SENT, **change})
    assert list(answer.context["form"].errors if answer.status_code == 200 else []) == wrong
    assert Venue.objects.count() == (0 if wrong else 1)


def test_the_form_says_when_address_and_area_are_needed(desk: Client) -> None:
    page = desk.get(reverse(NEW)).content.decode()
    said = re.findall(r'<label for="id_(\w+)">[^<]* <span class="muted">\(([^)]*)\)', page)
    assert said == [(name, "needed unless it is online") for name in ("address", "area")]


def test_what_is_wrong_is_said_in_sentences_with_what_to_do(desk: Client) -> None:
    wrong = {"name": "x" * 324, "area": "Harbourton/Old Mill/North", "rooms": "two", "slots": "never"}
    assert desk.post(reverse(NEW), SENT | wrong).context["form"].errors == {
        "name": ["At most 60 characters, please. It has 324."],
        "area": ["Write it as Town/District, for example Harbourton/Old Mill."],
        "slots": ["This is not one of the answers. Please choose again."],
        "rooms": ["Please write a whole number, such as 3."],
    }


def test_a_place_is_used_no_longer_and_again(desk: Client, library: Venue) -> None:
    there = reverse("groups:use_venue", args=[library.pk])
    desk.post(there, {"in_use": "no"})
    assert Venue.objects.get().in_use is False
    assert "not in use" in desk.get(reverse(LIST)).content.decode()
    desk.post(there, {"in_use": "yes"})
    assert Venue.objects.get().in_use is True
    assert list(AuditLeaf.objects.filter(kind="venue.used").values_list("kind", flat=True)) == ["venue.used"] * 2


def test_without_a_place_the_list_says_what_to_do(desk: Client) -> None:
    page = desk.get(reverse(LIST)).content.decode()
    assert f'<a class="btn" href="{reverse(NEW)}">Add a place</a>' in page


def test_for_dee_there_are_no_places(signed_in: SignedIn, dee: Person, library: Venue) -> None:
    client = signed_in(dee)
    gets = [reverse(LIST), reverse(NEW), reverse("groups:venue", args=[library.pk])]
    assert [client.get(there).status_code for there in gets] == [404, 404, 404]
    posts = [*gets[1:], reverse("groups:use_venue", args=[library.pk])]
    assert [client.post(there, SENT).status_code for there in posts] == [404, 404, 404]
    assert Venue.objects.get().in_use is True


def test_the_list_asks_the_database_the_same_at_any_size(
    desk: Client, add_venue: AddVenue, django_assert_num_queries: Counted
) -> None:
    for first, last in ((0, 2), (2, 20)):
        for number in range(first, last):
            add_venue(name=f"Room {number}")
        with django_assert_num_queries(4):
            assert len(desk.get(reverse(LIST)).context["venues"]) == last
    there = reverse("groups:venue", args=[Venue.objects.all()[0].pk])
    with django_assert_num_queries(4):
        desk.get(there)

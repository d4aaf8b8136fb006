from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from conftest import Acting, Cast
from wayhouse.audit.models import AuditLeaf
from wayhouse.people.actions import choose_language
from wayhouse.people.models import Person


def test_the_page_shows_ones_own_name_and_roles(cast: Cast, cass: Person) -> None:
    page = cast.sign_in(cass).get("/people/me/")
    assert (page.context["name"], page.context["roles"], page.context["paused"]) == ("Cass", "member", False)
    assert b"<title>My page" in page.content


def test_everything_that_is_kept_is_listed_with_who_can_read_it(cast: Cast, cass: Person, bo: Person) -> None:
    for who, kinds in ((cass, 29), (bo, 26)):
        kept = cast.sign_in(who).get("/people/me/").context["kept"]
        assert len({row.what for row in kept}) == kinds
        assert all(all(row) for row in kept)


def test_the_page_costs_four_questions(
    cast: Cast, cass: Person, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    client = cast.sign_in(cass)
    with django_assert_num_queries(4):
        client.get("/people/me/")


def test_a_break_and_the_way_back_are_one_tap_each(cast: Cast, cass: Person) -> None:
    client = cast.sign_in(cass)
    page = client.post("/people/me/pause/", follow=True)
    assert Person.objects.get(pk=cass.pk).status == Person.Status.PAUSED
    assert page.context["paused"] is True
    thanks = "Thank you for telling us. Your seat stays yours for eight weeks. You come back with one tap, here."
    assert [str(message) for message in page.context["messages"]] == [thanks]
    page = client.post("/people/me/back/", follow=True)
    assert Person.objects.get(pk=cass.pk).status == Person.Status.ACTIVE
    assert [str(message) for message in page.context["messages"]] == ["Good to have you back."]


def test_a_second_tap_does_no_harm(cast: Cast, cass: Person) -> None:
    client = cast.sign_in(cass)
    for _tap in range(2):
        assert client.post("/people/me/pause/").status_code == 302
    assert AuditLeaf.objects.filter(kind="person.paused").count() == 1


def test_a_link_cannot_make_somebody_pause(cast: Cast, cass: Person) -> None:
    for address in ("pause", "back", "language"):
        assert cast.sign_in(cass).get(f"/people/me/{address}/").status_code == 405


def test_messages_come_in_the_language_one_chooses(cast: Cast, cass: Person) -> None:
    client = cast.sign_in(cass)
    client.post("/people/me/language/", {"language": "ar"})
    assert Person.objects.get(pk=cass.pk).language == "ar"
    client.post("/people/me/language/", {"language": "xx"})
    assert Person.objects.get(pk=cass.pk).language == "ar"


def test_dee_does_not_choose_for_cass(acting: Acting, cass: Person, dee: Person) -> None:
    with acting(dee), pytest.raises(PermissionDenied):
        choose_language(cass, "de", actor=dee)
    assert Person.objects.get(pk=cass.pk).language == "en"
    with acting(cass), pytest.raises(ValueError, match="does not speak"):
        choose_language(cass, "tlh", actor=cass)

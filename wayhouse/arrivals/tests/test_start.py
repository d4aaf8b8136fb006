from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conftest import Acting, SignedIn
from wayhouse.arrivals import orienting
from wayhouse.arrivals.models import Step
from wayhouse.groups.models import Group
from wayhouse.people.models import Person


def test_the_waiting_room_until_there_is_a_seat(
    signed_in: SignedIn, cass: Person, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cass)
    assert "/start/" in client.get("/").content.decode()
    with django_assert_max_num_queries(8):
        text = client.get("/start/").content.decode()
    assert ("What happens next" in text, text.count("talked about")) == (True, 0)


def test_with_a_seat_it_says_so(signed_in: SignedIn, cass: Person, tuesday: Group) -> None:
    assert "What happens next" not in signed_in(cass).get("/start/").content.decode()


def test_ana_goes_through_the_talk_and_cass_sees_how_far_it_is(signed_in: SignedIn, ana: Person, cass: Person) -> None:
    coordinator, page = signed_in(ana), f"/start/{cass.pk}/"
    assert page in coordinator.get(f"/people/{cass.pk}/").content.decode()
    for step in ("voluntary", "avoid", "avoid"):
        coordinator.post(f"{page}{step}/")
    assert coordinator.post(f"{page}beliefs/").status_code == 404
    assert signed_in(cass).get("/start/").content.decode().count("talked about") == 2
    coordinator.post(f"{page}avoid/", {"undo": "1"})
    assert list(Step.objects.values_list("person", "kind", "done_on")) == [(cass.pk, "voluntary", timezone.localdate())]


def test_nobody_else_ticks_anything(
    signed_in: SignedIn, acting: Acting, ana: Person, cass: Person, dee: Person
) -> None:
    with pytest.raises(PermissionDenied):
        orienting.take_step(cass, Step.Kind.NEEDS, actor=dee)
    assert signed_in(dee).get(f"/start/{cass.pk}/").status_code == 404
    assert signed_in(ana).get("/start/").status_code == 404
    assert signed_in(ana).get(f"/start/{ana.pk}/").status_code == 404


def test_what_is_held_about_somebody_says_which_steps_were_taken(
    signed_in: SignedIn, acting: Acting, ana: Person, cass: Person
) -> None:
    orienting.take_step(cass, Step.Kind.NEEDS, actor=ana)
    signed_in(cass).post("/start/apart/", {"names": "Dee"})
    text = signed_in(cass).get("/mine/").content.decode()
    assert ("What you need to be there" in text, "Dee" in text) == (True, True)

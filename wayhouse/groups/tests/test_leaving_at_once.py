"""Leaving a group never waits for a second step, whatever else somebody does here by now."""

from django.urls import reverse

from conftest import Cast
from wayhouse.groups.models import Group
from wayhouse.people.models import Person


def test_who_mentors_by_now_leaves_their_group_without_one(cast: Cast, tuesday: Group, cass: Person) -> None:
    cass.roles.create(kind="mentor")
    client = cast.sign_in(cass, second_step=False)
    assert client.get("/").headers["Location"] == "/account/?step"
    client.post(reverse("groups:leave_group", args=[tuesday.pk]))
    assert not tuesday.seats.current().filter(person=cass).exists()

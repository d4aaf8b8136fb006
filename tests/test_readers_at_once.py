"""Something is raised while somebody who answers leaves: nobody on their way out reads it, and two others do."""

import pytest
from test_at_once import at_once

from conftest import Cast
from wayhouse.groups.tests.conftest import real_database  # noqa: F401  a fixture
from wayhouse.leaving.actions import leave
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding.models import Concern
from wayhouse.safeguarding.posts import appoint, readers_of
from wayhouse.safeguarding.protocol import Kind, Level, Post
from wayhouse.safeguarding.raising import Report, raise_concern


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_database")
def test_raised_while_a_reader_leaves_it_keeps_two(cast: Cast, ana: Person, bo: Person) -> None:
    posts = {"sol": Post.LEAD, "dot": Post.DEPUTY, "tru": Post.TRUSTEE}
    team = {handle: cast.enter(handle, Role.Kind.SAFEGUARDING_LEAD, ana) for handle in posts}
    with cast.acting(ana):
        for handle, post in posts.items():
            appoint(team[handle], post, "name", actor=ana)

    def tell() -> None:
        with cast.acting(bo):
            raise_concern(Report(Level.THIS_WEEK, Kind.AT_RISK, "unsure"), actor=bo)

    def go() -> None:
        with cast.acting(team["dot"]):
            leave(team["dot"], actor=team["dot"])

    assert at_once([[tell] * 6, [go]]) == []
    read = readers_of(list(Concern.objects.values_list("scope", flat=True)))
    assert sorted(read.values()) == [2] * 6
    assert not Concern.objects.filter(scope__belongings__person=team["dot"]).exists()

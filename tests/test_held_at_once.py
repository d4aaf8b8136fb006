"""Records are held and erased at the same moment: what is said of it is what happened."""

from functools import partial

import pytest
from test_at_once import at_once

from conftest import Cast
from wayhouse.groups.tests.conftest import real_database  # noqa: F401  a fixture
from wayhouse.leaving.actions import erase
from wayhouse.people import holds
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding.demands import Asked, enter_demand, take_move
from wayhouse.safeguarding.models import Concern
from wayhouse.safeguarding.posts import appoint
from wayhouse.safeguarding.protocol import Kind, Level, Post
from wayhouse.safeguarding.protocol.demands import Move, NotPossible
from wayhouse.safeguarding.raising import Report, raise_concern


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_database")
def test_signed_by_two_and_erased_at_the_same_moment_it_is_one_or_the_other(
    cast: Cast, ana: Person, bo: Person, cass: Person
) -> None:
    team = {handle: cast.enter(handle, Role.Kind.SAFEGUARDING_LEAD, ana) for handle in ("sol", "dot", "dia")}
    with cast.acting(ana):
        for who, post in zip(team.values(), (Post.LEAD, Post.DEPUTY, Post.DIRECTOR), strict=True):
            appoint(who, post, "name", actor=ana)
    report = Report(Level.THIS_WEEK, Kind.LEGAL_DEMAND, "seat", about_person=str(cass.pk), about_name="Cass")
    with cast.acting(bo):
        made = raise_concern(report, actor=bo)
    concern = Concern.objects.select_related("item", "programme").get(pk=made.pk)
    with cast.acting(team["sol"]):
        demand = enter_demand(Asked("a", "b", "c", "d", people=[concern]), actor=team["sol"])
        take_move(demand, Move.HOLD, {"reason": "why", "again": "2199-06-01"}, actor=team["sol"])
        waits = demand.entries.get()

    def sign(who: Person) -> None:
        with cast.acting(who):
            take_move(demand, Move.CONFIRM, {"proposal": str(waits.pk)}, actor=who)

    def go() -> None:
        with cast.acting(cass):
            erase(cass, actor=cass)

    wrong = at_once([[partial(sign, team["dot"])], [partial(sign, team["dia"])], [go]])
    demand.refresh_from_db()
    here, held = Person.objects.filter(pk=cass.pk).exists(), holds.held_ids() == {cass.pk}
    # One signature is one too many; where the erasing was first, both are.
    assert (here, [type(error) for error in wrong]) in [(True, [NotPossible]), (False, [NotPossible, NotPossible])]
    assert (demand.held, held) == (here, here)

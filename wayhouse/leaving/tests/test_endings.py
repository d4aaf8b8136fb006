"""An ending is carried out when the time to appeal is over, and not while somebody else has to decide."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conftest import Cast
from wayhouse.crypto.models import Scope
from wayhouse.groups.models import Group, Seat
from wayhouse.leaving.actions import erase
from wayhouse.leaving.endings import _carry_out, carry_out_endings
from wayhouse.leaving.held import held_about
from wayhouse.people.actions import come_back
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding import conduct
from wayhouse.safeguarding.conduct import CONDUCT, Decided
from wayhouse.safeguarding.models import Concern, ConductStep
from wayhouse.safeguarding.posts import appoint
from wayhouse.safeguarding.protocol import Kind, Level, Post
from wayhouse.safeguarding.protocol.conduct import Deed, Place, Rung
from wayhouse.safeguarding.raising import Report, raise_concern

POSTS = {"sol": Post.LEAD, "dot": Post.DEPUTY, "dia": Post.DIRECTOR}


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_an_ending_waits_for_the_appeal_and_then_for_nobody(
    cast: Cast, tuesday: Group, ana: Person, bo: Person, cass: Person
) -> None:
    team = {handle: cast.enter(handle, Role.Kind.SAFEGUARDING_LEAD, ana) for handle in POSTS}
    with cast.acting(ana):
        for handle, post in POSTS.items():
            appoint(team[handle], post, handle, actor=ana)
    report = Report(Level.CONDUCT, Kind.CONDUCT, "seat", about_person=str(cass.pk), about_name="Cass")
    with cast.acting(bo):
        made = raise_concern(report, actor=bo)
    concern = Concern.objects.select_related("item", "programme", "scope").get(pk=made.pk)
    with cast.acting(team["sol"]):
        conduct.take_conduct_step(concern, Decided(Rung.TALK, "You hit somebody."), actor=team["sol"])
        ending = Decided(Rung.ENDING, "You hit somebody again.", signpost="The advice line")
        step = conduct.take_conduct_step(concern, ending, actor=team["sol"])
    with cast.acting(team["dot"]):
        step = conduct.do_with_step(step, Deed.CONFIRM, {}, actor=team["dot"])
    assert step.appeal_until is not None
    with cast.acting(cass):
        conduct.answer_step(step, Deed.APPEAL, {"words": "It was not me."}, actor=cass)
    with time_machine.travel(step.appeal_until + timedelta(seconds=1), tick=False):
        assert (carry_out_endings(), _carry_out(step.pk, cass.pk)) == (0, False)
        with cast.acting(team["dia"]):
            conduct.do_with_step(step, Deed.UPHOLD, {"reason": "Three saw it."}, actor=team["dia"])
    with time_machine.travel(step.appeal_until - timedelta(seconds=1), tick=False):
        assert (carry_out_endings(), Seat.objects.current().filter(person=cass).exists()) == (0, True)
    with time_machine.travel(step.appeal_until, tick=False):
        assert (carry_out_endings(), carry_out_endings()) == (1, 0)
    assert not Seat.objects.current().filter(person=cass).exists()
    assert (fresh(cass).status, ConductStep.objects.get(pk=step.pk).place) == (Person.Status.LEFT, Place.OVER)
    # Nobody comes back with one tap from an ending; the reasons stay in reach, and are in the copy.
    with pytest.raises(PermissionDenied):
        come_back(fresh(cass), actor=fresh(cass))
    with cast.acting(cass):
        told = held_about(fresh(cass), words=True).conduct
        assert [(one.step, one.words[0]) for one in told][-1] == ("Ending", "You hit somebody again.")
        assert told[0].on == timezone.localdate()
        erase(fresh(cass), actor=fresh(cass))
    assert not ConductStep.objects.exists()
    assert not Scope.objects.filter(kind=CONDUCT).exists()

"""Who reads a concern, who is kept out of it, and what changes with the posts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from conftest import Cast
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding import steps
from wayhouse.safeguarding.board import how_many
from wayhouse.safeguarding.models import Appointment, Concern
from wayhouse.safeguarding.posts import appoint, to_call
from wayhouse.safeguarding.protocol import Event, NotAllowed, Post, State
from wayhouse.safeguarding.raising import raise_concern, raise_unnamed
from wayhouse.safeguarding.refusals import TooFewReaders
from wayhouse.safeguarding.tests.conftest import L1, appointed
from wayhouse.safeguarding.tests.test_concerns import fresh, go, reads

Team = dict[str, Person]
Raised = Callable[..., Concern]


def test_whom_it_is_about_neither_reads_it_nor_is_called_nor_let_in(cast: Cast, team: Team, raised: Raised) -> None:
    sol, dot, dia = team["sol"], team["dot"], team["dia"]
    # Dot was chosen by her name, as somebody who sits in the raiser's group.
    concern = raised(replace(L1, about_person=str(dot.pk), about_name="Dot"))
    assert {name for name, who in team.items() if reads(cast, who, concern.item)} == {"sol", "dia"}
    assert dot not in to_call(concern)
    with cast.acting(sol), pytest.raises(PermissionDenied):
        steps.let_colleague_in(fresh(concern), dot, actor=sol)
    by_post = raised(L1, (Post.LEAD,))
    with cast.acting(dia), pytest.raises(PermissionDenied):
        steps.let_colleague_in(fresh(by_post), sol, actor=dia)


def test_whoever_raises_it_is_not_the_first_to_be_called(cast: Cast, team: Team) -> None:
    sol, dot = team["sol"], team["dot"]
    with cast.acting(sol):
        assert raise_concern(L1, actor=sol).calls.get().person == dot
        # Without a name she is called like anybody: skipping her would tell who it was.
        unnamed, _code = raise_unnamed(L1, actor=sol)
        assert unnamed.calls.get().person == sol
        assert raise_concern(L1, without=(Post.DEPUTY, Post.DIRECTOR), actor=sol).calls.get().person == team["tru"]


def test_before_somebody_has_it_only_who_is_on_call_says_that_it_is_an_error(
    cast: Cast, team: Team, ana: Person, raised: Raised
) -> None:
    eve, strike = appointed(cast, ana, "eve", Post.DEPUTY), (Event.STRIKE, {"reason": "mixed up"}, None)
    concern = raised()
    with pytest.raises(NotAllowed):
        go(cast, eve, concern, strike)
    assert concern.timers.running().exists()
    go(cast, team["dot"], concern, (Event.ACKNOWLEDGE, {}, None))
    assert go(cast, eve, concern, strike).state == State.RAISED_IN_ERROR


def test_no_post_ends_while_fewer_than_two_would_read_what_is_open(
    cast: Cast, team: Team, ana: Person, raised: Raised
) -> None:
    sol, concern, coordinating = team["sol"], raised(), cast.sign_in(ana)
    eve = appointed(cast, ana, "eve", Post.DEPUTY)
    end = [
        reverse("safeguarding:end_post", args=[Appointment.objects.get(person=team[who]).pk]) for who in ("dot", "sol")
    ]
    coordinating.post(end[0])
    answer = coordinating.post(end[1], follow=True)
    assert "fewer than two people who can read it" in answer.content.decode()
    with cast.acting(ana), pytest.raises(TooFewReaders):
        appoint(eve, Post.LEAD, "Eve", actor=ana)
    assert (reads(cast, sol, concern.item), reads(cast, eve, concern.item)) == (True, False)
    address = reverse("safeguarding:concern", args=[concern.pk])
    page = cast.sign_in(sol)
    assert "Eve, deputy" in page.get(address).content.decode()
    page.post(address + "colleague/", {"colleague": str(eve.pk)})
    assert reads(cast, eve, concern.item)
    # Whoever is replaced reads no more, at once.
    with cast.acting(ana):
        appoint(eve, Post.LEAD, "Eve", actor=ana)
    assert not reads(cast, sol, concern.item)
    assert sol not in to_call(concern)
    assert how_many(sol) == (0, 0)
    page = cast.sign_in(sol)
    assert page.get(address).status_code == 404
    assert page.get(reverse("safeguarding:board")).status_code == 302
    assert page.get(reverse("safeguarding:posts")).status_code == 404


def test_only_a_post_that_is_held_shows_open_concerns(cast: Cast, team: Team, raised: Raised) -> None:
    raised()
    sol = team["sol"]
    assert how_many(sol) == (1, 0)
    # The keys may outlast the post, where it ended without this house.
    Appointment.objects.filter(person=sol).update(until_on=timezone.localdate())
    assert how_many(sol) == (0, 0)
    assert not Concern.objects.visible_to(sol).exists()


def test_where_no_reader_is_left_those_who_came_later_are_called(
    cast: Cast, clock: time_machine.Traveller, team: Team, ana: Person, raised: Raised
) -> None:
    concern = raised(L1, (Post.DEPUTY,))
    clock.shift(timedelta(days=1))
    Role.objects.filter(person__in=[team["sol"], team["dia"]]).update(until_on=timezone.localdate())
    eve = appointed(cast, ana, "eve", Post.DEPUTY)
    # Not Dot, from whom it was kept.
    assert to_call(concern) == [eve]

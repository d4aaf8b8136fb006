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
from wayhouse.groups.opening import lacking_to_open
from wayhouse.people.entries import NO_ENTRY, change_entry
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding import steps
from wayhouse.safeguarding.board import how_many
from wayhouse.safeguarding.drills import begin_drill
from wayhouse.safeguarding.models import Appointment, Concern, OnCall
from wayhouse.safeguarding.posts import appoint, to_call
from wayhouse.safeguarding.protocol import Event, NotAllowed, Post, State
from wayhouse.safeguarding.raising import raise_concern, raise_unnamed
from wayhouse.safeguarding.refusals import TooFewReaders
from wayhouse.safeguarding.tests.conftest import L1, LATE, appointed
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


def test_nobody_says_alone_that_it_is_an_error(cast: Cast, team: Team, raised: Raised, bo: Person) -> None:
    sol, dot, strike = team["sol"], team["dot"], (Event.STRIKE, {"reason": "mixed up"}, None)
    concern = raised()
    # Nobody has said that it arrived: not even whoever is on call ends its clocks.
    with pytest.raises(NotAllowed):
        go(cast, sol, concern, strike)
    go(cast, sol, concern, (Event.ACKNOWLEDGE, {}, None))
    with pytest.raises(NotAllowed):
        go(cast, sol, concern, strike)
    assert concern.timers.running().exists()
    page = cast.sign_in(sol).post(reverse("safeguarding:take_step", args=[concern.pk, "strike"]), {"reason": "x"})
    assert "Two say this" in page.content.decode()
    assert go(cast, dot, concern, strike).state == State.RAISED_IN_ERROR
    # A drill is about nobody.
    with cast.acting(sol):
        drill = begin_drill(sol.programme, actor=sol).concern
    assert go(cast, sol, drill, (Event.ACKNOWLEDGE, {}, None), strike).state == State.RAISED_IN_ERROR


def test_a_role_does_not_end_while_fewer_than_two_would_read_what_is_open(
    cast: Cast, team: Team, ana: Person, raised: Raised
) -> None:
    dot, dia = team["dot"], team["dia"]
    raised(L1, (Post.LEAD,))
    coordinating = cast.sign_in(ana)
    address = reverse("people:end_role", args=[dot.pk, Role.Kind.SAFEGUARDING_LEAD])
    page = coordinating.post(address, follow=True).content.decode()
    assert "others depend on this role now" in page
    assert set(Appointment.objects.current().filter(person__in=[dot, dia]).values_list("person", flat=True)) == {
        dot.pk, dia.pk
    }  # fmt: skip
    # The roster ends no role behind their backs either.
    with cast.acting(ana):
        change_entry(dot, {"name": "Dot", "role": str(Role.Kind.SAFEGUARDING_LEAD)}, version=NO_ENTRY, actor=ana)
    entry = reverse("people:change_entry", args=[dot.pk])
    shown = coordinating.get(entry).context["form"].initial
    kept = {name: value for name, value in shown.items() if value not in (None, "")}
    said = kept | {"role": "member", "languages": "English", "slots": ["tue-evening"]}
    page = coordinating.post(entry, said).content.decode()
    assert "others depend on this role now" in page
    assert dot.roles.get(until_on=None).kind == Role.Kind.SAFEGUARDING_LEAD
    # A post goes with its role where two are left, and the days on call with it.
    coordinating.post(reverse("people:end_role", args=[team["sol"].pk, Role.Kind.SAFEGUARDING_LEAD]))
    assert not Appointment.objects.filter(person=team["sol"], until_on=None).exists()
    assert not OnCall.objects.filter(person=team["sol"], day__gt=LATE.date()).exists()
    assert lacking_to_open(ana.programme)[:2] == ["lead", "rota"]


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

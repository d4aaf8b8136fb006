"""Aftercare without a word, a note without anybody, figures that lead to no concern."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from conftest import Cast
from wayhouse.core import clock as now
from wayhouse.people.models import Person
from wayhouse.safeguarding import figures, talking
from wayhouse.safeguarding.figures import Took, figure, figures_of
from wayhouse.safeguarding.learning import finished_since, write_learning_note
from wayhouse.safeguarding.models import Concern, LearningNote, Message, Timeliness
from wayhouse.safeguarding.protocol import Duty, Kind, Level, Post, State
from wayhouse.safeguarding.raising import Report
from wayhouse.safeguarding.refusals import TooFewConcerns
from wayhouse.safeguarding.tests.conftest import L1
from wayhouse.safeguarding.tests.test_concerns import WAY, fresh, go

Team = dict[str, Person]
Raised = Callable[..., Concern]
TICKS = dict.fromkeys(("no_names", "no_places", "nobody_finds_themselves", "of_several", "nothing_kept_apart"), "on")


def url(name: str, *args: object) -> str:
    return reverse(f"safeguarding:{name}", args=args)


def took(minutes: int, *, met: bool = True, at_night: bool = False) -> Took:
    return Took(Level.NOW, Duty.ACKNOWLEDGE, minutes, met, at_night)


def test_fewer_than_five_are_no_figure_and_no_part_tells_the_other() -> None:
    asked = (Level.NOW, Duty.ACKNOWLEDGE)
    assert figure(*asked, [took(4)] * 4) is None
    five = figure(*asked, [took(4), took(5), took(6), took(30, met=False), took(7)])
    assert five == figures.Figure(*asked, band=(5, 9), share=80, minutes=6)
    lopsided = figure(*asked, [took(5)] * 9 + [took(30, met=False, at_night=True)] * 4)
    assert lopsided is not None
    assert (lopsided.band, lopsided.share, lopsided.by_day, lopsided.by_night) == ((10, 19), 70, None, None)
    both = figure(*asked, [took(5)] * 15 + [took(30, met=False, at_night=True)] * 5)
    assert both is not None
    assert (both.share, both.by_day, both.by_night) == (75, 100, 0)
    many = figure(*asked, [took(5)] * 100)
    assert many is not None
    assert many.band == (100, None)


def test_a_half_year_stands_there_when_it_is_over_since_a_month(
    cast: Cast, clock: time_machine.Traveller, team: Team, ana: Person, raised: Raised, bo: Person
) -> None:
    for _each in range(5):
        go(cast, team["sol"], raised(), WAY[0])
    # What was kept from somebody, whoever it is, is not counted: the number would tell them that it exists.
    go(cast, team["dot"], raised(L1, (Post.LEAD,)), WAY[0])
    assert Timeliness.objects.count() == 5
    clock.move_to("2027-01-31T12:00:00+01:00")
    assert figures_of(ana.programme) == []
    clock.move_to("2027-02-01T12:00:00+01:00")
    (latest,) = figures_of(ana.programme)
    assert (latest.begins, latest.ends, len(latest.figures)) == (date(2026, 7, 1), date(2026, 12, 31), 1)
    for who in (ana, team["sol"]):
        assert "5 to 9" in cast.sign_in(who).get(url("figures")).content.decode()
    assert cast.sign_in(bo).get(url("figures")).status_code == 404


def test_aftercare_is_a_tick_and_never_a_word(cast: Cast, team: Team, raised: Raised, bo: Person) -> None:
    concern, bos, sol = raised(), cast.sign_in(bo), cast.sign_in(team["sol"])
    bos.post(url("aftercare", concern.pk), {"answer": "had"})
    assert "A talk about it took place" in sol.get(url("concern", concern.pk)).content.decode()
    assert "A talk about it took place" in bos.get(url("own", concern.pk)).content.decode()
    with cast.acting(bo):
        said, tick = talking.said_in(fresh(concern))
        assert (said, tick) == ([], talking.HAD)
        assert Message.objects.get().words == ""
    with cast.acting(team["sol"]), pytest.raises(PermissionDenied):
        talking.tick_aftercare(concern, took_place=True, actor=team["sol"])
    sol.post(url("cared_for", concern.pk))
    assert "Had somebody to talk to about it" in sol.get(url("concern", concern.pk)).content.decode()
    assert "Had somebody" not in bos.get(url("own", concern.pk)).content.decode()


def test_a_note_needs_five_finished_ones_and_every_line_of_the_list(
    cast: Cast, clock: time_machine.Traveller, team: Team, ana: Person, raised: Raised
) -> None:
    report = Report(Level.CONDUCT, Kind.CONDUCT, "unsure")
    sol, page = team["sol"], cast.sign_in(team["sol"])
    for number in range(6):
        made = raised(report, (Post.DEPUTY,) if number == 5 else ())
        this, today = Concern.objects.filter(pk=made.pk), now.today()
        # One that is open again, and one of a drill, were finished as well and do not count.
        for state, drill, counted in ((made.state, False, 0), (State.CLOSED, True, 0), (State.CLOSED, False, 1)):
            this.update(state=state, is_drill=drill, closed_on=today)
            with cast.acting(sol):
                assert len(finished_since(sol)) == min(number + counted, 5)
        if number == 3:
            with cast.acting(sol), pytest.raises(TooFewConcerns):
                write_learning_note("Call first.", actor=sol)
            assert "As soon as five concerns are finished" in page.get(url("learning")).content.decode()
            page.post(url("learning"), {"words": "Call first.", **TICKS})
    assert not LearningNote.objects.exists()
    for missing in TICKS:
        page.post(
            url("learning"), {"words": "Call first.", **{name: on for name, on in TICKS.items() if name != missing}}
        )
    assert not LearningNote.objects.exists()
    page.post(url("learning"), {"words": "Call first.", **TICKS})
    assert LearningNote.objects.get().until_on == now.today()
    assert "Call first." in cast.sign_in(ana).get(url("learning")).content.decode()
    clock.shift(timedelta(days=1))
    with cast.acting(sol):
        assert finished_since(sol) == []

"""Days: those that are closed, and those on which something is looked at again."""

from collections.abc import Callable
from datetime import date, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from conftest import Cast
from wayhouse.notices.models import Notice
from wayhouse.people import holds
from wayhouse.people.actions import leave
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding import conduct_clock, law, left_alone, looking_again, parting
from wayhouse.safeguarding.closed import MOST_A_YEAR, mark_days, unmark_day
from wayhouse.safeguarding.closed_names import NAMES, in_words
from wayhouse.safeguarding.conduct import Decided
from wayhouse.safeguarding.models import ClosedDay, Concern, ConductStep, DayToCome, Demand
from wayhouse.safeguarding.posts import appoint, kept_by
from wayhouse.safeguarding.protocol import Duty, Kind, Level, Post
from wayhouse.safeguarding.protocol.conduct import OVER_AFTER, Deed, Place, Rung
from wayhouse.safeguarding.protocol.demands import Matter, Move
from wayhouse.safeguarding.raising import Report
from wayhouse.safeguarding.refusals import TooManyClosed
from wayhouse.safeguarding.tests import test_conduct, test_demands
from wayhouse.safeguarding.tests.conftest import LATE, appointed

Team = dict[str, Person]
TALK = Decided(Rung.TALK, "You shouted.")
WEEKLY = Report(Level.THIS_WEEK, Kind.AT_RISK, "seat", "words")


def due(concern: Concern, duty: Duty) -> str:
    return concern.timers.get(duty=duty).due_at.date().isoformat()


def test_closed_days_lengthen_what_counts_working_days_and_nothing_else(
    cast: Cast, clock: time_machine.Traveller, team: Team, ana: Person, bo: Person, raised: Callable[..., Concern]
) -> None:
    # Seven working days from Tuesday, 22 December: without Christmas, its second day is a Saturday, and New Year.
    clock.move_to(LATE + timedelta(weeks=3))
    assert due(raised(WEEKLY), Duty.PLAN) == "2027-01-04"
    for actor, first in ((team["dot"], "2026-12-28"), (bo, "2026-12-28")):
        with pytest.raises(PermissionDenied):
            mark_days(date.fromisoformat(first), date(2026, 12, 31), works=False, actor=actor)
    assert mark_days(date(2026, 12, 28), date(2027, 1, 3), works=False, actor=ana) == 5
    mark_days(date(2027, 1, 1), date(2027, 1, 1), works=True, actor=team["sol"])
    weekly = raised(WEEKLY)
    assert (due(weekly, Duty.PLAN), due(weekly, Duty.AFTERCARE)) == ("2027-01-07", "2026-12-24")
    # Limits cannot be made longer without end, nor of what is past.
    with pytest.raises(TooManyClosed):
        mark_days(date(2027, 2, 1), date(2027, 2, 1) + timedelta(days=7 * MOST_A_YEAR // 5 + 2), works=False, actor=ana)
    with pytest.raises(ValueError, match="before they come"):
        mark_days(date(2026, 12, 22), date(2026, 12, 22), works=False, actor=ana)
    assert ClosedDay.objects.count() == 5
    browser = cast.sign_in(ana)
    page = browser.get(reverse("safeguarding:closed_days")).content.decode()
    assert all(name in page for name in ("Christmas Day", "we work", "entered by hand", "Compared with its source"))
    browser.post(reverse("safeguarding:closed_days"), {"first": "2027-03-01", "what": "closed"})
    added = ClosedDay.objects.get(day=date(2027, 3, 1))
    browser.post(reverse("safeguarding:unmark_day", args=[added.pk]))
    assert not ClosedDay.objects.filter(pk=added.pk).exists()
    unmark_day(ClosedDay.objects.get(day=date(2027, 1, 1)), actor=team["dia"])
    assert due(raised(WEEKLY), Duty.PLAN) == "2027-01-08"


def parted(person: Person) -> None:
    with transaction.atomic():
        parting.part(person)
        leave(person, actor=person)


def called(clock: time_machine.Traveller, day: str) -> set[str]:
    """Whom the worker calls on a day, whenever it comes; a second round on the same day calls nobody."""
    clock.move_to(f"{day}T10:00:00+01:00")
    before = set(Notice.objects.values_list("pk", flat=True))
    looking_again.run()
    found = Notice.objects.exclude(pk__in=before).filter(once__startswith="look:")
    names = {str(pk) for pk in found.values_list("person_id", flat=True)}
    assert looking_again.run() == 0
    return names


def test_a_demand_and_a_hold_call_those_who_read_them_until_somebody_looks(
    cast: Cast, clock: time_machine.Traveller, team: Team, ana: Person, bo: Person
) -> None:
    with cast.acting(team["sol"]):
        concern = test_demands.about(cast, bo, bo)
    ask = {**test_demands.ASKED, "until": "2026-12-14", "people": [concern.pk], "from": concern.pk}
    cast.sign_in(team["sol"]).post(reverse("safeguarding:enter_demand"), ask)
    demand = Demand.objects.select_related("item", "scope", "programme").get()
    readers = {str(team[name].pk) for name in ("sol", "dot", "dia")}
    go = test_demands.go
    # On the working day before the day, not at the weekend between, and each working day after it.
    days = ("2026-12-10", "2026-12-11", "2026-12-13", "2026-12-14")
    assert [called(clock, day) for day in days] == [set(), readers, set(), readers]
    board = cast.sign_in(team["dot"]).get(reverse("safeguarding:board")).content.decode()
    assert ("An authority waits until then" in board, reverse("safeguarding:demand", args=[demand.pk]) in board) == (
        True,
        True,
    )
    assert b"2026" not in bytes(DayToCome.objects.get().box)
    demand = go(cast, team["sol"], demand, Move.CHECK, (Move.PROPOSE, Matter.NOTHING))
    demand = go(cast, team["sol"], go(cast, team["dot"], demand, Move.CONFIRM), Move.REFUSE)
    assert called(clock, "2026-12-15") == set()
    # A hold, until two say that it stays, and until when.
    demand = go(cast, team["dia"], go(cast, team["sol"], demand, Move.HOLD), Move.CONFIRM)
    assert [called(clock, day) for day in ("2027-05-31", "2027-06-01", "2027-06-02")] == [set(), readers, readers]
    test_demands.WORDS["again"], kept = "2027-09-01", test_demands.WORDS["again"]
    demand = go(cast, team["dot"], go(cast, team["sol"], demand, Move.STAY), Move.CONFIRM)
    assert (demand.held, [one.again.isoformat() for one in holds.holds_of(bo.pk)]) == (True, ["2027-09-01"])
    # An order to be silent, and a hold, outlast the demand.
    demand = go(cast, team["sol"], demand, Move.MAY_NOT_TELL, Move.CLOSE)
    test_demands.WORDS["again"] = kept
    assert [called(clock, day) for day in ("2027-08-31", "2027-09-01")] == [set(), readers]
    assert DayToCome.objects.count() == 2
    demand = go(cast, team["sol"], demand, Move.TELL, Move.LIFT)
    go(cast, team["dot"], demand, Move.CONFIRM)
    assert not DayToCome.objects.exists()


def test_a_step_calls_those_who_did_not_decide_it(
    cast: Cast, clock: time_machine.Traveller, team: Team, ana: Person, bo: Person
) -> None:
    concern = test_conduct.about(cast, team["dot"], bo)
    step = test_conduct.decided(cast, team["sol"], concern, test_conduct.AGREED)
    others = {str(team[name].pk) for name in ("dot", "dia")}
    assert [called(clock, day) for day in ("2026-12-09", "2026-12-10", "2026-12-11")] == [set(), others, others]
    assert looking_again.days_for(bo) == []
    step = test_conduct.do(cast, team["dot"], step, Deed.KEEP)
    assert called(clock, "2026-12-14") == set()
    second = test_conduct.decided(cast, team["sol"], concern, test_conduct.AGREED)
    ConductStep.objects.filter(pk=second.pk).delete()
    assert (called(clock, "2026-12-15"), DayToCome.objects.count()) == (set(), 0)
    # Somebody says that a talk is done, or half a year does; until then it keeps who reads it in their post.
    first, talk = (test_conduct.decided(cast, team["sol"], concern, TALK) for _each in range(2))
    assert test_conduct.do(cast, team["dia"], first, Deed.CLOSE).place == Place.OVER
    ConductStep.objects.filter(pk=talk.pk).update(told_at=timezone.now() - OVER_AFTER + timedelta(hours=1))
    conduct_clock.run()
    assert ConductStep.objects.get(pk=talk.pk).place == Place.STANDING
    ConductStep.objects.filter(pk=talk.pk).update(told_at=timezone.now() - OVER_AFTER)
    conduct_clock.run()
    assert ConductStep.objects.get(pk=talk.pk).place == Place.OVER


def test_a_hold_whose_readers_have_all_left_is_ended_by_two_who_may_know_of_it(
    cast: Cast, clock: time_machine.Traveller, team: Team, ana: Person, bo: Person
) -> None:
    # It is about Bo, who has a post by now, and Tru answers since the others are kept from it.
    with cast.acting(team["sol"]):
        concern = test_demands.about(cast, bo, bo)
    demand = test_demands.entered(cast, team["sol"], concern, without=(Post.DEPUTY,))
    demand = test_demands.go(cast, team["dia"], test_demands.go(cast, team["sol"], demand, Move.HOLD), Move.CONFIRM)
    assert {type(one) for one in kept_by(team["sol"])} == {Demand}
    stepping = cast.sign_in(team["sol"])
    page = stepping.get(reverse("safeguarding:end_post", args=[team["sol"].appointments.get().pk])).content.decode()
    assert reverse("safeguarding:demand", args=[demand.pk]) in page
    assert "fewer than two people without you" in stepping.get("/mine/leave/").content.decode()
    # Both leave, and no key was there to let anybody in.
    with patch("wayhouse.safeguarding.parting._let_others_in"):
        parted(team["dia"])
        assert called(clock, "2026-12-02") == {str(team["sol"].pk)}
        assert [one.what for one in looking_again.days_for(team["sol"])] == [looking_again.What.READERS]
        parted(team["sol"])
    assert called(clock, "2026-12-03") == set()
    eve, kit = (appointed(cast, ana, name, Post.DEPUTY) for name in ("eve", "kit"))
    Role.objects.create(person=bo, kind=Role.Kind.SAFEGUARDING_LEAD)
    appointed_bo = Person.objects.get(pk=bo.pk)
    with cast.acting(ana):
        appoint(appointed_bo, Post.DIRECTOR, "Bo", actor=ana)
    left_alone.call()
    told = set(Notice.objects.filter(once__startswith="alone:").values_list("person_id", flat=True))
    assert (told, left_alone.call()) == ({eve.pk, kit.pk, team["tru"].pk}, 0)
    assert [left_alone.left_alone_for(who) for who in (appointed_bo, team["dot"], ana)] == [[], [], []]
    (found,) = left_alone.left_alone_for(eve)
    with pytest.raises(PermissionDenied):
        left_alone.end_unread(found, actor=team["dot"])
    # Pressed twice by one, it is still one.
    browser, address = cast.sign_in(eve), reverse("safeguarding:end_unread", args=[demand.pk])
    for _each in range(2):
        browser.post(address)
    assert "one of you says that it ends" in browser.get(reverse("safeguarding:demands")).content.decode()
    assert holds.held_ids() == {bo.pk}
    cast.sign_in(kit).post(address)
    assert (holds.held_ids(), Demand.objects.get().held, left_alone.left_alone()) == (frozenset(), False, [])


@pytest.mark.parametrize(("language", "words"), [("en", "Good Friday"), ("de", "Karfreitag"), ("ar", "الجمعة العظيمة")])
def test_a_closed_day_is_called_by_its_name_in_each_language(language: str, words: str) -> None:
    with translation.override(language):
        assert (in_words("Good Friday"), in_words("Our summer break"), in_words("")) == (words, "Our summer break", "")


def test_every_name_of_the_law_sheets_can_be_said_in_each_language() -> None:
    rules = [rule for sheet in law.sheets() if sheet.closed for rule in sheet.closed.rules]
    assert {rule.name for rule in rules} == NAMES

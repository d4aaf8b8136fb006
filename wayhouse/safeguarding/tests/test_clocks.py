"""Every clock of the table, one second before and one second after; who is called; downtime; at 22:00 on a Tuesday."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from conftest import Cast
from wayhouse.notices.models import Delivery, Notice
from wayhouse.people.models import Belonging, Person
from wayhouse.safeguarding import clocks, misses, parting, steps
from wayhouse.safeguarding.limits import change_limit
from wayhouse.safeguarding.models import Appointment, Concern, Limit, Timer
from wayhouse.safeguarding.protocol import Duty, Event, Kind, Level, Outcome, Span, ladder, limits, reviews
from wayhouse.safeguarding.protocol.levels import LADDERS, LIMITS, OF_KIND, READERS, REVIEWS
from wayhouse.safeguarding.raising import Report
from wayhouse.safeguarding.talking import write_message
from wayhouse.safeguarding.tests.conftest import LATE

Team = dict[str, Person]
Raised = Callable[..., Concern]
Clock = time_machine.Traveller
# Whatever a step asks for.
WORDS = dict.fromkeys(("wish", "reason", "plan", "found", "person_told", "raiser_told", "aftercare", "learning"), "yes")
SECOND, BERLIN = timedelta(seconds=1), ZoneInfo("Europe/Berlin")


def called(concern: Concern) -> list[Person]:
    return [call.person for call in concern.calls.order_by("pk")]


def planned(concern: Concern, actor: Person) -> None:
    """All steps until there is a plan."""
    for event in (Event.ACKNOWLEDGE, Event.FIND_SAFE, Event.DECIDE, Event.PLAN):
        outcome = Outcome.NO_SHARING if event == Event.DECIDE else None
        steps.take_step(concern, event, WORDS, outcome=outcome, actor=actor)


TRIED = [
    (Level.NOW, Kind.BREACH),
    (Level.TODAY, Kind.ALLEGATION),
    (Level.THIS_WEEK, Kind.AT_RISK),
    (Level.CONDUCT, Kind.CONDUCT),
]
# Tried in a walk of its own.
REVIEWED = frozenset({Duty.REVIEW})


@pytest.mark.parametrize(("level", "kind"), TRIED)
def test_every_clock_one_second_before_and_after(
    clock: Clock, team: Team, raised: Raised, level: Level, kind: Kind
) -> None:
    concern = raised(Report(level, kind, "seat"))
    expected: dict[tuple[str, int], Span] = {(duty, 0): span for duty, span in limits(level, kind).items()}
    # All but one of those who read it are gone.
    Belonging.objects.filter(scope=concern.scope_id).exclude(person=team["dia"]).delete()
    parting.watch_readers(concern)
    expected[Duty.SECOND_READER, 0] = READERS[level]
    due = {key: span.due(LATE, BERLIN) for key, span in expected.items()}
    at = LATE
    for rung, span in enumerate(ladder(level)):
        at = due[Duty.ACKNOWLEDGE, rung] = span.due(at, BERLIN)
    for moment in sorted(set(due.values())):
        over = {key for key, end in due.items() if end < moment}
        for shift, missed in ((-SECOND, over), (SECOND, over | {key for key, end in due.items() if end == moment})):
            clock.move_to(moment + shift)
            misses.sweep()
            found = concern.timers.filter(state=Timer.State.MISSED, rung__lt=3).values_list("duty", "rung")
            assert set(found) == missed
    assert concern.timers.filter(rung__lt=3).count() == len(due)
    assert misses.sweep() == 0


@pytest.mark.parametrize("level", Level)
def test_every_review_one_second_before_and_after(clock: Clock, team: Team, raised: Raised, level: Level) -> None:
    concern = raised(Report(level, Kind.AT_RISK, "seat"))
    concern.timers.all().delete()
    clocks.start_reviews(concern, after=LATE)
    for number, span in enumerate(reviews(level)):
        for shift, missed in ((-SECOND, number), (SECOND, number + 1)):
            clock.move_to(span.due(LATE, BERLIN) + shift)
            misses.sweep()
            assert concern.timers.filter(duty=Duty.REVIEW, state=Timer.State.MISSED).count() == missed


def test_every_limit_of_the_table_is_tried() -> None:
    """What the two walks above try is all there is: a new duty, level or kind with a limit has to be added there."""
    assert (
        {level for level, _kind in TRIED} == set(Level) == set(LIMITS) == set(LADDERS) == set(READERS) == set(REVIEWS)
    )
    assert set(OF_KIND) <= {kind for _level, kind in TRIED}
    tried = {duty for level, kind in TRIED for duty in limits(level, kind)}
    assert tried | {Duty.ACKNOWLEDGE, Duty.SECOND_READER} | REVIEWED == set(Duty)


def test_one_after_the_other_is_called_until_somebody_answers(
    cast: Cast, clock: Clock, team: Team, raised: Raised
) -> None:
    sol, dot, dia = team["sol"], team["dot"], team["dia"]
    concern = raised()
    assert called(concern) == [sol]
    clock.shift(timedelta(minutes=15))
    assert misses.sweep() == 1
    assert called(concern) == [sol, dot]
    # Nobody is called twice for one miss, however often it is swept.
    assert [misses.sweep() for _each in range(3)] == [0, 0, 0]
    clock.shift(timedelta(minutes=15))
    misses.sweep()
    assert called(concern) == [sol, dot, dia]
    concern.refresh_from_db()
    assert concern.escalated
    with cast.acting(dia):
        concern = steps.take_step(concern, Event.ACKNOWLEDGE, {}, actor=dia)
    assert not concern.escalated
    clock.shift(timedelta(minutes=25))
    misses.sweep()
    assert called(concern) == [sol, dot, dia]


def test_calls_go_over_several_ways_and_say_nothing(cast: Cast, clock: Clock, team: Team, raised: Raised) -> None:
    concern = raised()
    notice = Notice.objects.get(person_id=team["sol"].pk)
    assert (notice.kind, notice.urgent) == ("call_in_now", True)
    assert set(Delivery.objects.filter(notice=notice).values_list("channel", flat=True)) == {"push", "sms", "email"}
    with cast.acting(team["sol"]):
        steps.take_step(concern, Event.ACKNOWLEDGE, {}, actor=team["sol"])
    # What was not sent yet is not needed any more.
    assert set(Delivery.objects.filter(notice=notice).values_list("state", "why")) == {("skipped", "handled")}


def test_new_words_of_what_cannot_wait_are_a_page_to_somebody_who_answers(
    cast: Cast, clock: Clock, ana: Person, bo: Person, team: Team, raised: Raised
) -> None:
    sol, dot, dia = team["sol"], team["dot"], team["dia"]
    now, later = raised(), raised(Report(Level.THIS_WEEK, Kind.AT_RISK, "seat"))
    for concern in (now, later):
        with cast.acting(dia):
            steps.take_step(concern, Event.ACKNOWLEDGE, {}, actor=dia)
        concern.refresh_from_db()
    with cast.acting(bo):
        written = [write_message(concern, "She writes of tonight.", actor=bo) for concern in (now, later)]
        Appointment.objects.filter(person=dia).update(until_on=LATE.date())
        written += [write_message(concern, "She does not answer.", actor=bo) for concern in (now, later)]
    told = {row.once: row for row in Notice.objects.filter(once__startswith="word:")}
    rows = [told[f"word:{message.pk}"] for message in written]
    assert [(row.person_id, row.kind, row.urgent) for row in rows] == [
        (dia.pk, "call_in_now", True), (dia.pk, "note", False), (sol.pk, "call_in_now", True), (sol.pk, "note", False)
    ]  # fmt: skip
    assert set(rows[0].deliveries.values_list("channel", flat=True)) == {"push", "sms", "email"}
    assert dot.pk not in {row.person_id for row in rows}


def test_another_level_sets_the_clocks_anew(cast: Cast, clock: Clock, team: Team, raised: Raised) -> None:
    concern = raised(Report(Level.THIS_WEEK, Kind.AT_RISK, "seat"))
    with cast.acting(team["sol"]):
        steps.take_step(concern, Event.ACKNOWLEDGE, {}, actor=team["sol"])
        steps.fulfil(concern, Duty.CONTACT, "", actor=team["sol"])
        steps.take_step(concern, Event.SET_LEVEL, {"reason": "means at hand"}, level=Level.NOW, actor=team["sol"])
    running = dict(concern.timers.running().values_list("duty", "due_at"))
    assert running == {
        duty: span.due(LATE, BERLIN) for duty, span in limits(Level.NOW, Kind.AT_RISK).items() if duty != Duty.CONTACT
    }


def test_a_faster_level_starts_from_now_and_is_no_storm(cast: Cast, clock: Clock, team: Team, raised: Raised) -> None:
    sol = team["sol"]
    concern = raised(Report(Level.THIS_WEEK, Kind.AT_RISK, "seat"))
    with cast.acting(sol):
        planned(concern, sol)
        clock.shift(timedelta(days=12))
        misses.sweep()
        calls = len(called(concern))
        steps.take_step(concern, Event.SET_LEVEL, {"reason": "means at hand"}, level=Level.NOW, actor=sol)
    now = LATE + timedelta(days=12)
    assert misses.sweep() == 0
    assert len(called(concern)) == calls
    running = dict(concern.timers.running().order_by("-due_at").values_list("duty", "due_at"))
    expected = {duty: span.due(now, BERLIN) for duty, span in limits(Level.NOW, Kind.AT_RISK).items()}
    for duty in (Duty.SAFE_NOW, Duty.PLAN):
        del expected[duty]
    assert running == {**expected, Duty.REVIEW: LATE + timedelta(days=28)}


def test_whoever_was_not_reached_yet_is_called_anew_on_a_faster_level(
    cast: Cast, clock: Clock, team: Team, raised: Raised
) -> None:
    sol, dot = team["sol"], team["dot"]
    concern = raised(Report(Level.CONDUCT, Kind.CONDUCT, "seat"))
    with cast.acting(dot):
        clock.shift(timedelta(hours=1))
        steps.take_step(concern, Event.SET_LEVEL, {"reason": "a threat"}, level=Level.NOW, actor=dot)
    assert called(concern) == [sol, sol]
    newest = Notice.objects.filter(person_id=sol.pk).order_by("due_at").last()
    assert newest is not None
    assert (newest.kind, newest.urgent) == ("call_in_now", True)
    # And the others after that, from the first place on.
    for _each in range(2):
        clock.shift(timedelta(minutes=15))
        misses.sweep()
    assert called(concern) == [sol, sol, dot, team["dia"]]


def test_a_reopened_concern_is_called_again(cast: Cast, clock: Clock, team: Team, raised: Raised) -> None:
    sol, dot, concern = team["sol"], team["dot"], raised()
    for who, event in ((sol, Event.ACKNOWLEDGE), (dot, Event.STRIKE), (sol, Event.REOPEN)):
        with cast.acting(who):
            concern = steps.take_step(concern, event, {"reason": "mixed up"}, actor=who)
    assert called(concern) == [sol, sol]
    assert concern.timers.running().filter(duty=Duty.ACKNOWLEDGE).count() == 1


def test_what_was_done_before_a_concern_was_closed_is_owed_again(
    cast: Cast, clock: Clock, team: Team, raised: Raised
) -> None:
    sol, concern = team["sol"], raised()
    with cast.acting(sol):
        planned(concern, sol)
        steps.fulfil(concern, Duty.CONTACT, "", actor=sol)
        for event in (Event.REVIEW, Event.CLOSE):
            steps.take_step(concern, event, WORDS, actor=sol)
        clock.shift(timedelta(days=3))
        steps.take_step(concern, Event.REOPEN, WORDS, actor=sol)
        planned(concern, sol)
        steps.take_step(concern, Event.SET_LEVEL, {"reason": "less near"}, level=Level.TODAY, actor=sol)
    assert set(concern.timers.running().values_list("duty", flat=True)) == {"contact", "aftercare", "review"}
    assert concern.timers.running().filter(duty=Duty.REVIEW).count() == len(reviews(Level.TODAY))


def test_a_limit_is_changed_with_a_reason_and_within_bounds(
    cast: Cast, clock: Clock, team: Team, bo: Person, raised: Raised
) -> None:
    sol, dot = team["sol"], team["dot"]
    client = cast.sign_in(sol)
    for words in ({"amount": "31", "reason": "far apart"}, {"amount": "5", "reason": ""}):
        client.post("/care/limits/", {"which": "1:acknowledge:0", **words})
    with pytest.raises(PermissionDenied), cast.acting(dot):
        change_limit(dot.programme, Level.NOW, Duty.ACKNOWLEDGE, 5, "near", actor=dot)
    assert not Limit.objects.exists()
    client.post("/care/limits/", {"which": "1:acknowledge:0", "amount": "20", "reason": "far apart"})
    assert "far apart" in client.get("/care/limits/").content.decode()
    assert raised().timers.get(duty=Duty.ACKNOWLEDGE).due_at == LATE + timedelta(minutes=20)

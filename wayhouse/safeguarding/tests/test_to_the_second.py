"""Clocks beside those of concerns, one second before and one second after: steps, appeals, demands and holds."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import time_machine
from django.utils import timezone

from conftest import Cast
from wayhouse.notices.models import Notice
from wayhouse.people.models import Belonging, Person, Role
from wayhouse.safeguarding import conduct_clock, looking_again
from wayhouse.safeguarding.looking_again import Day, What
from wayhouse.safeguarding.models import ConductStep, DayToCome
from wayhouse.safeguarding.protocol.closed import Closed
from wayhouse.safeguarding.protocol.conduct import (
    APPEAL_WITHIN,
    DECIDED_WITHIN,
    OVER_AFTER,
    Deed,
    NotFollowing,
    Place,
)
from wayhouse.safeguarding.tests import test_conduct, test_demands
from wayhouse.safeguarding.tests.conftest import LATE, arrived
from wayhouse.safeguarding.times import Calendar

Team = dict[str, Person]
SECOND, BERLIN = timedelta(seconds=1), ZoneInfo("Europe/Berlin")


def appeals(cast: Cast, cass: Person, step: ConductStep) -> bool:
    try:
        test_conduct.do(cast, cass, step, Deed.APPEAL)
    except NotFollowing:
        return False
    return True


def place(step: ConductStep) -> str:
    return ConductStep.objects.get(pk=step.pk).place


def test_the_clocks_of_a_step(cast: Cast, clock: time_machine.Traveller, team: Team, ana: Person, bo: Person) -> None:
    cass = arrived(cast, ana, "cass", Role.Kind.MEMBER)
    concern = test_conduct.about(cast, team["dot"], cass)
    kinds = (test_conduct.AGREED, test_conduct.AGREED, test_conduct.AWAY)
    late, early, away = (test_conduct.decided(cast, team["sol"], concern, kind) for kind in kinds)
    # An appeal is in time until its last second, and then late.
    calendar = Calendar(ana.programme)
    appeal_until = calendar.due(APPEAL_WITHIN, LATE)
    clock.move_to(appeal_until - SECOND)
    assert appeals(cast, cass, early)
    clock.move_to(appeal_until + SECOND)
    assert not appeals(cast, cass, late)
    # It is decided in time, or it calls, and again with every day that passes.
    decide_by = calendar.due(DECIDED_WITHIN, appeal_until - SECOND)
    for moment, called in (
        (decide_by - SECOND, 0),
        (decide_by + SECOND, 2),
        (decide_by + timedelta(days=1, seconds=1), 4),
    ):
        clock.move_to(moment)
        conduct_clock.run()
        assert Notice.objects.filter(once__startswith=f"late:{early.pk}:").count() == called
    # Time away is over with the first second of its day.
    ConductStep.objects.filter(pk=away.pk).update(place=Place.STANDING)
    back = ConductStep.objects.get(pk=away.pk).ends_at
    assert back == datetime.combine(date.fromisoformat(away.until), time(0), BERLIN)
    told_at = timezone.now() - OVER_AFTER
    for step, field, moment in ((away, "ends_at", timezone.now()), (late, "told_at", told_at)):
        for shift, after in ((SECOND, Place.STANDING), (-SECOND, Place.OVER)):
            ConductStep.objects.filter(pk=step.pk).update(**{"place": Place.STANDING, field: moment + shift})
            conduct_clock.run()
            assert place(step) == after


def test_each_day_that_calls_does_so_from_its_first_second(
    cast: Cast, clock: time_machine.Traveller, team: Team, ana: Person, bo: Person
) -> None:
    cass = arrived(cast, ana, "cass", Role.Kind.MEMBER)
    with cast.acting(team["dot"]):
        concern = test_conduct.about(cast, team["dot"], cass)
    step = test_conduct.decided(cast, team["sol"], concern, test_conduct.AGREED)
    demand = test_demands.entered(cast, team["sol"], concern)
    DayToCome.objects.all().delete()
    # One reader of each is left, who did not decide.
    scopes = [step.scope_id, demand.scope_id]
    Belonging.objects.filter(scope__in=scopes).exclude(person__in=[team["dia"], cass]).delete()
    thursday = date(2026, 12, 10)
    rows = {}
    for what in What:
        thing = step if what in {What.STEP, What.STEP_READERS} else demand
        # What an authority waits for until Friday calls on Thursday.
        day = Day(what, thursday + timedelta(days=what == What.UNTIL), thing.pk)
        assert looking_again.first_call(day, Closed()) == thursday
        rows[what] = DayToCome(scope_id=thing.scope_id)
        rows[what].box = looking_again._closed(rows[what], day)
        rows[what].save(force_insert=True)
    midnight = datetime.combine(thursday, time(0), BERLIN)
    for moment, expected in ((midnight - SECOND, set()), (midnight + SECOND, set(What))):
        clock.move_to(moment)
        looking_again.run()
        called = set(Notice.objects.filter(once__startswith="look:").values_list("once", flat=True))
        assert {what for what, row in rows.items() if any(str(row.pk) in once for once in called)} == expected

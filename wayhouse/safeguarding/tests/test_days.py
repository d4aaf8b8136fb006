"""Days: those that are closed, and those on which something is looked at again."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from conftest import Cast
from wayhouse.people.models import Person
from wayhouse.safeguarding.closed import MOST_A_YEAR, mark_days, unmark_day
from wayhouse.safeguarding.models import ClosedDay, Concern
from wayhouse.safeguarding.protocol import Duty, Kind, Level
from wayhouse.safeguarding.raising import Report
from wayhouse.safeguarding.refusals import TooManyClosed
from wayhouse.safeguarding.tests.conftest import LATE

Team = dict[str, Person]
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

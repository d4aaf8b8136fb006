"""Max comes to the evenings of Cass's group and offers to write. All are invented."""

from datetime import time

import pytest

from conftest import Acting
from wayhouse.core.tests.rehearsing import rehearsed
from wayhouse.groups.models import Group
from wayhouse.meetings.models import Guide, Meeting
from wayhouse.meetings.planning import plan_meetings
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.mentoring import writing
from wayhouse.mentoring.models import Pair
from wayhouse.mentoring.offering import keep_hours
from wayhouse.notices.hours import Hours
from wayhouse.people.models import Person, Role

# Tuesdays in the evening.
EVENINGS = Hours(time(18), time(20), (1,), "Europe/Berlin")


@pytest.fixture
@rehearsed
def mentored(acting: Acting, tuesday: Group, guides: list[Guide], ana: Person, bo: Person, max: Person) -> Group:
    """The Tuesday group with Max at its first evening; Max reads on Tuesdays and has room for one."""
    with acting(ana):
        first = min(plan_meetings(tuesday.cycle, actor=ana), key=lambda made: made.week)
        staff = {bo: ("Bo", Role.Kind.FACILITATOR), max: ("Max", Role.Kind.MENTOR)}
        staff_meeting(Meeting.objects.get(pk=first.pk), staff, actor=ana)
    keep_hours(EVENINGS, takes=1, answers=True, actor=max)
    return tuesday


@pytest.fixture
@rehearsed
def pair(acting: Acting, mentored: Group, cass: Person, max: Person) -> Pair:
    """Cass has begun to write to Max."""
    with acting(cass):
        return writing.begin_pair(max.pk, "Cassie", "Hello.", quiet_weeks=2, actor=cass)

"""Every open group of a cycle gets its evenings to come."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from conftest import Acting
from wayhouse.groups.models import Group
from wayhouse.meetings.models import Guide, Meeting
from wayhouse.meetings.planning import plan_meetings
from wayhouse.people.models import Person


def test_a_group_gets_an_evening_a_week(acting: Acting, ana: Person, tuesday: Group, guides: list[Guide]) -> None:
    with acting(ana):
        plan_meetings(tuesday.cycle, actor=ana)
    assert list(tuesday.meetings.order_by("week").values_list("week", "guide_key")) == [(1, "arriving"), (2, "missing")]


def test_a_group_that_opens_later_gets_none_in_the_past(
    acting: Acting, ana: Person, meeting: Meeting, thursday: Group
) -> None:
    with time_machine.travel(meeting.starts_at + timedelta(days=2), tick=False), acting(ana):
        made = plan_meetings(thursday.cycle, actor=ana)
    assert [(one.group, one.week) for one in made] == [(thursday, 2)]


def test_dee_may_not_plan(acting: Acting, dee: Person, tuesday: Group, guides: list[Guide]) -> None:
    with acting(dee), pytest.raises(PermissionDenied):
        plan_meetings(tuesday.cycle, actor=dee)
    assert not Meeting.objects.exists()

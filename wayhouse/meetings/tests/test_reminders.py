from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db.models import F

from conftest import Acting
from wayhouse.groups.models import Group
from wayhouse.meetings.actions import answer_meeting
from wayhouse.meetings.models import Change, Meeting
from wayhouse.meetings.reminding import remind, write_times
from wayhouse.meetings.scheduling import move_meeting, skip_meeting
from wayhouse.notices.actions import agree_contact
from wayhouse.notices.calendars import share_calendar
from wayhouse.notices.delivering import deliver_due
from wayhouse.notices.kinds import Channel
from wayhouse.notices.models import CalendarEntry, Delivery, Notice
from wayhouse.notices.plan import Plan
from wayhouse.notices.tests.conftest import BY_MAIL, Outside, everything_goes_out
from wayhouse.people.actions import come_back, pause
from wayhouse.people.models import Person

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
At = Callable[[timedelta], time_machine.Traveller]


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    return everything_goes_out(monkeypatch)


def put_in() -> list[tuple[object, str]]:
    return sorted((pk, str(kind)) for pk, kind in Notice.objects.values_list("person_id", "kind"))


def entries() -> list[tuple[object, int, bool]]:
    return list(CalendarEntry.objects.order_by("starts_at", "pk").values_list("person_id", "sequence", "cancelled"))


def test_who_has_not_answered_is_asked_three_days_before(cass: Person, bo: Person, meeting: Meeting) -> None:
    with time_machine.travel(meeting.starts_at - 3 * DAY - SECOND, tick=False):
        assert (remind(), put_in()) == (0, [])
    with time_machine.travel(meeting.starts_at - 3 * DAY, tick=False):
        assert (remind(), remind(), put_in()) == (1, 0, [(cass.pk, "question")])


def test_the_day_before_who_comes_and_who_leads_is_reminded(cass: Person, bo: Person, meeting: Meeting) -> None:
    answer_meeting(meeting, coming=True, actor=cass)
    with time_machine.travel(meeting.starts_at - DAY - SECOND, tick=False):
        assert (remind(), put_in()) == (0, [])
    with time_machine.travel(meeting.starts_at - DAY, tick=False):
        assert (remind(), remind(), put_in()) == (2, 0, sorted([(cass.pk, "reminder"), (bo.pk, "reminder")]))
    assert set(Notice.objects.values_list("ends_at", flat=True)) == {meeting.starts_at}


def test_who_answered_is_not_asked_any_more_and_who_does_not_come_is_not_reminded(
    cass: Person, bo: Person, meeting: Meeting, outside: Outside
) -> None:
    agree_contact(BY_MAIL, actor=cass)
    with time_machine.travel(meeting.starts_at - 2 * DAY, tick=False):
        remind()
        answer_meeting(meeting, coming=False, actor=cass)
        deliver_due()
    with time_machine.travel(meeting.starts_at - HOUR, tick=False):
        remind()
        deliver_due()
    assert outside.arrived == []
    assert Delivery.objects.get(notice__person_id=cass.pk).why == "handled"
    assert [kind for who, kind in put_in() if who == cass.pk] == ["question"]


def test_one_notice_for_a_day_however_many_evenings_it_has(cass: Person, meeting: Meeting, tuesday: Group) -> None:
    other = Meeting.objects.filter(group=tuesday, week=2)
    other.update(starts_at=meeting.starts_at + HOUR, ends_at=meeting.ends_at + HOUR)
    with time_machine.travel(meeting.starts_at - 2 * DAY, tick=False):
        assert remind() == 1
        answer_meeting(meeting, coming=True, actor=cass)
        assert Delivery.objects.get().state == "due"
        answer_meeting(other.get(), coming=True, actor=cass)
        assert Delivery.objects.get().why == "handled"


def test_who_pauses_hears_nothing_and_who_is_back_is_asked_again(
    cass: Person, meeting: Meeting, outside: Outside
) -> None:
    agree_contact(BY_MAIL, actor=cass)
    with time_machine.travel(meeting.starts_at - 2 * DAY, tick=False):
        remind()
        pause(cass, actor=cass)
        deliver_due()
        assert (remind(), outside.arrived) == (0, [])
    with time_machine.travel(meeting.starts_at - DAY, tick=False):
        remind()
        assert [kind for who, kind in put_in() if who == cass.pk] == ["question"]
        come_back(cass, actor=cass)
        remind()
        deliver_due()
    assert [letter.words for letter in outside.arrived] == ["You have a reminder."]


def test_an_evening_that_is_called_off_is_told_and_not_reminded_of(
    cass: Person, bo: Person, ana: Person, meeting: Meeting, acting: Acting
) -> None:
    with time_machine.travel(meeting.starts_at - 3 * DAY, tick=False), acting(ana):
        remind()
        skip_meeting(meeting, reason=Change.Reason.ROOM, actor=ana)
        remind()
    assert put_in() == sorted([(cass.pk, "question"), (cass.pk, "changed"), (bo.pk, "changed")])
    assert Delivery.objects.get(notice__kind="question").why == "handled"


def test_nobody_is_written_to_without_a_plan(cass: Person, meeting: Meeting, outside: Outside) -> None:
    agree_contact(Plan(channels=(Channel.SMS,), phone="+49170", may_stay=False), actor=cass)
    with time_machine.travel(meeting.starts_at - 2 * DAY, tick=False):
        remind()
        deliver_due()
    assert outside.arrived == []


def test_calendars_follow_the_schedule(
    cass: Person, bo: Person, dee: Person, ana: Person, meeting: Meeting, acting: Acting
) -> None:
    for person in (cass, dee):
        share_calendar("Chor", actor=person)
    planned = Meeting.objects.filter(group=meeting.group).count()
    with time_machine.travel(meeting.starts_at - 5 * DAY, tick=False):
        assert (write_times(), write_times()) == (planned, 0)
        assert entries() == [(cass.pk, 0, False)] * planned
        with acting(ana):
            move_meeting(meeting, meeting.starts_at + HOUR, reason=Change.Reason.ROOM, actor=ana)
        assert (write_times(), entries()[0]) == (1, (cass.pk, 1, False))
        assert not CalendarEntry.objects.filter(ends_at__lte=F("starts_at")).exists()
        answer_meeting(meeting, coming=False, actor=cass)
        assert (write_times(), entries()[0]) == (1, (cass.pk, 2, True))
        pause(cass, actor=cass)
        assert (write_times(), {cancelled for _who, _number, cancelled in entries()}) == (planned - 1, {True})
        come_back(cass, actor=cass)
        assert write_times() == planned - 1

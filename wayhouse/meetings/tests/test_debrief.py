"""The talk after an evening: it is closed once, with a tick or without, and the tick can follow."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied

from conftest import SignedIn
from wayhouse.meetings.actions import close_evening, record_evening, tick_talk
from wayhouse.meetings.models import Attendance, EveningRecord, Meeting
from wayhouse.meetings.tests.conftest import Kinds
from wayhouse.meetings.tests.test_record import Inputs, full, url
from wayhouse.people.models import Person

HERE = Attendance.Presence.HERE


def test_the_facilitator_closes_the_evening(bo: Person, cass: Person, begun: Meeting, logged: Kinds) -> None:
    record_evening(begun, {cass: HERE}, held=True, mood=4, actor=bo)
    close_evening(begun, talked=True, actor=bo)
    assert (EveningRecord.objects.get().debriefed, logged()[-1]) == (True, "evening.closed")


def test_it_is_closed_once_with_or_without_a_tick_and_the_tick_can_follow(
    bo: Person, cass: Person, begun: Meeting, logged: Kinds
) -> None:
    record_evening(begun, {cass: HERE}, held=True, mood=4, actor=bo)
    with pytest.raises(PermissionDenied):
        tick_talk(begun, actor=bo)
    close_evening(begun, talked=False, actor=bo)
    with pytest.raises(PermissionDenied):
        close_evening(begun, talked=True, actor=bo)
    assert (EveningRecord.objects.get().closed, EveningRecord.objects.get().debriefed) == (True, False)
    tick_talk(begun, actor=bo)
    with pytest.raises(PermissionDenied):
        tick_talk(begun, actor=bo)
    assert (EveningRecord.objects.get().closed, EveningRecord.objects.get().debriefed) == (True, True)
    assert logged()[-2:] == ["evening.closed", "evening.talked"]


def test_dee_may_not_tick_the_talk(bo: Person, cass: Person, dee: Person, begun: Meeting, logged: Kinds) -> None:
    record_evening(begun, {cass: HERE}, held=True, mood=4, actor=bo)
    close_evening(begun, talked=False, actor=bo)
    before = logged()
    with pytest.raises(PermissionDenied):
        tick_talk(begun, actor=dee)
    assert (EveningRecord.objects.get().debriefed, logged()) == (False, before)


def test_an_evening_without_a_record_is_not_closed(bo: Person, begun: Meeting) -> None:
    with pytest.raises(PermissionDenied):
        close_evening(begun, talked=True, actor=bo)


def test_dee_may_not_close_the_evening(bo: Person, cass: Person, dee: Person, begun: Meeting, logged: Kinds) -> None:
    record_evening(begun, {cass: HERE}, held=True, mood=4, actor=bo)
    before = logged()
    with pytest.raises(PermissionDenied):
        close_evening(begun, talked=True, actor=dee)
    assert (EveningRecord.objects.get().debriefed, logged()) == (False, before)


def test_the_record_leads_to_the_debrief_and_the_debrief_closes(
    signed_in: SignedIn, bo: Person, cass: Person, begun: Meeting
) -> None:
    client = signed_in(bo)
    written = client.post(url("record", begun), full(cass))
    assert (written.status_code, written["Location"]) == (302, url("debrief", begun))
    record = EveningRecord.objects.get()
    assert (record.mood, record.follow_ups, record.debriefed) == (4, ["childcare", "rules"], False)
    page = client.get(url("debrief", begun)).text
    assert page.index("Before you leave the building") < page.index("How was it for you?")
    closed = client.post(url("debrief", begun), {"talked": "on"})
    assert (closed["Location"], EveningRecord.objects.get().debriefed) == (url("evening", begun), True)


@pytest.mark.parametrize(("tick", "talked"), [({}, False), ({"talked": "on"}, True)])
def test_a_closed_evening_says_so_and_asks_nobody_to_close_it_again(
    signed_in: SignedIn, bo: Person, cass: Person, begun: Meeting, tick: dict[str, str], *, talked: bool
) -> None:
    client = signed_in(bo)
    client.post(url("record", begun), full(cass))
    page = client.post(url("debrief", begun), tick, follow=True).text
    main = f'<a class="btn" href="{url("debrief", begun)}"'
    assert ("The evening is closed.</p>" in page, main in page) == (True, False)
    page = client.get(url("debrief", begun)).text
    controls = [control for control in Inputs(page).found if control[2] == "talked"]
    assert ("The evening is closed.</p>" in page, "Close the evening" in page) == (True, False)
    assert controls == ([] if talked else [("input", "hidden", "talked", False)])
    # What somebody sends who had the page open: a tick is added, none is taken back.
    client.post(url("debrief", begun), {})
    assert EveningRecord.objects.get().debriefed == talked
    client.post(url("debrief", begun), {"talked": "on"})
    assert EveningRecord.objects.get().debriefed


def test_whoever_ticked_the_talk_before_had_closed_the_evening(meeting: Meeting) -> None:
    second = Meeting.objects.get(group=meeting.group, week=2)
    for evening, ticked in ((meeting, True), (second, False)):
        EveningRecord.objects.create(meeting=evening, held=True, debriefed=ticked)
    import_module("wayhouse.meetings.migrations.0011_evening_closed").fill(apps, None)
    assert dict(EveningRecord.objects.values_list("meeting", "closed")) == {meeting.pk: True, second.pk: False}

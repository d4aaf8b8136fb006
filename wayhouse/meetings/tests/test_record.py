from datetime import timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import SignedIn
from wayhouse.meetings.actions import record_evening
from wayhouse.meetings.models import Attendance, EveningRecord, Meeting
from wayhouse.meetings.tests.conftest import Crowd, Kinds
from wayhouse.people.models import Person

HERE, AWAY = Attendance.Presence.HERE, Attendance.Presence.AWAY
FollowUp = EveningRecord.FollowUp


class Inputs(HTMLParser):
    """The controls of a page: (tag, type, name, checked)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str, bool]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"input", "textarea", "select"}:
            known = dict(attrs)
            self.found.append((tag, known.get("type") or "", known.get("name") or "", "checked" in known))


def url(name: str, meeting: Meeting) -> str:
    return reverse(f"meetings:{name}", args=[meeting.pk])


def full(cass: Person) -> dict[str, object]:
    marks = {f"seat-{cass.pk}": "here"}
    return {"held": "yes", "mood": "4", "guide_used": "yes", "follow_ups": ["childcare", "rules"], **marks}


def test_the_facilitator_writes_the_record(bo: Person, cass: Person, begun: Meeting, logged: Kinds) -> None:
    record_evening(begun, {cass: HERE}, held=True, mood=4, guide_used=True, follow_ups=[FollowUp.ROOM], actor=bo)
    record = begun.record
    assert (record.held, record.mood, record.guide_used, record.follow_ups) == (True, 4, True, ["room"])
    begun.refresh_from_db()
    assert (begun.state, begun.attendances.get().presence) == ("held", "here")
    assert logged() == ["attendance.recorded", "evening.recorded"]


def test_recording_again_corrects(bo: Person, cass: Person, begun: Meeting) -> None:
    record_evening(begun, {cass: HERE}, held=True, mood=4, guide_used=True, follow_ups=[FollowUp.ROOM], actor=bo)
    record_evening(begun, {cass: AWAY}, held=True, mood=2, actor=bo)
    record = EveningRecord.objects.get()
    assert (record.mood, record.guide_used, record.follow_ups) == (2, False, [])
    assert begun.attendances.get().presence == "away"


def test_nobody_was_absent_from_an_evening_that_did_not_take_place(bo: Person, cass: Person, begun: Meeting) -> None:
    record_evening(begun, {cass: AWAY}, held=True, mood=2, actor=bo)
    record_evening(begun, {}, held=False, mood=2, guide_used=True, follow_ups=[FollowUp.ROOM], actor=bo)
    record = EveningRecord.objects.get()
    assert (record.held, record.mood, record.guide_used, record.follow_ups) == (False, None, False, ["room"])
    begun.refresh_from_db()
    assert (begun.state, begun.attendances.count()) == ("skipped", 0)


def test_dee_may_not_write_the_record(dee: Person, cass: Person, begun: Meeting, logged: Kinds) -> None:
    with pytest.raises(PermissionDenied):
        record_evening(begun, {cass: HERE}, held=True, mood=4, actor=dee)
    begun.refresh_from_db()
    assert (EveningRecord.objects.count(), begun.state, logged()) == (0, "planned", [])


def test_an_evening_that_was_called_off_is_not_recorded_as_held(
    signed_in: SignedIn, bo: Person, cass: Person, begun: Meeting
) -> None:
    Meeting.objects.filter(pk=begun.pk).update(state=Meeting.State.SKIPPED)
    with pytest.raises(PermissionDenied):
        record_evening(begun, {cass: AWAY}, held=True, mood=4, actor=bo)
    there = reverse("meetings:evening", args=[begun.pk])
    assert signed_in(bo).get(reverse("meetings:record", args=[begun.pk]))["Location"] == there
    begun.refresh_from_db()
    assert (EveningRecord.objects.count(), begun.state) == (0, "skipped")


def test_marks_of_strangers_leave_nothing_behind(
    bo: Person, dee: Person, cass: Person, begun: Meeting, logged: Kinds
) -> None:
    with pytest.raises(PermissionDenied):
        record_evening(begun, {cass: HERE, dee: HERE}, held=True, mood=4, actor=bo)
    assert (EveningRecord.objects.count(), begun.attendances.count(), logged()) == (0, 0, [])


def test_nobody_is_marked_beforehand_and_no_word_can_be_typed(
    signed_in: SignedIn, bo: Person, cass: Person, begun: Meeting
) -> None:
    begun.answers.create(person=cass, coming=True)
    controls = Inputs(signed_in(bo).get(url("record", begun)).text).found
    assert [control for control in controls if control[3]] == []
    assert {(tag, kind) for tag, kind, _name, _checked in controls} == {
        ("input", "hidden"),
        ("input", "radio"),
        ("input", "checkbox"),
    }


def test_everything_that_is_missing_is_said_at_once(
    signed_in: SignedIn, bo: Person, cass: Person, begun: Meeting
) -> None:
    answer = signed_in(bo).post(url("record", begun), {"held": "yes"})
    summary = answer.text.split('id="errors"')[1].split("</ul>")[0]
    assert (answer.status_code, EveningRecord.objects.count()) == (200, 0)
    assert [name for name in ("id_mood", "id_guide_used", f"id_seat-{cass.pk}") if f'href="#{name}"' in summary] == [
        "id_mood",
        "id_guide_used",
        f"id_seat-{cass.pk}",
    ]


def test_an_evening_that_did_not_take_place_asks_nothing_else(signed_in: SignedIn, bo: Person, begun: Meeting) -> None:
    answer = signed_in(bo).post(url("record", begun), {"held": "no"})
    assert (answer.status_code, EveningRecord.objects.get().held) == (302, False)


def test_whoever_did_not_say_whether_it_took_place_reads_what_else_is_missing(
    signed_in: SignedIn, bo: Person, cass: Person, begun: Meeting
) -> None:
    answer = signed_in(bo).post(url("record", begun), {})
    summary = answer.text.split('id="errors"')[1].split("</ul>")[0]
    wanted = ["id_held", "id_mood", "id_guide_used", f"id_seat-{cass.pk}"]
    assert [name for name in wanted if f'href="#{name}"' in summary] == wanted
    assert (summary.count("<li>"), f'id="id_seat-{cass.pk}_error"' in answer.text) == (4, True)


@pytest.mark.parametrize(("mark", "asked"), [("here", True), ("phone", True), ("away", False), ("", False)])
def test_people_who_were_at_an_evening_that_did_not_take_place_are_asked_about(
    signed_in: SignedIn, bo: Person, cass: Person, begun: Meeting, mark: str, *, asked: bool
) -> None:
    client, said = signed_in(bo), {"held": "no", f"seat-{cass.pk}": mark}
    answer = client.post(url("record", begun), said)
    words = "You marked 1 person as present. Did it take place after all?"
    if not asked:
        assert (answer.status_code, EveningRecord.objects.get().held) == (302, False)
        return
    assert (answer.status_code, EveningRecord.objects.count()) == (200, 0)
    summary = answer.text.split('id="errors"')[1].split("</ul>")[0]
    assert (summary.count("<li>"), words in summary, 'name="sure"' in answer.text) == (1, True, True)
    client.post(url("record", begun), said | {"sure": "on"})
    assert (EveningRecord.objects.get().held, begun.attendances.count()) == (False, 0)


def test_two_who_were_there_are_counted_and_yes_is_not_asked_twice(
    signed_in: SignedIn, bo: Person, cass: Person, begun: Meeting, crowd: Crowd
) -> None:
    (other,) = crowd(1)
    marks = {f"seat-{cass.pk}": "here", f"seat-{other.pk}": "phone"}
    client = signed_in(bo)
    assert 'name="sure"' not in client.get(url("record", begun)).text
    answer = client.post(url("record", begun), marks | {"held": "no"})
    assert "You marked 2 people as present. Did it take place after all?" in answer.text
    assert client.post(url("record", begun), full(cass) | marks).status_code == 302
    record = EveningRecord.objects.get()
    assert (record.held, begun.attendances.count(), record.unnamed_here) == (True, 1, 1)


@pytest.mark.parametrize(
    "wrong", [{"mood": "6"}, {"mood": "x"}, {"held": "maybe"}, {"follow_ups": ["spy"]}, {"guide_used": "2"}]
)
def test_what_the_form_does_not_offer_is_refused(
    signed_in: SignedIn, bo: Person, cass: Person, begun: Meeting, wrong: dict[str, object]
) -> None:
    answer = signed_in(bo).post(url("record", begun), full(cass) | wrong)
    assert (answer.status_code, EveningRecord.objects.count()) == (200, 0)


def test_the_record_waits_for_the_evening(signed_in: SignedIn, bo: Person, cass: Person, meeting: Meeting) -> None:
    for moment in (meeting.starts_at - timedelta(hours=1), meeting.ends_at + timedelta(hours=49)):
        with time_machine.travel(moment, tick=False):
            answer = signed_in(bo).post(url("record", meeting), full(cass))
        assert (answer.status_code, answer["Location"]) == (302, url("evening", meeting))
    assert EveningRecord.objects.count() == 0


def test_for_cass_and_dee_there_is_no_record(signed_in: SignedIn, cass: Person, dee: Person, begun: Meeting) -> None:
    codes = [
        signed_in(person).post(url(name, begun), full(cass)).status_code
        for person in (cass, dee)
        for name in ("record", "debrief")
    ]
    assert (codes, EveningRecord.objects.count()) == ([404] * 4, 0)


def test_a_mentor_is_led_back_to_the_evening(signed_in: SignedIn, with_max: Meeting, max: Person, cass: Person) -> None:
    with time_machine.travel(with_max.starts_at, tick=False):
        answer = signed_in(max).post(url("record", with_max), full(cass))
    assert (answer.status_code, answer["Location"]) == (302, url("evening", with_max))
    assert EveningRecord.objects.count() == 0


@pytest.mark.parametrize("more", [1, 19])
def test_no_more_queries_for_twenty_than_for_two(
    signed_in: SignedIn,
    bo: Person,
    begun: Meeting,
    crowd: Crowd,
    django_assert_num_queries: DjangoAssertNumQueries,
    more: int,
) -> None:
    crowd(more)
    client = signed_in(bo)
    with django_assert_num_queries(6):
        page = client.get(url("record", begun)).text
    assert page.count('value="phone"') == more + 1

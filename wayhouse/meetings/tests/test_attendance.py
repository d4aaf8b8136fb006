from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from conftest import SignedIn
from wayhouse.audit.models import AuditLeaf
from wayhouse.meetings.actions import record_attendance, record_evening
from wayhouse.meetings.models import RECORD_WITHIN, Attendance, Meeting
from wayhouse.people.models import Person

HERE, PHONE, AWAY = Attendance.Presence.HERE, Attendance.Presence.PHONE, Attendance.Presence.AWAY


def marks_of(meeting: Meeting) -> dict[object, str]:
    return dict(meeting.attendances.values_list("person_id", "presence"))


def test_the_facilitator_writes_down_who_came(bo: Person, cass: Person, begun: Meeting) -> None:
    record_attendance(begun, {cass: HERE}, actor=bo)
    assert marks_of(begun) == {cass.pk: "here"}
    assert AuditLeaf.objects.order_by("index").last().kind == "attendance.recorded"  # type: ignore[union-attr]


def test_a_second_mark_corrects_the_first(bo: Person, cass: Person, begun: Meeting) -> None:
    record_attendance(begun, {cass: HERE}, actor=bo)
    record_attendance(begun, {cass: PHONE}, actor=bo)
    assert marks_of(begun) == {cass.pk: "phone"}


def test_only_the_facilitator_may(cass: Person, begun: Meeting) -> None:
    with pytest.raises(PermissionDenied):
        record_attendance(begun, {cass: HERE}, actor=cass)
    assert marks_of(begun) == {}


def test_dee_may_not(dee: Person, cass: Person, begun: Meeting) -> None:
    before = AuditLeaf.objects.count()
    with pytest.raises(PermissionDenied):
        record_attendance(begun, {cass: HERE}, actor=dee)
    assert (marks_of(begun), AuditLeaf.objects.count()) == ({}, before)


def test_a_mentor_may_not(with_max: Meeting, max: Person, cass: Person) -> None:
    with time_machine.travel(with_max.starts_at, tick=False), pytest.raises(PermissionDenied):
        record_attendance(with_max, {cass: HERE}, actor=max)
    assert marks_of(with_max) == {}


@pytest.mark.parametrize(
    ("after_start", "allowed"),
    [
        (timedelta(seconds=-1), False),
        (timedelta(0), True),
        (timedelta(minutes=90) + RECORD_WITHIN, True),
        (timedelta(minutes=90) + RECORD_WITHIN + timedelta(seconds=1), False),
    ],
)
def test_from_the_beginning_until_two_days_after(
    bo: Person, cass: Person, meeting: Meeting, after_start: timedelta, *, allowed: bool
) -> None:
    with time_machine.travel(meeting.starts_at + after_start, tick=False):
        if allowed:
            record_attendance(meeting, {cass: HERE}, actor=bo)
        else:
            with pytest.raises(PermissionDenied):
                record_attendance(meeting, {cass: HERE}, actor=bo)
    assert marks_of(meeting) == ({cass.pk: "here"} if allowed else {})


def test_nobody_who_was_not_asked_has_an_attendance(bo: Person, dee: Person, cass: Person, begun: Meeting) -> None:
    with pytest.raises(PermissionDenied):
        record_attendance(begun, {cass: HERE, dee: HERE}, actor=bo)
    assert marks_of(begun) == {}


def test_a_pause_never_looks_like_an_absence(bo: Person, cass: Person, begun: Meeting) -> None:
    Person.objects.filter(pk=cass.pk).update(status=Person.Status.PAUSED)
    with pytest.raises(PermissionDenied):
        record_attendance(begun, {cass: AWAY}, actor=bo)
    assert marks_of(begun) == {}


def test_who_pauses_after_the_evening_was_expected_at_it(bo: Person, cass: Person, begun: Meeting) -> None:
    day_after = begun.starts_at.date() + timedelta(days=1)
    Person.objects.filter(pk=cass.pk).update(status=Person.Status.PAUSED, status_on=day_after)
    record_attendance(begun, {cass: HERE}, actor=bo)
    assert marks_of(begun) == {cass.pk: "here"}


def test_who_comes_back_after_the_evening_was_not_expected_at_it(bo: Person, cass: Person, begun: Meeting) -> None:
    Person.objects.filter(pk=cass.pk).update(status_on=begun.starts_at.date() + timedelta(days=1))
    with pytest.raises(PermissionDenied):
        record_attendance(begun, {cass: AWAY}, actor=bo)
    assert marks_of(begun) == {}


def test_one_mark_is_corrected_on_a_page_of_its_own(
    signed_in: SignedIn, bo: Person, cass: Person, begun: Meeting
) -> None:
    record_evening(begun, {cass: AWAY}, held=True, mood=3, actor=bo)
    client, url = signed_in(bo), reverse("meetings:attendance", args=[begun.pk])
    assert f'name="seat-{cass.pk}" value="away" checked' in client.get(url).text
    answer = client.post(url, {f"seat-{cass.pk}": "here"})
    assert (answer.status_code, marks_of(begun)) == (302, {cass.pk: "here"})


def test_without_a_record_there_is_nothing_to_correct(signed_in: SignedIn, bo: Person, begun: Meeting) -> None:
    answer = signed_in(bo).get(reverse("meetings:attendance", args=[begun.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("meetings:evening", args=[begun.pk]))


def test_for_cass_and_dee_the_page_does_not_exist(
    signed_in: SignedIn, cass: Person, dee: Person, begun: Meeting
) -> None:
    url = reverse("meetings:attendance", args=[begun.pk])
    assert [signed_in(person).get(url).status_code for person in (cass, dee)] == [404, 404]

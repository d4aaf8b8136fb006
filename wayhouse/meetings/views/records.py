"""After an evening: the record in three minutes, who came, and the talk of those who led it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wayhouse.meetings import actions, rules
from wayhouse.meetings.forms import AttendanceForm, DebriefForm, EveningForm
from wayhouse.meetings.guides import guide_of
from wayhouse.meetings.models import EveningRecord
from wayhouse.meetings.tonight import Tonight
from wayhouse.meetings.views.evenings import tonight_or_404
from wayhouse.people.present import PersonRequest, for_people


@for_people
def record(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """The record of an evening: choices and ticks, corrected by doing it again within two days."""
    tonight = tonight_or_404(request, meeting_id)
    if not rules.may_record_on(request.person, tonight.shift):
        return _not_now(request, tonight)
    attendance = _attendance_form(request, tonight)
    form = EveningForm(_sent(request), tonight.record, present=attendance.present)
    # Both are asked, so that everything to correct is said at once.
    complete = [form.is_valid(), attendance.is_valid() or form.says_not_held]
    if all(complete):
        marks = attendance.marks() if form.says_held else {}
        actions.record_evening(tonight.meeting, marks, **form.entry(), actor=request.person)
        messages.success(request, _("Thank you. It is written down."))
        return redirect("meetings:debrief", meeting_id)
    words = {"page": _("Record"), "tonight": tonight, "form": form, "attendance": attendance}
    return render(request, "meetings/record.html", words)


@for_people
def attendance(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Who came, alone: to correct one mark without going through the whole record."""
    tonight = tonight_or_404(request, meeting_id)
    if tonight.record is None or not rules.may_record_on(request.person, tonight.shift):
        return _not_now(request, tonight)
    form = _attendance_form(request, tonight)
    if form.is_valid():
        actions.record_attendance(tonight.meeting, form.marks(), actor=request.person)
        messages.success(request, _("Attendance recorded."))
        return redirect("meetings:evening", meeting_id)
    words = {"page": _("Record"), "tonight": tonight, "form": form, "attendance": form}
    return render(request, "meetings/attendance.html", words)


@for_people
def debrief(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """The last ten minutes: prompts for those who led, a tick, and what to do if one of them carries something home.

    Once the evening is closed, the tick alone can follow.
    """
    tonight = tonight_or_404(request, meeting_id)
    if tonight.record is None or not rules.may_record_on(request.person, tonight.shift):
        return _not_now(request, tonight)
    form = DebriefForm(_sent(request))
    if form.is_valid():
        _close(request, tonight.record, talked=form.cleaned_data["talked"])
        return redirect("meetings:evening", meeting_id)
    guide = guide_of(tonight.meeting, tonight.card.language)
    words = {"page": _("Afterwards"), "tonight": tonight, "form": form, "guide": guide}
    return render(request, "meetings/debrief.html", words)


def _close(request: PersonRequest, record: EveningRecord, *, talked: bool) -> None:
    """Close the evening; where the other one closed it meanwhile, a tick is added and none is taken back."""
    if not record.closed:
        actions.close_evening(record.meeting, talked=talked, actor=request.person)
        messages.success(request, _("The evening is closed. Come home well."))
    elif talked and not record.debriefed:
        actions.tick_talk(record.meeting, actor=request.person)
        messages.success(request, _("Thank you. Only this tick is kept."))


def _sent(request: PersonRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _attendance_form(request: PersonRequest, tonight: Tonight) -> AttendanceForm:
    known = dict(tonight.meeting.attendances.values_list("person_id", "presence"))
    return AttendanceForm(_sent(request), tonight.expected, known)


def _not_now(request: PersonRequest, tonight: Tonight) -> HttpResponse:
    """Somebody on shift, at the wrong time or without the part: the evening itself says what can be done."""
    if not tonight.meeting.has_started:
        messages.info(request, _("You can write the record once the evening has begun."))
    return redirect("meetings:evening", tonight.meeting.pk)

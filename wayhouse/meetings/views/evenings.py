"""Before and during an evening, for those who serve or stand by: the card, the guide, the steps, the paper list."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wayhouse.accounts.session_store import SessionStore
from wayhouse.meetings import rules, running
from wayhouse.meetings.guides import guide_of
from wayhouse.meetings.models import RECORD_WITHIN, Attendance, EveningRecord, Guide
from wayhouse.meetings.outlook import changes_of
from wayhouse.meetings.parts import MOODS
from wayhouse.meetings.running import Place, Step
from wayhouse.meetings.tonight import Tonight, evening_of
from wayhouse.people.present import PersonRequest, for_people

# Lines on the paper for people nobody expected.
SPARE_SEATS = 2


def tonight_or_404(request: PersonRequest, meeting_id: UUID) -> Tonight:
    """The evening as the present person reads it. Error: `Http404` for everybody who is not on shift there."""
    found = evening_of(request.person, meeting_id)
    if found is None:
        raise Http404
    return found


@for_people
@require_GET
def evening(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Tonight's card: who is expected, what has to be arranged, what to be careful about."""
    tonight = tonight_or_404(request, meeting_id)
    found = _guide(tonight)
    may_record = rules.may_record_on(request.person, tonight.shift)
    words = {
        "page": _("Evening"),
        "tonight": tonight,
        "guide": found,
        "changes": changes_of(meeting=meeting_id),
        "cautions": _cautions(tonight, found),
        "may_record": may_record,
        "first": _first(tonight, found, may_record=may_record),
    }
    return render(request, "meetings/evening.html", words)


@for_people
@require_GET
def guide(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """The guide of this evening, to read or to print."""
    tonight = tonight_or_404(request, meeting_id)
    found = _guide_or_404(tonight)
    words = {"page": _("Guide"), "title": found.title, "guide": found.content, "tonight": tonight}
    return render(request, "meetings/guide.html", words)


@for_people
@require_GET
def seat_list(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """A sheet of paper for a room without signal: seats, ticks, the steps. It says when to tear it up."""
    tonight = tonight_or_404(request, meeting_id)
    if tonight.meeting.is_over:
        return redirect("meetings:evening", meeting_id)
    found = _guide(tonight)
    steps = running.steps_of(found.content, online=tonight.card.online) if found else []
    words = {
        "page": _("Paper list"),
        "tonight": tonight,
        "printed_for": next((host.name for host in tonight.hosts if host.is_me), ""),
        "paper_until": tonight.meeting.ends_at + RECORD_WITHIN,
        "spare": range(len(tonight.expected) + 1, len(tonight.expected) + 1 + SPARE_SEATS),
        "presences": Attendance.Presence.choices,
        "moods": MOODS.items(),
        "follow_ups": EveningRecord.FollowUp.choices,
        "timetable": running.timetable(tonight.meeting, steps),
        "moments": found.content.get("cards", []) if found else [],
    }
    return render(request, "meetings/seat_list.html", words)


@for_people
def run(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """The evening step by step. The place on the way is kept in the session, so the page can be opened again."""
    tonight = tonight_or_404(request, meeting_id)
    found = _guide_or_404(tonight)
    if request.method == "POST":
        return _go(request, tonight, found)
    place = running.place_in(request.session, tonight.meeting)
    steps = running.steps_of(found.content, online=place.online if place else tonight.card.online)
    words = {"page": _("Evening"), "tonight": tonight, "guide": found, "steps": steps, "place": place}
    if place is None:
        return render(request, "meetings/begin.html", words)
    return render(request, "meetings/run.html", words | _present(tonight, steps, place))


def _cautions(tonight: Tonight, found: Guide | None) -> list[str]:
    """What to be careful with: for whoever comes, and with the topic."""
    return [*tonight.card.cautions, *(found.content.get("before", {}).get("cautions", ()) if found else ())]


def _first(tonight: Tonight, found: Guide | None, *, may_record: bool) -> str:
    """The one thing to do next; empty where there is nothing."""
    record = tonight.record
    if found and record is None and not tonight.meeting.is_over and not tonight.was_called_off:
        return "run"
    if may_record and record is None:
        return "record"
    return "debrief" if may_record and record and not record.closed else ""


def _go(request: PersonRequest, tonight: Tonight, found: Guide) -> HttpResponse:
    meeting, online = tonight.meeting, request.POST.get("online") == "yes"
    steps = running.steps_of(found.content, online=online)
    wanted = request.POST.get("step", "")
    if rules.may_hold_open(request.person, tonight.shift):
        _session(request).hold_open(meeting.ends_at + rules.HELD_AFTER)
    if wanted == "end":
        running.finish(request.session)
        may_record = rules.may_record_on(request.person, tonight.shift)
        return redirect("meetings:record" if may_record else "meetings:evening", meeting.pk)
    if wanted.isdecimal() and int(wanted) < len(steps):
        running.go_to(request.session, meeting, int(wanted), online=online)
    return redirect("meetings:run", meeting.pk)


def _present(tonight: Tonight, steps: list[Step], place: Place) -> dict[str, object]:
    at = min(place.step, len(steps) - 1)
    return {
        "step": steps[at],
        "number": at + 1,
        "before": at - 1,
        "after": at + 1,
        "ahead": sum(step.minutes for step in steps[at + 1 :]),
        "left": running.minutes_left(tonight.meeting),
    }


def _session(request: HttpRequest) -> SessionStore:
    return cast("SessionStore", request.session)


def _guide(tonight: Tonight) -> Guide | None:
    return guide_of(tonight.meeting, tonight.card.language)


def _guide_or_404(tonight: Tonight) -> Guide:
    found = _guide(tonight)
    if found is None:
        raise Http404
    return found

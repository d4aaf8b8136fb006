"""What a member sees of an evening of their group, and their yes or not this time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wayhouse.meetings import actions, rules
from wayhouse.meetings.guides import guide_of
from wayhouse.meetings.models import Meeting, Shift
from wayhouse.meetings.outlook import Outlook, next_after, outlook_of
from wayhouse.people.present import PersonRequest, for_people

_WORDS = {"yes": True, "no": False}


@for_people
@require_GET
def meeting(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """One evening: before it, who will be there and the question; afterwards, what it was about."""
    found = outlook_of(request.person, meeting_id)
    if found is None:
        return _of_a_mentor_or_404(request, meeting_id)
    if found.serves:
        return redirect("meetings:evening", meeting_id)
    if not found.meeting.is_over:
        return render(request, "meetings/meeting.html", {"page": _("Meeting"), "outlook": found})
    return render(request, "meetings/past_meeting.html", {"page": _("Meeting"), "outlook": found, **_after(found)})


@for_people
@require_POST
def answer(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Yes or not this time: one tap, changed by another until the evening begins."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.person), pk=meeting_id)
    coming = _WORDS.get(request.POST.get("answer", ""))
    if coming is None or not rules.may_answer(request.person, meeting):
        messages.info(request, _("This cannot be answered any more."))
    else:
        actions.answer_meeting(meeting, coming=coming, actor=request.person)
        messages.success(request, _("Good. See you there.") if coming else _("Thank you for telling us. See you soon."))
    return redirect("meetings:meeting", meeting_id)


def _of_a_mentor_or_404(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Who serves without a seat in the group reads the evening on its card, not with the keys of the group."""
    get_object_or_404(Shift, meeting=meeting_id, person=request.person)
    return redirect("meetings:evening", meeting_id)


def _after(found: Outlook) -> dict[str, object]:
    guide = guide_of(found.meeting, found.meeting.group.language)
    return {"guide": guide, "next_meeting": next_after(found.meeting)}

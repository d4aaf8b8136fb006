"""Which time suits a group: asking, answering, and what everybody reads once it is closed."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wayhouse.core.gate import found_or_404
from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.refusals import Outdated
from wayhouse.meetings import polling, rules
from wayhouse.meetings.models import Meeting, Poll, PollAnswer
from wayhouse.meetings.poll_forms import AnswerPollForm, AskPollForm
from wayhouse.meetings.polls import FEWEST
from wayhouse.people.models import Person
from wayhouse.people.present import PersonRequest, for_people


@for_people
def poll(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """The times with one's own answer; once it is closed, how many they suit."""
    found = _get(request.person, meeting_id)
    try:
        found = polling.count_poll(found)
    except Outdated:
        return redirect("meetings:poll", meeting_id)
    mine = next(iter(_answers(poll=found.pk, person=request.person.pk)), None)
    open_all([found], [mine] if mine else [])
    form = AnswerPollForm(request.POST or None, options=found.options, said=mine.marks if mine else [])
    may_answer = rules.may_answer_poll(request.person, found)
    if may_answer and form.is_valid():
        _answer(request, found, form)
        return redirect("meetings:poll", meeting_id)
    counts: list[list[int]] = found.counts or [[] for _time in found.options]
    words = {
        "page": _("Which time suits?"),
        "poll": found,
        "meeting": found.meeting,
        "form": form if may_answer else None,
        "answered": mine is not None,
        "times": list(zip(found.options, counts, strict=True)),
        "fewest": FEWEST,
        "may_withdraw": rules.may_withdraw_poll(request.person, found),
        "may_move": request.person.is_coordinator and rules.may_poll(request.person, found.meeting),
    }
    return render(request, "meetings/poll.html", words)


def _get(person: Person, meeting_id: UUID) -> Poll:
    if person.is_coordinator:
        rows = _of_programme(meeting=meeting_id, programme=person.programme_id)
    else:
        rows = _put_to(meeting=meeting_id, person=person.pk) if person.status == Person.Status.ACTIVE else []
    return found_or_404(next(iter(rows), None))


@prepared
def _of_programme(meeting: UUID, programme: UUID) -> QuerySet[Poll]:
    return Poll.objects.of_programme(programme).filter(meeting=meeting).select_related("item", "meeting__group__scope")


@prepared
def _put_to(meeting: UUID, person: UUID) -> QuerySet[Poll]:
    return Poll.objects.put_to(person).filter(meeting=meeting).select_related("item", "meeting__group__scope")


def _get_meeting(person: Person, meeting_id: UUID) -> Meeting:
    if person.is_coordinator:
        rows = _meeting_of_programme(meeting=meeting_id, programme=person.programme_id)
    else:
        rows = _meeting_shown_to(meeting=meeting_id, person=person.pk)
    return found_or_404(next(iter(rows), None))


@prepared
def _meeting_of_programme(meeting: UUID, programme: UUID) -> QuerySet[Meeting]:
    return _with_poll(Meeting.objects.filter(pk=meeting, group__programme=programme))


@prepared
def _meeting_shown_to(meeting: UUID, person: UUID) -> QuerySet[Meeting]:
    return _with_poll(Meeting.objects.shown_to(person).filter(pk=meeting))


def _with_poll(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return meetings.select_related("group__programme", "group__scope", "poll")


@prepared
def _answers(poll: UUID, person: UUID) -> QuerySet[PollAnswer]:
    return PollAnswer.objects.filter(poll=poll, person=person).select_related("item")


@for_people
def ask_poll(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Ask the group about other times for one evening."""
    meeting = _get_meeting(request.person, meeting_id)
    if hasattr(meeting, "poll") and Poll.objects.visible_to(request.person).filter(meeting=meeting).exists():
        return redirect("meetings:poll", meeting_id)
    # For everybody else this page does not exist.
    if not rules.may_poll(request.person, meeting):
        raise Http404
    form = AskPollForm(request.POST or None, meeting=meeting)
    if form.is_valid():
        said = form.cleaned_data
        try:
            polling.ask_poll(meeting, said["others"], said["closes_at"], actor=request.person)
        except Outdated:
            messages.warning(request, _("This evening was changed meanwhile. Look at it as it stands now."))
            return redirect("meetings:ask_poll", meeting_id)
        messages.success(request, _("The group is asked. Nobody reads a number before it is closed."))
        return redirect("meetings:poll", meeting_id)
    words = {"page": _("Ask which time suits"), "meeting": meeting, "form": form}
    return render(request, "meetings/ask_poll.html", words)


@for_people
@require_POST
def withdraw_poll(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Ask no more."""
    polls = Poll.objects.visible_to(request.person).select_related("item__scope", "meeting__group__scope")
    found = get_object_or_404(polls, meeting=meeting_id)
    try:
        polling.withdraw_poll(found, actor=request.person)
    except Outdated:
        messages.info(request, _("It is closed. What it says stands."))
        return redirect("meetings:poll", meeting_id)
    messages.success(request, _("Nobody is asked any more. All answers are deleted."))
    return redirect("meetings:meeting", meeting_id)


def _answer(request: PersonRequest, found: Poll, form: AnswerPollForm) -> None:
    try:
        polling.answer_poll(found, form.marks(), actor=request.person)
    except Outdated:
        messages.info(request, _("This cannot be answered any more."))
    else:
        messages.success(request, _("Thank you. You can change it until it is closed."))

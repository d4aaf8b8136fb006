"""Threads of two: the list, beginning one, reading and writing, ending it with one tap."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wayhouse.mentoring import nudging, rules, writing
from wayhouse.mentoring.forms import BeginForm, LetterForm, NudgeForm
from wayhouse.mentoring.offering import mentors_for, offer_of
from wayhouse.mentoring.reading import own_letters, pairs_of, talk_of, threads_of
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_people, for_roles


@for_roles(Role.Kind.MEMBER, Role.Kind.MENTOR)
@require_GET
def threads(request: PersonRequest) -> HttpResponse:
    """Somebody's threads, and with whom they may begin one."""
    person = request.person
    words: dict[str, Any] = {
        "page": _("Between two"),
        "threads": threads_of(person),
        "mentors": mentors_for(person),
        "offer": offer_of(person) if rules.may_keep_hours(person) else None,
        "mentors_here": rules.may_keep_hours(person),
        "looks": rules.may_look_for_mentor(person),
    }
    return render(request, "mentoring/threads.html", words)


@for_roles(Role.Kind.MEMBER)
def begin_pair(request: PersonRequest, hours_id: UUID) -> HttpResponse:
    """Begin to write with a mentor of one's own group."""
    there = pairs_of(request.person).going().filter(member=request.person, mentor__office_hours=hours_id).first()
    if there is not None:
        return redirect("mentoring:thread", there.pk)
    mentor = next((one for one in mentors_for(request.person) if one.hours_id == hours_id), None)
    if mentor is None:
        return _no_room(request)
    form = BeginForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            wishes = {"quiet_weeks": said["quiet_weeks"], "if_missed": said["if_missed"]}
            pair = writing.begin_pair(mentor.person.pk, said["name"], said["text"], **wishes, actor=request.person)
        except writing.NoRoom:
            return _no_room(request)
        return redirect("mentoring:thread", pair.pk)
    return render(request, "mentoring/begin.html", {"page": _("Write to a mentor"), "mentor": mentor, "form": form})


@for_people
def thread(request: PersonRequest, pair_id: UUID) -> HttpResponse:
    """A thread with its newest letters, and a form to go on."""
    if request.method == "POST":
        return _write(request, pair_id)
    return _show(request, pair_id, LetterForm())


@for_people
@require_POST
def end_pair(request: PersonRequest, pair_id: UUID) -> HttpResponse:
    """End it with one tap; with another button, one's own words go, too."""
    pair = get_object_or_404(pairs_of(request.person), pk=pair_id)
    writing.end_pair(pair, with_words=request.POST.get("words") == "take", actor=request.person)
    messages.success(request, _("It has ended. Nobody asks why."))
    return redirect("mentoring:threads")


@for_people
@require_POST
def take_back(request: PersonRequest, letter_id: UUID) -> HttpResponse:
    """One's own words go for good."""
    letter = get_object_or_404(own_letters(request.person), pk=letter_id)
    writing.take_back(letter, actor=request.person)
    messages.success(request, _("Your words are gone."))
    return redirect("mentoring:thread", letter.pair_id)


@for_people
def choose_nudge(request: PersonRequest, pair_id: UUID) -> HttpResponse:
    """Whether, and after what, the mentor may be asked if a hello would be welcome."""
    pair = get_object_or_404(pairs_of(request.person).filter(member=request.person), pk=pair_id)
    form = NudgeForm(request.POST or None, initial={"quiet_weeks": pair.quiet_weeks, "if_missed": int(pair.if_missed)})
    if form.is_valid():
        said = form.cleaned_data
        writing.choose_nudge(pair, said["quiet_weeks"], if_missed=said["if_missed"], actor=request.person)
        messages.success(request, _("Saved."))
        return redirect("mentoring:thread", pair.pk)
    return render(request, "mentoring/nudge.html", {"page": _("If it gets quiet"), "pair": pair, "form": form})


@for_people
@require_POST
def answer_nudge(request: PersonRequest, pair_id: UUID) -> HttpResponse:
    """The mentor leaves it, or says that the two are in touch."""
    pair = get_object_or_404(pairs_of(request.person).filter(mentor=request.person), pk=pair_id)
    nudging.answer_nudge(pair, in_touch=request.POST.get("touch") == "yes", actor=request.person)
    return redirect("mentoring:thread", pair.pk)


def _write(request: PersonRequest, pair_id: UUID) -> HttpResponse:
    pair = get_object_or_404(pairs_of(request.person), pk=pair_id)
    form = LetterForm(request.POST)
    if not form.is_valid() or not rules.may_write(request.person, pair):
        return _show(request, pair_id, form)
    said = form.cleaned_data
    writing.write_letter(pair, said["text"], actor=request.person, key=said["key"])
    return redirect("mentoring:thread", pair.pk)


def _show(request: PersonRequest, pair_id: UUID, form: LetterForm) -> HttpResponse:
    talk = talk_of(pair_id, request.person, before=_number_in(request))
    if talk is None:
        raise Http404
    return render(request, "mentoring/thread.html", {"page": _("Between two"), "talk": talk, "form": form})


def _no_room(request: PersonRequest) -> HttpResponse:
    """Whoever is not there for one any more, and whoever never was, look the same."""
    return render(request, "mentoring/no_room.html", {"page": _("Write to a mentor")}, status=404)


def _number_in(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(2**63)) else None

"""Asking without a name, answering without a name, and opening names to each other."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wayhouse.crypto.sealed import open_all
from wayhouse.mentoring import asking, masks, rules
from wayhouse.mentoring.asked import MOST_QUESTIONS, Question
from wayhouse.mentoring.exchanging import exchange_of, exchanges_of, open_own
from wayhouse.mentoring.forms import LetterForm, NameForm, QuestionForm
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_people, for_roles

_MEMBER, _MENTOR = for_roles(Role.Kind.MEMBER), for_roles(Role.Kind.MENTOR)


@_MEMBER
def ask(request: PersonRequest) -> HttpResponse:
    """One's own questions, and a new one."""
    mine = masks.own_questions(request.person)
    form = QuestionForm(request.POST or None)
    others = (mentor for mentor in asking.mentors_who_answer(request.person) if mentor.pk != request.person.pk)
    nobody = bool(rules.may_ask(request.person)) and not any(others)
    if form.is_valid() and rules.may_ask(request.person):
        said = form.cleaned_data
        try:
            question = asking.ask_question(said["text"], actor=request.person, key=said["key"])
        except asking.NobodyAnswers:
            nobody = True
        except asking.Enough:
            mine = masks.own_questions(request.person)
        else:
            return redirect("mentoring:asked", question.pk)
    open_own(mine)
    words: dict[str, Any] = {
        "page": _("Ask without a name"),
        "questions": mine,
        "form": form,
        "nobody": nobody,
        "asks": rules.may_ask(request.person) and len(mine) < MOST_QUESTIONS,
    }
    return render(request, "mentoring/ask.html", words)


@_MEMBER
@require_GET
def asked(request: PersonRequest, question_id: UUID) -> HttpResponse:
    """One's own question, and who answered: each by themselves, nobody by a name."""
    question = _own(request, question_id)
    open_own([question])
    answers = exchanges_of([seat for seat in masks.own_exchanges(request.person) if _is_about(seat, question)])
    words = {"page": _("Your question"), "question": question, "answers": answers}
    return render(request, "mentoring/asked.html", words)


@_MEMBER
@require_POST
def take_back_question(request: PersonRequest, question_id: UUID) -> HttpResponse:
    """One's own question goes, with everything that was said to it."""
    asking.take_back_question(_own(request, question_id))
    messages.success(request, _("It is gone."))
    return redirect("mentoring:ask")


@_MENTOR
@require_GET
def questions(request: PersonRequest) -> HttpResponse:
    """What was asked without a name, for mentors who answer."""
    found = masks.questions_for(request.person)
    open_all(found)
    mine = {seat.exchange.question_id: seat.exchange.pk for seat in masks.own_exchanges(request.person)}
    rows = [(question, mine.get(question.pk)) for question in found]
    return render(request, "mentoring/questions.html", {"page": _("Questions"), "rows": rows})


@_MENTOR
def answer(request: PersonRequest, question_id: UUID) -> HttpResponse:
    """A first answer."""
    question = next((one for one in masks.questions_for(request.person) if one.pk == question_id), None)
    if question is None:
        raise Http404
    form = LetterForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = asking.answer_question(question, said["text"], actor=request.person, key=said["key"])
        except asking.Gone:
            raise Http404 from None
        return redirect("mentoring:exchange", made.pk)
    return render(request, "mentoring/answer.html", {"page": _("Answer"), "question": question, "form": form})


def _or_nothing(view: Callable[[PersonRequest, UUID], HttpResponse]) -> Any:
    """What is sent to an exchange that is gone, perhaps because a thread came of it, finds nothing there any more."""

    @wraps(view)
    def answered(request: PersonRequest, exchange_id: UUID) -> HttpResponse:
        try:
            return view(request, exchange_id)
        except asking.Gone:
            raise Http404 from None

    return answered


@for_people
@_or_nothing
def exchange(request: PersonRequest, exchange_id: UUID) -> HttpResponse:
    """What two who do not know each other say to each other."""
    seat = _seat(request, exchange_id)
    _still_reads(request, seat)
    form, says = LetterForm(request.POST or None), rules.may_say(request.person, as_asker=seat.as_asker)
    if form.is_valid() and says and not seat.exchange.closed:
        said = form.cleaned_data
        pair = asking.say(seat, said["text"], actor=request.person, key=said["key"])
        return redirect("mentoring:thread", pair.pk) if pair else redirect("mentoring:exchange", exchange_id)
    words = {"page": _("Without names"), "talk": exchange_of(seat), "form": form, "says": says}
    return render(request, "mentoring/exchange.html", words)


@for_people
@_or_nothing
def open_name(request: PersonRequest, exchange_id: UUID) -> HttpResponse:
    """Say under which name one would open, or that one would rather not after all."""
    seat = _seat(request, exchange_id)
    if request.POST.get("keep") == "yes":
        asking.keep_name(seat)
        return redirect("mentoring:exchange", exchange_id)
    _still_reads(request, seat)
    room = rules.may_open_name(request.person, as_asker=seat.as_asker)
    form = NameForm(request.POST or None)
    if form.is_valid() and room and not seat.exchange.closed:
        pair = asking.open_name(seat, form.cleaned_data["name"], actor=request.person)
        return redirect("mentoring:thread", pair.pk) if pair else redirect("mentoring:exchange", exchange_id)
    words = {"page": _("Open your name"), "seat": seat, "form": form, "room": room}
    return render(request, "mentoring/open_name.html", words)


@for_people
@require_POST
@_or_nothing
def close_exchange(request: PersonRequest, exchange_id: UUID) -> HttpResponse:
    """End it, from either side."""
    seat = _seat(request, exchange_id)
    asking.close_exchange(seat)
    messages.success(request, _("It has ended. Nobody asks why."))
    return redirect("mentoring:ask" if seat.as_asker else "mentoring:questions")


def _own(request: PersonRequest, question_id: UUID) -> Question:
    found = masks.own_question(request.person, question_id)
    if found is None:
        raise Http404
    return found


def _seat(request: PersonRequest, exchange_id: UUID) -> masks.Seat:
    found = masks.seat_in(exchange_id, request.person)
    if found is None:
        raise asking.Gone
    return found


def _still_reads(request: PersonRequest, seat: masks.Seat) -> None:
    """With the role of a mentor go the keys of the question."""
    if not seat.as_asker and not request.person.holds(Role.Kind.MENTOR):
        raise Http404


def _is_about(seat: masks.Seat, question: Question) -> bool:
    return seat.as_asker and seat.exchange.question_id == question.pk

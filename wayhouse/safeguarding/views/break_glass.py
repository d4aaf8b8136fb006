"""Break-glass: the copy one agrees to, asking, answering, reading, and what the person sees of it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wayhouse.accounts.views import proven_lately
from wayhouse.core import clock
from wayhouse.crypto.sealed import open_all
from wayhouse.people.consents.giving import Reworded
from wayhouse.people.consents.wordings import Purpose, wording_of
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_oneself, for_roles
from wayhouse.safeguarding import rules
from wayhouse.safeguarding.models import Appointment, Concern, PlanOpening
from wayhouse.safeguarding.naming import named_in
from wayhouse.safeguarding.refusals import NobodyAnswers, NothingToOpen
from wayhouse.safeguarding.safety_plan import copying, opening
from wayhouse.safeguarding.safety_plan.chance import chance_of
from wayhouse.safeguarding.safety_plan.forms import AskForm, CopyForm
from wayhouse.safeguarding.safety_plan.own import plan_of
from wayhouse.safeguarding.safety_plan.parts import PARTS

State = PlanOpening.State


@for_oneself
def keep_copy(request: PersonRequest) -> HttpResponse:
    """The words of consent C7, and a yes to them."""
    if plan_of(request.person) is None or not rules.may_write_plan(request.person):
        raise Http404
    wording = wording_of(Purpose.EMERGENCY, (get_language() or "en").partition("-")[0])
    form = CopyForm(request.POST or None, initial={"version": wording.version, "language": wording.language})
    if form.is_valid():
        said = form.cleaned_data
        try:
            copying.keep_copy(said["version"], said["language"], how=said["how"], actor=request.person)
            messages.success(request, _("The copy is made. You can take it back at any time, with one tap."))
        except (Reworded, KeyError):
            messages.warning(request, _("These words have just changed. Please read them again."))
        except NobodyAnswers:
            messages.warning(request, _("Nobody answers for safety here yet, so there is nobody to hold it."))
        return redirect("safeguarding:safety_plan")
    return render(request, "safeguarding/keep_copy.html", {"page": wording.title, "wording": wording, "form": form})


@for_oneself
@require_POST
def give_up_copy(request: PersonRequest) -> HttpResponse:
    """Take the consent back, at once and without a question."""
    copying.give_up_copy(actor=request.person)
    messages.success(request, _("The copy is destroyed, with both halves of its key. Nobody can open it any more."))
    return redirect("safeguarding:safety_plan")


@for_oneself
def openings(request: PersonRequest) -> HttpResponse:
    """Who asked to open one's plan, who agreed, when and why, and when it was read. Nothing is ever taken off."""
    person = request.person
    if request.method == "POST":
        opening.note_seen(person, actor=person)
        return redirect("safeguarding:openings")
    rows = list(PlanOpening.objects.filter(person=person).select_related("item").order_by("-item__seq", "-ends_at"))
    open_all(rows)
    rows.sort(key=lambda row: row.asked_at, reverse=True)
    words = {
        "page": _("Who opened my plan"),
        "rows": [_told(row) for row in rows],
        "unseen": any(not row.seen for row in rows),
    }
    return render(request, "safeguarding/openings.html", words)


@for_roles(Role.Kind.COORDINATOR)
def waiting_openings(request: PersonRequest) -> HttpResponse:
    """What waits for a second person."""
    found = _waiting(request).order_by("ends_at")
    rows = [row for row in found if rules.may_answer_opening(request.person, row)]
    open_all(rows)
    words = {"page": _("Two are needed"), "rows": [_told(row) for row in rows]}
    return render(request, "safeguarding/waiting_openings.html", words)


@for_roles(Role.Kind.COORDINATOR)
def answer_opening(request: PersonRequest, opening_id: UUID) -> HttpResponse:
    """What somebody who answers asks for, and the coordinator's yes or no. The plan itself is not shown here."""
    found = get_object_or_404(_waiting(request), pk=opening_id)
    if not rules.may_answer_opening(request.person, found):
        raise Http404
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "yes":
                opening.agree_to_opening(found, actor=request.person)
                messages.success(request, _("Your half is handed over, for a day at most. The person will read that."))
            else:
                opening.refuse_opening(found, actor=request.person)
                messages.success(request, _("Nothing was opened. The person will read that it was asked for."))
        except NothingToOpen:
            messages.warning(request, _("There is nothing to open any more, or somebody answered meanwhile."))
        return redirect("home:home")
    return render(request, "safeguarding/answer_opening.html", {"page": _("Two are needed"), "row": _told(found)})


@for_roles(Role.Kind.SAFEGUARDING_LEAD)
@require_POST
def ask_opening(request: PersonRequest, concern_id: UUID) -> HttpResponse:
    """Ask a coordinator to open it with one."""
    found = _concern(request, concern_id)
    form = AskForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say in a sentence why it has to be opened."))
        return redirect("safeguarding:concern", found.pk)
    try:
        opening.ask_opening(found, form.cleaned_data["reason"], actor=request.person)
        messages.success(request, _("The coordinators are called. Once one of them agrees, you can read it here."))
    except NothingToOpen:
        messages.warning(request, _("There is no copy that may be opened now."))
    return redirect("safeguarding:concern", found.pk)


@for_roles(Role.Kind.SAFEGUARDING_LEAD)
@proven_lately
def read_opened(request: PersonRequest, concern_id: UUID) -> HttpResponse:
    """The plan, for whoever asked, while it may be read; each time is written down. A form sent here closes it."""
    found = _concern(request, concern_id)
    named = named_in(found)
    chance = chance_of(found, named[0] if named else "", actor=request.person)
    if chance is None or chance.running is None or chance.running.state != State.OPEN:
        raise Http404
    if request.method == "POST":
        opening.end_opening(chance.running, actor=request.person)
        messages.success(request, _("It is closed."))
        return redirect("safeguarding:concern", found.pk)
    try:
        words = opening.read_opened(found, actor=request.person)
    except NothingToOpen:
        raise Http404 from None
    context = {
        "page": _("Safety plan"),
        "concern": found,
        "parts": [(part.title, words[part.name]) for part in PARTS],
        "written_on": date.fromisoformat(words["written_on"]),
        "until": chance.running.ends_at,
    }
    return render(request, "safeguarding/read_opened.html", context)


def _concern(request: PersonRequest, concern_id: UUID) -> Concern:
    visible = Concern.objects.visible_to(request.person).select_related("item", "scope", "own_scope", "programme")
    found = get_object_or_404(visible, pk=concern_id)
    if not rules.may_ask_opening(request.person, found):
        raise Http404
    return found


def _waiting(request: PersonRequest) -> "QuerySet[PlanOpening]":
    here = PlanOpening.objects.waiting(clock.now()).filter(person__programme=request.person.programme_id)
    return here.select_related("item__scope", "person")


def _told(row: PlanOpening) -> dict[str, Any]:
    over = row.state == State.OPEN and row.ends_at <= clock.now()
    return {
        "pk": row.pk,
        "state": State.ENDED if over else row.state,
        "about": row.about,
        "asker": row.asker,
        "post": dict(Appointment.POSTS).get(row.post, ""),
        "reason": row.reason,
        "asked_at": parse_datetime(row.asked_at),
        "second": row.second,
        "answered_at": parse_datetime(row.answered_at) if row.answered_at else None,
        "until": row.ends_at,
        "read_at": [parse_datetime(when) for when in row.read_at],
    }

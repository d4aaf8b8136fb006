"""The conduct ladder: for those who answer, and for the person it is about."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wayhouse.accounts.views import proven_lately
from wayhouse.core import clock
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Person, Role
from wayhouse.people.present import PersonRequest, for_oneself, for_roles
from wayhouse.safeguarding import conduct, posts, rules
from wayhouse.safeguarding.conduct_forms import ConductForm, DeedForm
from wayhouse.safeguarding.conduct_words import DEEDS, DONE, MEANING, MISSES, OWN_DONE, PLACES, RUNGS, TEAM_PLACES
from wayhouse.safeguarding.models import Appointment, Concern, ConductStep
from wayhouse.safeguarding.protocol.conduct import Deed, NotFollowing, Place, Rung
from wayhouse.safeguarding.refusals import NobodyAnswers

_answering = for_roles(Role.Kind.SAFEGUARDING_LEAD)
_MOST = 100


@_answering
@proven_lately
def ladder(request: PersonRequest) -> HttpResponse:
    """Every step one may read: those that wait for somebody first."""
    if not rules.answers(request.person):
        raise Http404
    visible = ConductStep.objects.visible_to(request.person).select_related("item", "programme")
    found = list(visible.order_by("decide_by", "-told_at", "pk")[:_MOST])
    open_all(found)
    waits = {Place.APPEALED: 0, Place.PROPOSED: 1}
    found.sort(key=lambda step: waits.get(Place(step.place), 2))
    rows = [(step, RUNGS[Rung(step.rung)], TEAM_PLACES[Place(step.place)]) for step in found]
    return render(request, "safeguarding/ladder.html", {"page": _("How we are together"), "rows": rows})


@_answering
@proven_lately
def take_conduct_step(request: PersonRequest, concern_id: UUID) -> HttpResponse:
    """Decide a step about the person of a concern."""
    visible = Concern.objects.visible_to(request.person).select_related("item", "scope", "programme")
    concern = get_object_or_404(visible, pk=concern_id)
    person = conduct.person_of(concern)
    if person is None:
        raise Http404
    form = ConductForm(request.POST or None)
    if form.is_valid():
        try:
            made = conduct.take_conduct_step(concern, form.decided(), actor=request.person)
        except NotFollowing:
            form.add_error("rung", _("An ending comes only after an earlier step, and not for who coordinates."))
        except NobodyAnswers:
            form.add_error(None, _("Nobody is left who may read it."))
        else:
            messages.success(request, _("Written down."))
            return redirect("safeguarding:conduct_step", made.pk)
    words = {"page": _("A step about how we are together"), "concern": concern, "form": form}
    return render(request, "safeguarding/take_conduct_step.html", words)


@_answering
@proven_lately
def conduct_step(request: PersonRequest, step_id: UUID) -> HttpResponse:
    """One step, as those who answer read it."""
    found = _visible(request, step_id)
    outside = posts.outside(found)
    open_all(outside)
    context = _told(found, DONE) | {
        "page": RUNGS[Rung(found.rung)],
        "state": TEAM_PLACES[Place(found.place)],
        "deeds": [(one, DEEDS[one]) for one in conduct.deeds_of(found, request.person)],
        "colleagues": outside,
    }
    return render(request, "safeguarding/conduct_step.html", context)


@_answering
@proven_lately
def do_with_step(request: PersonRequest, step_id: UUID, deed: str) -> HttpResponse:
    """Sign, drop, look again, decide an appeal."""
    found = _visible(request, step_id)
    able = _able(found, deed, request.person)
    form = _done(request, found, able, conduct.do_with_step)
    if form is None:
        messages.success(request, _("Written down."))
        return redirect("safeguarding:conduct_step", found.pk)
    words = _told(found, DONE) | {"page": DEEDS[able], "form": form, "rung": RUNGS[Rung(found.rung)]}
    return render(request, "safeguarding/do_with_step.html", words)


@_answering
@require_POST
def admit_to_conduct(request: PersonRequest, step_id: UUID) -> HttpResponse:
    """A colleague reads it from now on."""
    found = _visible(request, step_id)
    for one in posts.outside(found):
        if str(one.person_id) == request.POST.get("colleague"):
            conduct.admit_to_conduct(found, one.person, actor=request.person)
            messages.success(request, _("They read it from now on."))
    return redirect("safeguarding:conduct_step", found.pk)


@for_oneself
@proven_lately
def told(request: PersonRequest) -> HttpResponse:
    """What one was told oneself, the latest first."""
    found = list(ConductStep.objects.told_to(request.person).select_related("item").order_by("-told_at", "pk")[:_MOST])
    open_all(found)
    rows = [(step, RUNGS[Rung(step.rung)], PLACES[Place(step.place)]) for step in found]
    return render(request, "safeguarding/told.html", {"page": _("What we told you"), "rows": rows})


@for_oneself
@proven_lately
def own_step(request: PersonRequest, step_id: UUID) -> HttpResponse:
    """One step, why, and what one can say to it: agree, appeal, or in one's own words."""
    found = _own(request, step_id)
    deeds = conduct.deeds_of(found, request.person)
    context = _told(found, OWN_DONE) | {
        "page": RUNGS[Rung(found.rung)],
        "meaning": MEANING[Rung(found.rung)],
        "state": PLACES[Place(found.place)],
        "agrees": Deed.AGREE in deeds and not any(line["what"] == Deed.AGREE for line in found.lines),
        "appeals": Deed.APPEAL in deeds,
        "say": DeedForm(deed=Deed.SAY),
    }
    return render(request, "safeguarding/own_step.html", context)


@for_oneself
@proven_lately
def answer_step(request: PersonRequest, step_id: UUID, deed: str) -> HttpResponse:
    """Say something, agree, or appeal."""
    found = _own(request, step_id)
    able = _able(found, deed, request.person)
    form = _done(request, found, able, conduct.answer_step)
    if form is None:
        messages.success(request, _("It has arrived."))
        return redirect("safeguarding:own_step", found.pk)
    words = {"page": DEEDS[able], "step": found, "form": form, "appealing": able == Deed.APPEAL}
    return render(request, "safeguarding/answer_step.html", words)


def _able(found: ConductStep, deed: str, person: Person) -> Deed:
    """What somebody may do with a step now; for everything else there is no page."""
    able = next((one for one in conduct.deeds_of(found, person) if one == deed), None)
    if able is None:
        raise Http404
    return able


def _done(request: PersonRequest, found: ConductStep, deed: Deed, verb: Callable[..., object]) -> DeedForm | None:
    """Do it where the form says what it takes; None then, else the form to be shown."""
    form = DeedForm(request.POST if request.method == "POST" else None, deed=deed)
    if request.method != "POST" or not form.is_valid():
        return form
    try:
        verb(found, deed, form.cleaned_data, actor=request.person)
    except NotFollowing as refused:
        form.add_error(None, _missing(refused))
        return form
    return None


def _visible(request: PersonRequest, step_id: UUID) -> ConductStep:
    visible = ConductStep.objects.visible_to(request.person).select_related("item", "scope", "programme")
    found = get_object_or_404(visible, pk=step_id)
    open_all([found])
    return found


def _own(request: PersonRequest, step_id: UUID) -> ConductStep:
    own = ConductStep.objects.told_to(request.person).select_related("item", "scope", "programme")
    found = get_object_or_404(own, pk=step_id)
    open_all([found])
    return found


def _told(step: ConductStep, done: Any) -> dict[str, Any]:
    """What both sides read of a step."""
    names = {"person": _("the person"), **dict(Appointment.POSTS)}
    lines = [
        (done[Deed(line["what"])], parse_datetime(line["at"]), names.get(line["by"], ""), line["words"])
        for line in step.lines
    ]
    days = {name: parse_date(getattr(step, name)) for name in ("until", "review_on")}
    in_time = step.appeal_until if step.appeal_until and step.appeal_until > clock.now() else None
    return {"step": step, "lines": lines, "appeal_until": in_time, **days}


def _missing(refused: NotFollowing) -> str:
    said = [str(MISSES[need]) for need in refused.lacking if need in MISSES]
    return " ".join(said) or _("This does not follow from where it is now.")

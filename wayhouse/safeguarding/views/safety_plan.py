"""One's own safety plan: reading, writing, on paper, showing it to somebody; and the plans that others show one."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Person, Role
from wayhouse.people.present import PersonRequest, for_oneself, for_roles
from wayhouse.safeguarding import rules
from wayhouse.safeguarding.models import SafetyPlan
from wayhouse.safeguarding.safety_plan import copying, writing
from wayhouse.safeguarding.safety_plan.forms import PlanForm, ReaderForm
from wayhouse.safeguarding.safety_plan.near import Near, near
from wayhouse.safeguarding.safety_plan.own import plan_of
from wayhouse.safeguarding.safety_plan.parts import NAMES, PARTS


@for_oneself
def safety_plan(request: PersonRequest) -> HttpResponse:
    """One's plan as it stands, who else reads it, and what can be done with it."""
    person, plan = request.person, plan_of(request.person)
    rows = near(person) if plan else []
    # Together, so that keys are looked up once.
    open_all([plan] if plan else [], rows)
    shown = writing.shown_to(plan) if plan else []
    known = {one.person_id for one, _name in shown}
    free = [(str(row.pk), row.name) for row in rows if row.person_id not in known]
    copy_until, was_asked = copying.state_of(person)
    words = {
        "page": _("My safety plan"),
        "parts": _parts(plan),
        "written_on": date.fromisoformat(plan.written_on) if plan else None,
        "shown": shown,
        "form": ReaderForm(people=free) if plan and free and rules.may_write_plan(person) else None,
        "may_write": rules.may_write_plan(person),
        "copy_until": copy_until,
        "openings": was_asked,
    }
    return render(request, "safeguarding/safety_plan.html", words)


@for_oneself
def write_plan(request: PersonRequest) -> HttpResponse:
    """Write, or change, every part on one page."""
    if not rules.may_write_plan(request.person):
        raise Http404
    plan = plan_of(request.person)
    before = {name: getattr(plan, name) for name in NAMES} if plan else {}
    form = PlanForm(request.POST or None, initial=before)
    if form.is_valid():
        writing.write_plan(form.cleaned_data, actor=request.person)
        messages.success(request, _("Saved."))
        return redirect("safeguarding:safety_plan")
    return render(request, "safeguarding/write_plan.html", {"page": _("My safety plan"), "form": form})


@for_oneself
def plan_on_paper(request: PersonRequest) -> HttpResponse:
    """The same to print; parts that are empty have lines to write on by hand."""
    plan = plan_of(request.person)
    return render(request, "safeguarding/plan_on_paper.html", {"page": _("For a hard hour"), "parts": _parts(plan)})


@for_oneself
@require_POST
def show_plan(request: PersonRequest) -> HttpResponse:
    """Show it to one of those who lead or accompany one's groups."""
    plan = _own(request)
    form = ReaderForm(request.POST, people=_choices(request.person))
    if form.is_valid():
        row = next(row for row in _named(request.person) if str(row.pk) == form.cleaned_data["reader"])
        writing.show_plan(plan, row.person, row.name, actor=request.person)
        messages.success(request, _("They read your plan from now on, until you take that back."))
    return redirect("safeguarding:safety_plan")


@for_oneself
@require_POST
def take_plan_back(request: PersonRequest) -> HttpResponse:
    """Show it to somebody no more."""
    plan = _own(request)
    wanted = request.POST.get("reader")
    for one, _name in writing.shown_to(plan):
        if str(one.pk) == wanted:
            writing.take_plan_back(plan, one.pk, actor=request.person)
    messages.success(request, _("Taken back. From this moment they read nothing of it."))
    return redirect("safeguarding:safety_plan")


@for_oneself
def erase_plan(request: PersonRequest) -> HttpResponse:
    """Erase it, after a yes."""
    plan = plan_of(request.person)
    if plan is None:
        return redirect("safeguarding:safety_plan")
    if request.method == "POST":
        writing.erase_plan(plan, actor=request.person)
        messages.success(request, _("Your plan is erased. Nothing of it is kept."))
        return redirect("safeguarding:safety_plan")
    return render(request, "safeguarding/erase_plan.html", {"page": _("Erase my plan")})


@for_roles(Role.Kind.FACILITATOR, Role.Kind.MENTOR)
def shown_plans(request: PersonRequest) -> HttpResponse:
    """The plans that others chose to show one."""
    rows = list(SafetyPlan.objects.shown_to(request.person).select_related("item").order_by("pk")[:50])
    open_all(rows)
    return render(
        request,
        "safeguarding/shown_plans.html",
        {"page": _("Plans shown to me"), "rows": sorted(rows, key=lambda plan: plan.name.casefold())},
    )


@for_roles(Role.Kind.FACILITATOR, Role.Kind.MENTOR)
def shown_plan(request: PersonRequest, plan_id: UUID) -> HttpResponse:
    """One of them."""
    plan = get_object_or_404(SafetyPlan.objects.shown_to(request.person).select_related("item"), pk=plan_id)
    written_on = date.fromisoformat(plan.written_on)
    words = {"page": plan.name or _("A plan shown to me"), "parts": _parts(plan), "written_on": written_on}
    return render(request, "safeguarding/shown_plan.html", words)


def _own(request: PersonRequest) -> SafetyPlan:
    plan = plan_of(request.person)
    if plan is None:
        raise Http404
    return plan


def _parts(plan: SafetyPlan | None) -> list[tuple[Any, str]]:
    return [(part.title, getattr(plan, part.name) if plan else "") for part in PARTS]


def _named(person: Person) -> list[Near]:
    """Those who lead or accompany one's groups now, with names that open."""
    rows = near(person)
    open_all(rows)
    return rows


def _choices(person: Person) -> list[tuple[str, str]]:
    """The same by number of the row and name: nobody needs to know anybody's number."""
    return [(str(row.pk), row.name) for row in _named(person)]

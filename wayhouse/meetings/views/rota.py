"""The rota of a cycle, for coordinators: have it drawn up, compare, accept, see what is missing."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from wayhouse.crypto.sealed import open_all
from wayhouse.groups.forms import CompareForm, proposal_name
from wayhouse.groups.kept import MOST
from wayhouse.groups.models import Proposal
from wayhouse.groups.placing import drop_proposal
from wayhouse.groups.refusals import AlreadyDrawing, Outdated
from wayhouse.meetings import drawing_up
from wayhouse.meetings.comparing import comparison_of
from wayhouse.meetings.planning_forms import DrawUpForm, RevisionForm
from wayhouse.meetings.rota_sheet import RotaSheet, sheet_of
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles

for_coordinators = for_roles(Role.Kind.COORDINATOR)


def sheet_or_404(request: PersonRequest, cycle_id: UUID) -> RotaSheet:
    """The rota of a cycle, with the proposal of `?n=`. Error: `Http404` where it does not exist for whoever asks."""
    sheet = sheet_of(request.person, cycle_id, request.GET.get("n", ""))
    if sheet is None:
        raise Http404
    return sheet


def address_of(sheet: RotaSheet, week: int | None = None) -> str:
    """The page of a rota with the proposal that was looked at, and from a week on."""
    words = [f"n={sheet.proposal.number}"] if sheet.proposal else []
    words += [f"week={week}"] if week else []
    return reverse("meetings:rota", args=[sheet.cycle.pk]) + (f"?{'&'.join(words)}" if words else "")


def no_longer_open(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """Back to the rota, with the news that its proposal was replaced or accepted meanwhile."""
    messages.warning(request, _("This proposal is no longer open."))
    return redirect("meetings:rota", cycle_id)


@for_coordinators
@require_GET
def rota(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """The proposal if one is open, else the rota in force: gaps on top, groups by weeks.

    `?carries=yes`: instead of them, what each person carries.
    """
    sheet = sheet_or_404(request, cycle_id)
    proposal = sheet.proposal
    carries = "carries" in request.GET
    words = {
        "page": proposal_name(proposal.number) if proposal and len(sheet.kept) > 1 else _("Rota"),
        "cycle": sheet.cycle,
        "proposal": proposal,
        "query": f"?n={proposal.number}" if proposal else "",
        "kept": [(one, proposal_name(one.number), _quality(one)) for one in sheet.kept],
        "most": MOST,
        "compare": CompareForm(numbers=[one.number for one in sheet.kept]) if len(sheet.kept) > 1 else None,
        "board": sheet.board(request.GET.get("week", ""), counted=carries),
        "form": DrawUpForm(),
        "is_drawn": sheet.is_drawn,
        "quality": _quality(proposal) if proposal else "",
    }
    return render(request, "meetings/rota_loads.html" if carries else "meetings/rota.html", words)


@for_coordinators
@require_POST
def propose_rota(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """Have a rota drawn up, and go on to watch it."""
    sheet = sheet_or_404(request, cycle_id)
    form = DrawUpForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose for how long."))
        return redirect(address_of(sheet))
    if sheet.proposal:
        open_all([sheet.proposal])
    try:
        drawing_up.draw_up_rota(
            sheet.cycle, actor=request.person, seconds=form.cleaned_data["seconds"], keeping=sheet.proposal
        )
    except AlreadyDrawing:
        messages.warning(request, _("Something is being drawn up for this cycle right now. Wait until it has ended."))
    return redirect("meetings:drawing", cycle_id)


@for_coordinators
@require_GET
def compare_rotas(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """Two proposals of a rota side by side."""
    sheet = sheet_or_404(request, cycle_id)
    kept = {one.number: one for one in sheet.kept}
    if len(kept) < 2:  # noqa: PLR2004  two are compared
        return redirect("meetings:rota", cycle_id)
    form = CompareForm(request.GET if "one" in request.GET else None, numbers=list(kept))
    numbers = form.cleaned_data if form.is_valid() else dict(zip(("one", "other"), kept, strict=False))
    one, other = kept[numbers["one"]], kept[numbers["other"]]
    colleagues = sheet.opened([one, other])
    words = {
        "page": _("Compare"),
        "cycle": sheet.cycle,
        "form": form,
        "sides": [(proposal_name(side.number), f"?n={side.number}") for side in (one, other)],
        "names": [proposal_name(side.number) for side in (one, other)],
        "qualities": [_quality(one), _quality(other)],
        "comparison": comparison_of(one, other, sheet.groups, colleagues),
    }
    return render(request, "meetings/compare_rotas.html", words)


@for_coordinators
@require_POST
def drop_rota(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """Put a proposal aside."""
    sheet = sheet_or_404(request, cycle_id)
    if sheet.proposal is None:
        return no_longer_open(request, cycle_id)
    drop_proposal(sheet.proposal, actor=request.person)
    messages.success(request, _("%(proposal)s is put aside.") % {"proposal": proposal_name(sheet.proposal.number)})
    return redirect("meetings:rota", cycle_id)


@for_coordinators
def accept_rota(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """Say what will happen, ask for a yes, and put the proposal into force."""
    sheet = sheet_or_404(request, cycle_id)
    if sheet.proposal is None:
        return no_longer_open(request, cycle_id)
    form = RevisionForm(request.POST or None, initial={"revision": sheet.proposal.revision})
    if form.is_valid():
        _accept(request, sheet, sheet.proposal, form.cleaned_data["revision"])
        return redirect("meetings:rota", cycle_id)
    to_come = sheet.to_come()
    words = {
        "page": _("Accept the rota"),
        "cycle": sheet.cycle,
        "form": form,
        "evenings": len(to_come),
        "lacking": sum(bool(one.gaps) for one in to_come),
        "beside": len(sheet.kept) - 1,
        "up": address_of(sheet),
    }
    return render(request, "meetings/accept_rota.html", words)


def _quality(proposal: Proposal) -> str:
    """How good the proposal is, in words. Changes by hand are the coordinator's own and not judged."""
    if proposal.optimal or proposal.objective <= proposal.bound:
        return _("No better rota is possible with these people and times; that is proven.")
    percent = -(-100 * (proposal.objective - proposal.bound) // proposal.objective)
    return _("A better rota could be at most %(percent)s percent better.") % {"percent": percent}


def _accept(request: PersonRequest, sheet: RotaSheet, proposal: Proposal, revision: int) -> None:
    try:
        staffed = drawing_up.accept_rota(proposal, revision=revision, actor=request.person)
    except Outdated:
        words = _("Something changed meanwhile: the proposal, the groups or the people. Draw it up again.")
        messages.warning(request, words)
        return
    words = ngettext(
        "The rota is in force: %(number)s evening is planned.",
        "The rota is in force: %(number)s evenings are planned.",
        len(staffed),
    )
    messages.success(request, words % {"number": len(staffed)})
    if lacking := sheet.lacking():
        words = ngettext(
            "%(number)s evening still lacks somebody who leads, accompanies or stands by.",
            "%(number)s evenings still lack somebody who leads, accompanies or stands by.",
            lacking,
        )
        messages.warning(request, words % {"number": lacking})

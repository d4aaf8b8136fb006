"""The rota of a cycle, for coordinators: propose it, change it by hand, accept it, see what is missing."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from wayhouse.core.child import ChildError
from wayhouse.groups.models import Cycle, Proposal
from wayhouse.groups.refusals import AlreadyDrawing, Outdated
from wayhouse.meetings import drawing_up
from wayhouse.meetings.planning_forms import RevisionForm
from wayhouse.meetings.rota_sheet import RotaSheet, sheet_of
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles

# A first correct plan is there in a second or two; nobody should wait for the last percent.
SECONDS = 10.0

for_coordinators = for_roles(Role.Kind.COORDINATOR)


def sheet_or_404(request: PersonRequest, cycle_id: UUID) -> RotaSheet:
    """The rota of a cycle. Error: `Http404` where it does not exist for whoever asks."""
    sheet = sheet_of(request.person, cycle_id)
    if sheet is None:
        raise Http404
    return sheet


def no_longer_open(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """Back to the rota, with the news that its proposal was replaced or accepted meanwhile."""
    messages.warning(request, _("This proposal is no longer open."))
    return redirect("meetings:rota", cycle_id)


@for_coordinators
@require_GET
def rota(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """The proposal if one is open, else the rota in force: gaps on top, groups by weeks, what each person carries."""
    sheet = sheet_or_404(request, cycle_id)
    words = {
        "page": _("Rota"),
        "cycle": sheet.cycle,
        "proposal": sheet.proposal,
        "board": sheet.board(request.GET.get("week", "")),
        "seconds": int(SECONDS),
        "quality": _quality(sheet.proposal) if sheet.proposal else "",
    }
    return render(request, "meetings/rota.html", words)


@for_coordinators
@require_POST
def propose_rota(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """Draw up a rota; takes up to `SECONDS`."""
    cycle = get_object_or_404(Cycle.objects.visible_to(request.person).select_related("programme"), pk=cycle_id)
    try:
        drawing_up.propose_rota(cycle, actor=request.person, seconds=SECONDS)
        messages.success(request, _("Here is a proposal. Nobody has been told yet."))
    except AlreadyDrawing:
        messages.warning(request, _("A rota is being drawn up right now. Wait a moment, then look here again."))
    except ChildError:
        messages.error(request, _("The rota could not be drawn up. Nothing was changed. Please try again."))
    return redirect("meetings:rota", cycle_id)


@for_coordinators
def accept_rota(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """Say what will happen, ask for a yes, and put the proposal into force."""
    sheet = sheet_or_404(request, cycle_id)
    if sheet.proposal is None:
        return no_longer_open(request, cycle_id)
    form = RevisionForm(request.POST or None, initial={"revision": sheet.proposal.revision})
    if form.is_valid():
        _accept(request, sheet.proposal, form.cleaned_data["revision"])
        return redirect("meetings:rota", cycle_id)
    lacking = len(sheet.proposal.reasons)
    words = {"page": _("Accept the rota"), "cycle": sheet.cycle, "form": form, "lacking": lacking}
    return render(request, "meetings/accept_rota.html", words)


def _quality(proposal: Proposal) -> str:
    """How good the proposal is, in words. Changes by hand are the coordinator's own and not judged."""
    if proposal.optimal or proposal.objective <= proposal.bound:
        return _("No better rota is possible with these people and times; that is proven.")
    percent = -(-100 * (proposal.objective - proposal.bound) // proposal.objective)
    return _("A better rota could be at most %(percent)s percent better.") % {"percent": percent}


def _accept(request: PersonRequest, proposal: Proposal, revision: int) -> None:
    try:
        staffed = drawing_up.accept_rota(proposal, revision=revision, actor=request.person)
    except Outdated:
        words = _("Something changed meanwhile: the proposal, the groups or the people. Draw it up again.")
        messages.warning(request, words)
        return
    words = ngettext(
        "The rota is in force: %(number)s evening has its people.",
        "The rota is in force: %(number)s evenings have their people.",
        len(staffed),
    )
    messages.success(request, words % {"number": len(staffed)})

"""Proposals of groups: have one drawn up, look at it, compare two, accept one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from wayhouse.core import clock
from wayhouse.groups.board import board_of, how_good
from wayhouse.groups.comparing import comparison_of
from wayhouse.groups.entering import TooLate, joins_late
from wayhouse.groups.forming import SIZE
from wayhouse.groups.forms import AcceptForm, CompareForm, ProposeForm, proposal_name
from wayhouse.groups.kept import MOST, is_accepted
from wayhouse.groups.models import Cycle, CycleQuerySet, Drawing, Proposal, ProposalQuerySet
from wayhouse.groups.opening import NotReady, lacking_as_fetched, words_for
from wayhouse.groups.placing import accept_groups, draw_up_groups, drop_proposal, plan_of
from wayhouse.groups.refusals import AlreadyDrawing, Outdated
from wayhouse.groups.views.drawings import onward
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles


@for_roles(Role.Kind.COORDINATOR)
def proposal(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """The latest open proposal of a cycle, or the question that leads to one."""
    kept = _kept(request, cycle_id)
    cycle = kept[0].cycle if kept else get_object_or_404(_cycles(request), pk=cycle_id)
    return _shown(request, cycle, kept[0] if kept else None, kept)


@for_roles(Role.Kind.COORDINATOR)
def kept_proposal(request: PersonRequest, proposal_id: UUID) -> HttpResponse:
    """One of those that are kept; where it no longer is, the latest."""
    asked = get_object_or_404(any_of(request), pk=proposal_id)
    kept = _kept(request, asked.cycle_id)
    found = next((one for one in kept if one.pk == asked.pk), None)
    if found is None:
        return redirect("groups:proposal", asked.cycle_id)
    return _shown(request, found.cycle, found, kept)


@for_roles(Role.Kind.COORDINATOR)
@require_GET
def compare_proposals(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """Two proposals side by side."""
    kept = {one.number: one for one in any_of(request).open().filter(cycle=cycle_id).order_by("-number")}
    if len(kept) < 2:  # noqa: PLR2004  two are compared
        if not kept:
            raise Http404
        return redirect("groups:proposal", cycle_id)
    form = CompareForm(request.GET if "one" in request.GET else None, numbers=list(kept))
    numbers = form.cleaned_data if form.is_valid() else dict(zip(("one", "other"), kept, strict=False))
    one, other = kept[numbers["one"]], kept[numbers["other"]]
    words = {
        "page": _("Compare"),
        "cycle": one.cycle,
        "form": form,
        "sides": [(proposal_name(side.number), side) for side in (one, other)],
        "names": [proposal_name(one.number), proposal_name(other.number)],
        "qualities": [how_good(one), how_good(other)],
        "comparison": comparison_of(one, other),
    }
    return render(request, "groups/compare.html", words)


@for_roles(Role.Kind.COORDINATOR)
def proposal_accept(request: PersonRequest, proposal_id: UUID) -> HttpResponse:
    """Say what accepting does, and do it after a yes."""
    found = get_object_or_404(any_of(request), pk=proposal_id)
    form = AcceptForm(
        request.POST or None,
        initial={"revision": found.revision},
        needs_reason=joins_late(plan_of(found), found.cycle, clock.today()),
    )
    if request.method == "POST":
        # A missing reason is said with the others that a plan may lack, after the revision was looked at.
        form.full_clean()
        return _accept(request, found, form.cleaned_data)
    if found.state == Proposal.State.ACCEPTED:
        return _accepted(request, found)
    if found.state != Proposal.State.OPEN:
        messages.warning(request, outdated())
        return redirect("groups:cycle", found.cycle_id)
    beside = any_of(request).open().filter(cycle=found.cycle_id).exclude(pk=found.pk).count()
    board = board_of(found)
    # Groups that meet already take in newcomers, whatever is missing.
    lacking = lacking_as_fetched(found.cycle.programme) if board.opening else []
    context = {"page": _("Accept the proposal?"), "proposal": found, "board": board, "form": form}
    context |= {"least": SIZE["min"], "beside": beside, "lacking": words_for(lacking)}
    return render(request, "groups/proposal_accept.html", context)


@for_roles(Role.Kind.COORDINATOR)
@require_POST
def proposal_drop(request: PersonRequest, proposal_id: UUID) -> HttpResponse:
    """Put one aside."""
    found = get_object_or_404(any_of(request), pk=proposal_id)
    drop_proposal(found, actor=request.person)
    messages.success(request, _("%(proposal)s is put aside.") % {"proposal": proposal_name(found.number)})
    return redirect("groups:proposal", found.cycle_id)


def any_of(request: PersonRequest) -> ProposalQuerySet:
    """Every proposal of groups that exists for whoever asks; in a cycle that has ended none does."""
    of_groups = Proposal.objects.visible_to(request.person).filter(kind=Proposal.Kind.GROUPS)
    running = of_groups.exclude(cycle__state=Cycle.State.ENDED)
    return running.select_related("item", "cycle__programme__opening_conditions")


def outdated() -> str:
    """What is said when nothing was done."""
    return _("Something changed meanwhile, and nothing was done. Look at it as it is now, or draw it up again.")


def _cycles(request: PersonRequest) -> CycleQuerySet:
    """In a cycle that has ended nothing is formed any more."""
    found = Cycle.objects.visible_to(request.person).exclude(state=Cycle.State.ENDED).select_related("programme")
    return found.annotate(is_drawn=Drawing.objects.on_the_way(Proposal.Kind.GROUPS, "pk"))


def _kept(request: PersonRequest, cycle_id: UUID) -> list[Proposal]:
    """Those that are kept, the latest first."""
    found = any_of(request).open().filter(cycle=cycle_id).order_by("-number")
    return list(found.annotate(is_drawn=Drawing.objects.on_the_way(Proposal.Kind.GROUPS, "cycle")))


def _shown(request: PersonRequest, cycle: Cycle, found: Proposal | None, kept: list[Proposal]) -> HttpResponse:
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _draw_up(request, cycle, found, form)
    is_drawn = (found or cycle).is_drawn  # type: ignore[union-attr]  # annotated by `_kept` and `_cycles`
    context = {"page": _("Proposal"), "cycle": cycle, "form": form, "is_drawn": is_drawn}
    if found is None:
        return render(request, "groups/propose.html", context)
    board = board_of(found)
    shown = {
        "page": proposal_name(found.number) if len(kept) > 1 else _("Proposal"),
        "proposal": found,
        "kept": [(one, proposal_name(one.number), how_good(one)) for one in kept],
        "most": MOST,
        "compare": CompareForm(numbers=[one.number for one in kept]),
        "board": board,
        "quality": how_good(found),
        "least": SIZE["min"],
    }
    return render(request, "groups/proposal.html", {**context, **shown})


def _draw_up(request: PersonRequest, cycle: Cycle, found: Proposal | None, form: ProposeForm) -> HttpResponse:
    try:
        draw_up_groups(cycle, actor=request.person, keeping=found, **form.cleaned_data)
    except AlreadyDrawing:
        messages.warning(request, _("Something is being drawn up for this cycle right now. Wait until it has ended."))
    return onward(request, reverse("groups:drawing", args=[cycle.pk]))


def _accept(request: PersonRequest, found: Proposal, said: Mapping[str, Any]) -> HttpResponseRedirect:
    revision, late = said.get("revision", 0), said.get("late", "")
    try:
        opened = accept_groups(found, revision=revision, actor=request.person, late=late)
    except TooLate:
        messages.error(request, _("Between the weeks of the pack a seat needs a reason. Nothing was changed."))
        return redirect("groups:proposal_accept", found.pk)
    except Outdated:
        if is_accepted(found, revision):
            # The same yes once more, as a double tap sends it.
            return _accepted(request, found)
        messages.warning(request, outdated())
        return redirect("groups:proposal", found.cycle_id)
    except NotReady:
        # The page of acceptance says what is missing.
        return redirect("groups:proposal_accept", found.pk)
    told = ngettext("%(count)s group is open.", "%(count)s groups are open.", len(opened)) % {"count": len(opened)}
    messages.success(request, told if opened else _("The newcomers have their seats."))
    return redirect("groups:cycle", found.cycle_id)


def _accepted(request: PersonRequest, found: Proposal) -> HttpResponseRedirect:
    """Where accepting leads, for whoever comes after it was done."""
    messages.success(request, _("This proposal is accepted."))
    return redirect("groups:cycle", found.cycle_id)

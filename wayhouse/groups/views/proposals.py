"""Proposals of groups: draw one up, look at it, change it by hand, accept it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from wayhouse.core.child import ChildError
from wayhouse.groups.board import Board, board_of, how_good, table_names
from wayhouse.groups.forming import SIZE
from wayhouse.groups.forms import MoveForm, ProposeForm, RevisionForm
from wayhouse.groups.models import Cycle, CycleQuerySet, Proposal, ProposalQuerySet
from wayhouse.groups.placing import Moved, accept_groups, move_in_proposal, plan_of, propose_groups
from wayhouse.groups.refusals import AlreadyDrawing, Outdated, Unsuitable
from wayhouse.people.models import Role, RosterEntry
from wayhouse.people.present import PersonRequest, for_roles

# Long enough for some hundred people; nobody waits longer for a page.
SECONDS = 15


@for_roles(Role.Kind.COORDINATOR)
def proposal(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """The open proposal of a cycle, or the question that leads to one."""
    found = _any(request).open().filter(cycle=cycle_id).first()
    cycle = found.cycle if found else get_object_or_404(_cycles(request), pk=cycle_id)
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _propose(request, cycle, form.cleaned_data["interpreters"])
    context = {"page": _("Proposal"), "cycle": cycle, "form": form, "seconds": SECONDS}
    if found is None:
        return render(request, "groups/propose.html", context)
    board = board_of(found)
    shown = {"proposal": found, "board": board, "options": _options(board), "quality": how_good(found)}
    return render(request, "groups/proposal.html", {**context, **shown, "least": SIZE["min"]})


@for_roles(Role.Kind.COORDINATOR)
@require_POST
def proposal_move(request: PersonRequest, proposal_id: UUID) -> HttpResponse:
    """Put somebody into another group of the plan, and say what follows from it."""
    found = get_object_or_404(_any(request), pk=proposal_id)
    form = MoveForm(request.POST, groups=len(plan_of(found)["groups"]))
    back = redirect("groups:proposal", found.cycle_id)
    if not form.is_valid():
        messages.error(request, _("Choose somebody and the group they go to."))
        return back
    words = form.cleaned_data
    try:
        moved = move_in_proposal(
            found, words["person"], words["target"], revision=words["revision"], actor=request.person
        )
    except Unsuitable:
        messages.error(request, _("That group is not suitable. Nothing was changed."))
    except Outdated:
        messages.warning(request, _outdated())
    else:
        messages.success(request, " ".join(_told(words["person"], moved)))
    return back


@for_roles(Role.Kind.COORDINATOR)
def proposal_accept(request: PersonRequest, proposal_id: UUID) -> HttpResponse:
    """Say what accepting does, and do it after a yes."""
    found = get_object_or_404(_any(request), pk=proposal_id)
    form = RevisionForm(request.POST or None, initial={"revision": found.revision})
    if request.method == "POST":
        return _accept(request, found, form.cleaned_data["revision"] if form.is_valid() else 0)
    if found.state != Proposal.State.OPEN:
        messages.warning(request, _outdated())
        return redirect("groups:cycle", found.cycle_id)
    context = {"page": _("Accept the proposal?"), "proposal": found, "board": board_of(found), "form": form}
    return render(request, "groups/proposal_accept.html", {**context, "least": SIZE["min"]})


def _cycles(request: PersonRequest) -> CycleQuerySet:
    """In a cycle that has ended nothing is formed any more."""
    return Cycle.objects.visible_to(request.person).exclude(state=Cycle.State.ENDED)


def _any(request: PersonRequest) -> ProposalQuerySet:
    of_groups = Proposal.objects.visible_to(request.person).filter(kind=Proposal.Kind.GROUPS)
    return of_groups.exclude(cycle__state=Cycle.State.ENDED).select_related("item", "cycle")


def _propose(request: PersonRequest, cycle: Cycle, interpreters: int) -> HttpResponse:
    try:
        propose_groups(cycle, actor=request.person, interpreters=interpreters, seconds=SECONDS)
    except AlreadyDrawing:
        messages.warning(request, _("Groups are being drawn up right now. Look again in a few seconds."))
    except Outdated:
        messages.warning(request, _outdated())
    except ChildError:
        messages.error(request, _("No proposal could be drawn up just now. Nothing was changed. Please try again."))
    return _onward(request, reverse("groups:proposal", args=[cycle.pk]))


def _onward(request: PersonRequest, url: str) -> HttpResponse:
    """A real page load either way, so that screen readers hear of it and the browser's way back stays right."""
    return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") else redirect(url)


def _accept(request: PersonRequest, found: Proposal, revision: int) -> HttpResponseRedirect:
    try:
        opened = accept_groups(found, revision=revision, actor=request.person)
    except Outdated:
        messages.warning(request, _outdated())
        return redirect("groups:proposal", found.cycle_id)
    told = ngettext("%(count)s group is open.", "%(count)s groups are open.", len(opened)) % {"count": len(opened)}
    messages.success(request, told if opened else _("The newcomers have their seats."))
    return redirect("groups:cycle", found.cycle_id)


def _told(person_id: UUID, moved: Moved) -> list[str]:
    """What a move leads to, in words."""
    entry = RosterEntry.objects.select_related("item").get(person=person_id)
    if moved.joined is None:
        told = [_("%(name)s has no group now.") % {"name": entry.name}]
    else:
        words = {"name": entry.name, "group": moved.joined["name"], "count": len(moved.joined["members"])}
        size = ngettext("It has %(count)s person.", "It has %(count)s people.", words["count"]) % words
        told = [_("%(name)s is in %(group)s now.") % words, size]
        if entry.preferred_slots and moved.joined["slot"] not in entry.preferred_slots:
            told.append(_("It is not a time that %(name)s prefers.") % words)
    if moved.needs_interpreter:
        told.append(_("An interpreter is needed there."))
    if moved.left is not None:
        told += _left(moved.left["name"], len(moved.left["members"]))
    return told


def _left(group: str, count: int) -> list[str]:
    words = {"group": group, "count": count, "least": SIZE["min"]}
    if count == 0:
        return [_("%(group)s is empty now and will not open.") % words]
    told = [ngettext("%(group)s has %(count)s person left.", "%(group)s has %(count)s people left.", count) % words]
    return [*told, _("The plan aims for %(least)s at least.") % words] if count < SIZE["min"] else told


def _options(board: Board) -> SafeString:
    """The groups to choose from, built once for all the forms of the page."""
    return format_html_join("", '<option value="{}">{}</option>', table_names(board))


def _outdated() -> str:
    return _("Something changed meanwhile, and nothing was done. Look at it as it is now, or draw it up again.")

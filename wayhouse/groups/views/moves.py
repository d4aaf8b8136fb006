"""Changing a proposal of groups by hand: move somebody after seeing what follows, or lock somebody where they are."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from wayhouse.groups.choosing import choices_for
from wayhouse.groups.comparing import Row, rows_of
from wayhouse.groups.forming import SIZE
from wayhouse.groups.forms import LockForm, MoveForm, WhoForm
from wayhouse.groups.models import Proposal
from wayhouse.groups.placing import Moved, lock_in_proposal, look_at_move, move_in_proposal, plan_of
from wayhouse.groups.refusals import AlreadyThere, Outdated, Unsuitable
from wayhouse.groups.views.proposals import any_of, outdated
from wayhouse.people.models import Role, RosterEntry
from wayhouse.people.present import PersonRequest, for_roles

UNMET: dict[str, Promise] = {
    "time": gettext_lazy("It is not a time that %(name)s prefers."),
    "kind": gettext_lazy("It is another kind of group than %(name)s prefers."),
    "language": gettext_lazy("It is not in the first language of %(name)s."),
    "interpreter": gettext_lazy("An interpreter is needed there."),
    "by_phone": gettext_lazy("%(name)s can take part by phone only."),
    "way": gettext_lazy("%(name)s has a longer way there."),
}


@for_roles(Role.Kind.COORDINATOR)
@require_GET
def proposal_choose(request: PersonRequest, proposal_id: UUID) -> HttpResponse:
    """Choose the group that somebody goes to, of those they are not in; why others are not suitable."""
    found = get_object_or_404(any_of(request), pk=proposal_id)
    if found.state != Proposal.State.OPEN:
        messages.warning(request, outdated())
        return redirect("groups:proposal", found.cycle_id)
    form = WhoForm(request.GET)
    choices = choices_for(found, form.cleaned_data["person"]) if form.is_valid() else None
    if choices is None:
        messages.error(request, _("Choose somebody."))
        return redirect("groups:kept_proposal", proposal_id)
    words = {
        "page": _("Choose a group"),
        "now": _is_in(choices.name, choices.home),
        "proposal": found,
        "words": form.cleaned_data,
        "choices": choices,
    }
    return render(request, "groups/proposal_choose.html", words)


@for_roles(Role.Kind.COORDINATOR)
@require_POST
def proposal_move(request: PersonRequest, proposal_id: UUID) -> HttpResponse:
    """Say what follows from a move; put somebody into another group of the plan after a yes."""
    found = get_object_or_404(any_of(request), pk=proposal_id)
    form = MoveForm(request.POST, groups=len(plan_of(found)["groups"]))
    back = redirect("groups:kept_proposal", proposal_id)
    if not form.is_valid():
        messages.error(request, _("Choose somebody and the group they go to."))
        return back
    words = form.cleaned_data
    act = move_in_proposal if words["sure"] else look_at_move
    try:
        moved = act(found, words["person"], words["target"], revision=words["revision"], actor=request.person)
    except Unsuitable:
        return _refused(request, found, words["person"], words["target"])
    except Outdated:
        messages.warning(request, outdated())
    except AlreadyThere:
        messages.info(request, _there_already(_name_of(words["person"]), found, words["target"]))
    else:
        name = _name_of(words["person"])
        if not words["sure"]:
            return _asked(request, found, form, name, moved)
        messages.success(request, _is_in(name, moved.joined["name"] if moved.joined else None))
    return back


@for_roles(Role.Kind.COORDINATOR)
@require_POST
def proposal_lock(request: PersonRequest, proposal_id: UUID) -> HttpResponse:
    """Let somebody stay where they are when it is drawn up again, or let them go."""
    found = get_object_or_404(any_of(request), pk=proposal_id)
    form = LockForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose somebody."))
        return redirect("groups:kept_proposal", proposal_id)
    words = form.cleaned_data
    try:
        lock_in_proposal(found, words["person"], stays=words["stays"], revision=words["revision"], actor=request.person)
    except (Outdated, Unsuitable):
        messages.warning(request, outdated())
    else:
        stay = _("Locked. They stay there when it is drawn up again.")
        messages.success(request, stay if words["stays"] else _("Not locked any more."))
    return redirect("groups:kept_proposal", proposal_id)


def _name_of(person_id: UUID) -> str:
    return RosterEntry.objects.select_related("item").get(person=person_id).name


def _refused(request: PersonRequest, found: Proposal, person: UUID, target: int | None) -> HttpResponse:
    """Back to the choices, with why it is not suitable. Whom somebody must not meet is no reason that is said."""
    choices = choices_for(found, person)
    group = choices.ruled_out(target) if choices else None
    if group:
        words = {"group": group.name, "reason": group.why}
        messages.error(request, _("%(group)s is not suitable. %(reason)s Nothing was changed.") % words)
    else:
        messages.error(request, _("That group is not suitable. Nothing was changed."))
    if choices is None:
        return redirect("groups:kept_proposal", found.pk)
    chosen = {"person": person} if target is None else {"person": person, "target": target}
    return redirect(reverse("groups:proposal_choose", args=[found.pk], query=chosen))


def _asked(request: PersonRequest, found: Proposal, form: MoveForm, name: str, moved: Moved) -> HttpResponse:
    before, after = (sum(parts.values()) if parts else None for parts in (moved.before, moved.after))
    words = {
        "page": _("What follows from it"),
        "proposal": found,
        "words": form.data,
        "where": _where(name, moved),
        "consequences": _consequences(name, moved),
        "rows": rows_of(moved.before, moved.after),
        "total": Row(_("Points in all"), before, after),
    }
    return render(request, "groups/proposal_move.html", words)


def _where(name: str, moved: Moved) -> str:
    if moved.joined is None:
        return _("%(name)s will have no group.") % {"name": name}
    return _("%(name)s will be in %(group)s.") % {"name": name, "group": moved.joined["name"]}


def _is_in(name: str, group: str | None) -> str:
    if group is None:
        return _("%(name)s has no group now.") % {"name": name}
    return _("%(name)s is in %(group)s now.") % {"name": name, "group": group}


def _there_already(name: str, found: Proposal, target: int | None) -> str:
    if target is None:
        return _("%(name)s has no group as it is. Nothing was changed.") % {"name": name}
    group = plan_of(found)["groups"][target]["name"]
    return _("%(name)s is in %(group)s already. Nothing was changed.") % {"name": name, "group": group}


def _consequences(name: str, moved: Moved) -> list[str]:
    """What a move leads to, in words."""
    told = []
    if moved.joined is not None:
        words = {"group": moved.joined["name"], "count": len(moved.joined["members"])}
        told.append(ngettext("%(group)s: %(count)s person.", "%(group)s: %(count)s people.", words["count"]) % words)
    told += [str(UNMET[wish]) % {"name": name} for wish in moved.unmet]
    if moved.left is not None:
        told += _left(moved.left["name"], len(moved.left["members"]))
    return told


def _left(group: str, count: int) -> list[str]:
    words = {"group": group, "count": count, "least": SIZE["min"]}
    if count == 0:
        return [_("%(group)s is empty then and will not open.") % words]
    told = [ngettext("%(group)s has %(count)s person left.", "%(group)s has %(count)s people left.", count) % words]
    return [*told, _("The plan aims for %(least)s at least.") % words] if count < SIZE["min"] else told

"""The ground rules of a group: reading them, agreeing, proposing others."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from wayhouse.conversations import ground_rules as agreeing
from wayhouse.conversations import rules
from wayhouse.conversations.forms import STARTER, RulesForm
from wayhouse.conversations.models import GroundRules
from wayhouse.conversations.views.circle import group_or_404
from wayhouse.core.gate import require
from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Group
from wayhouse.groups.resting import rests
from wayhouse.people.present import PersonRequest, for_people


@for_people
def ground_rules(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """The version that is proposed, and the one that was agreed before; a POST answers one of them."""
    group = group_or_404(request, group_id)
    found = _latest(group)
    if request.method == "POST":
        said = get_object_or_404(GroundRules, group=group, pk__in=[one.pk for one in found], pk=_version(request))
        try:
            agreeing.answer_rules(said, group, agrees=request.POST.get("agree") == "yes", actor=request.person)
        except agreeing.Replaced:
            raise Http404 from None
        messages.success(request, _("Thank you for saying so."))
        return redirect("conversations:ground_rules", group.pk)
    open_all([group], found, *(one.agreements.all() for one in found))
    seats = agreeing.active_seats(group)
    words = {
        "page": _("Ground rules"),
        "group": group,
        "may_propose": not rests(group),
        "versions": [agreeing.standing_of(one, seats, request.person) for one in found],
    }
    return render(request, "conversations/ground_rules.html", words)


@for_people
def propose_rules(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Other ground rules, beginning from those there are."""
    group = group_or_404(request, group_id)
    require(rules.may_write(request.person, group))
    latest = _latest(group)[:1]
    lines = latest[0].lines if latest else [str(line) for line in STARTER]
    form = RulesForm(request.POST or None, initial={"lines": "\n".join(lines)})
    if form.is_valid():
        agreeing.propose_rules(group, form.cleaned_data["lines"], actor=request.person)
        messages.success(request, _("Proposed. They hold when everybody agrees."))
        return redirect("conversations:ground_rules", group.pk)
    words = {"page": _("Propose ground rules"), "group": group, "form": form}
    return render(request, "conversations/propose_rules.html", words)


def _latest(group: Group) -> list[GroundRules]:
    """The newest version, and where that is only proposed, the one that was agreed before it."""
    newest = _newest(group=group.pk)
    prefetch_related_objects(newest, "agreements__item")
    return newest if newest and newest[0].agreed_on is None else newest[:1]


@prepared
def _newest(group: UUID) -> QuerySet[GroundRules]:
    rows = GroundRules.objects.filter(group=group).select_related("item").prefetch_related("agreements")
    return rows.order_by("-version")[:2]


def _version(request: PersonRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("rules", ""))
    except ValueError:
        return None

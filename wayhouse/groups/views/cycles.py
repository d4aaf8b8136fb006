"""Cycles: how far each has come, and what comes next."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.forming import SIZE
from wayhouse.groups.models import Cycle, Group, Proposal, Seat, Venue
from wayhouse.groups.roster import without_seat
from wayhouse.groups.views.addresses import address
from wayhouse.people.models import Role, RosterEntry
from wayhouse.people.present import PersonRequest, for_roles
from wayhouse.people.roster.choices import KINDS
from wayhouse.people.roster.languages import language_name
from wayhouse.people.roster.times import slot_label


class Step(NamedTuple):
    """One step of a cycle: what is to do, and where."""

    title: str
    text: str
    state: str
    url: str = ""
    action: str = ""


@for_roles(Role.Kind.COORDINATOR)
def cycles(request: PersonRequest) -> HttpResponse:
    """All cycles, the latest first."""
    found = _cycles(programme=request.person.programme_id)
    shown = [{"cycle": cycle, "until": cycle.ends_on, "next": _next(cycle)} for cycle in found]
    return render(request, "groups/cycles.html", {"page": _("Groups"), "cycles": shown})


@for_roles(Role.Kind.COORDINATOR)
def cycle(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """One cycle: its steps, its groups, and who has no seat."""
    known = {cycle.pk: cycle for cycle in _cycles(programme=request.person.programme_id)}
    chosen = known.get(cycle_id)
    if chosen is None:
        raise Http404
    groups = _groups(cycle=chosen.pk)
    waiting = without_seat(chosen, known.values())
    # While nobody has a group yet everybody waits: a number says more than their names.
    named = waiting if groups else []
    open_all(groups, named)
    context = {
        "page": chosen.title,
        "cycle": chosen,
        "steps": _steps(chosen, len(waiting), groups=bool(groups)),
        "groups": [_shown(group) for group in sorted(groups, key=lambda group: group.name.casefold())],
        "waiting": _waiting(named),
        "waiting_count": len(waiting),
    }
    return render(request, "groups/cycle.html", context)


@prepared
def _cycles(programme: UUID) -> QuerySet[Cycle]:
    """All cycles of a programme, the latest first."""
    proposals = Proposal.objects.open().filter(cycle=OuterRef("pk"), kind=Proposal.Kind.GROUPS)
    venues = Venue.objects.filter(programme=programme, in_use=True)
    groups = Count("groups", filter=Q(groups__closed_on=None))
    cycles = Cycle.objects.filter(programme=programme).order_by("-starts_on", "-created_on")
    return cycles.annotate(has_proposal=Exists(proposals), has_venue=Exists(venues), groups_open=groups)


@prepared
def _groups(cycle: UUID) -> QuerySet[Group]:
    seats = Seat.objects.members().filter(group=OuterRef("pk"), until_on=None).order_by().values("group")
    # Not by joining and grouping: that would sort the sealed names along.
    taken = Coalesce(Subquery(seats.annotate(number=Count("pk")).values("number")), 0)
    return Group.objects.open().filter(cycle=cycle).select_related("item").annotate(taken=taken)


def _shown(group: Group) -> dict[str, object]:
    taken = group.taken  # type: ignore[attr-defined]  # annotated above
    return {
        "id": group.pk,
        "name": group.name,
        "slot": slot_label(group.slot),
        "language": language_name(group.language),
        "kind": KINDS.label(group.kind),
        "taken": taken,
        "most": SIZE["max"],
        "small": taken < SIZE["min"],
    }


def _waiting(entries: list[RosterEntry]) -> list[dict[str, object]]:
    shown = [
        {
            "name": entry.name,
            "times": ", ".join(slot_label(slot) for slot in entry.slots),
            "has_left": entry.has_left,  # type: ignore[attr-defined]  # annotated by without_seat
        }
        for entry in entries
    ]
    return sorted(shown, key=lambda one: str(one["name"]).casefold())


def _next(cycle: Cycle) -> str:
    if cycle.state == Cycle.State.FORMING:
        return _("Next: look at the proposal") if _has_proposal(cycle) else _("Next: form the groups")
    if cycle.state == Cycle.State.STAFFING:
        return _("Next: draw up the rota")
    return _week(cycle)


def _week(cycle: Cycle) -> str:
    week = cycle.week_of(timezone.localdate())
    if cycle.state == Cycle.State.ENDED or week > cycle.weeks:
        return _("All weeks are over")
    if week < 1:
        return _("Ready to begin")
    if cycle.is_circle:
        return _("Evening %(week)s of %(weeks)s") % {"week": week, "weeks": cycle.weeks}
    return _("Week %(week)s of %(weeks)s") % {"week": week, "weeks": cycle.weeks}


def _has_proposal(cycle: Cycle) -> bool:
    return bool(cycle.has_proposal)  # type: ignore[attr-defined]  # annotated by _cycles


def _steps(cycle: Cycle, waiting: int, *, groups: bool) -> list[Step]:
    now = {Cycle.State.FORMING: 0, Cycle.State.STAFFING: 1, Cycle.State.RUNNING: 2}.get(Cycle.State(cycle.state), 3)
    forming, staffing, running = ("past" if place < now else "now" if place == now else "" for place in range(3))
    rota = address("meetings:rota", cycle.pk) if groups else ""
    serving = _("Who leads and who accompanies, evening by evening.")
    weeks = _week(cycle) if running else _("It begins when the rota is accepted.")
    return [
        _forming(cycle, forming, waiting, groups=groups),
        Step(_("Draw up the rota"), serving, staffing, rota, _("The rota")),
        Step(_("Run the evenings"), weeks, running),
        _ending(cycle, groups=groups),
    ]


def _ending(cycle: Cycle, *, groups: bool) -> Step:
    if cycle.state == Cycle.State.ENDED:
        ended = _("Whoever led has no seat and no keys any more. Members have theirs.")
        circle = address("blueprints:open_circle", cycle.pk) if groups else ""
        return Step(_("It has ended"), ended, "past", circle, _("Go on as an open circle"))
    text = _("Some days after the last evening it ends by itself: seats and keys of those who lead.")
    return Step(_("The end"), text, "", address("meetings:end_cycle", cycle.pk), _("What ends then"))


def _forming(cycle: Cycle, state: str, waiting: int, *, groups: bool) -> Step:
    title = _("Form the groups")
    if cycle.state == Cycle.State.ENDED:
        return Step(title, _("All weeks are over"), state)
    if not cycle.has_venue and state == "now":  # type: ignore[attr-defined]  # annotated by _cycles
        text = _("First of all, write down the places where groups can meet.")
        return Step(title, text, state, reverse("groups:venue_new"), _("Add a place"))
    proposal = reverse("groups:proposal", args=[cycle.pk])
    if _has_proposal(cycle):
        return Step(title, _("A proposal waits for you."), "now", proposal, _("Look at the proposal"))
    if not waiting:
        if groups:
            return Step(title, _("Everybody has a seat."), state)
        return Step(title, _("Nobody is on the roster yet."), state, address("people:roster"), _("The roster"))
    text = ngettext("%(people)s person has no seat yet.", "%(people)s people have no seat yet.", waiting)
    action = _("Place newcomers") if groups else _("Form the groups")
    return Step(title, text % {"people": waiting}, state, proposal, action)

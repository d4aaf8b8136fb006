"""Groups: what coordinators see of each, and what people see of their own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wayhouse.core import clock
from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups import actions, rules
from wayhouse.groups.entering import Late, TooLate, next_time, takes_in
from wayhouse.groups.forming import SIZE
from wayhouse.groups.forms import GiveSeatForm, RenameGroupForm
from wayhouse.groups.models import Cycle, Group, Seat
from wayhouse.groups.refusals import Unsuitable
from wayhouse.groups.roster import cycles_of, without_seat
from wayhouse.groups.seating import give_seat as give_seat_by_hand
from wayhouse.groups.views.addresses import address
from wayhouse.people.models import Person, Role, RosterEntry
from wayhouse.people.present import PersonRequest, for_oneself, for_people, for_roles
from wayhouse.people.roster.choices import KINDS
from wayhouse.people.roster.languages import language_name
from wayhouse.people.roster.times import slot_label


@for_people
def groups(request: PersonRequest) -> HttpResponse:
    """The groups in which somebody sits."""
    found = _own(person=request.person.pk)
    open_all(found)
    shown = [{"id": group.pk, "name": group.name, "slot": slot_label(group.slot)} for group in found]
    shown.sort(key=lambda group: str(group["name"]).casefold())
    return render(request, "groups/groups.html", {"page": _("My groups"), "groups": shown})


@for_people
def group(request: PersonRequest, group_id: UUID | None = None) -> HttpResponse:
    """One group: for coordinators with its seats and forms, for everybody else their own."""
    if group_id is None:
        return _only_group(request)
    found = _group_or_404(request.person, group_id)
    if request.person.is_coordinator:
        return _desk_page(request, found)
    return _own_page(request, found)


@for_roles(Role.Kind.COORDINATOR)
@require_POST
def rename_group(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Another name for a group."""
    found = _group_or_404(request.person, group_id)
    form = RenameGroupForm(request.POST)
    if not form.is_valid():
        return _desk_page(request, found, rename=form)
    actions.rename_group(found, form.cleaned_data["name"], actor=request.person)
    messages.success(request, _("The group has its new name."))
    return redirect("groups:group", found.pk)


@for_roles(Role.Kind.COORDINATOR)
@require_POST
def give_seat(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """A seat for somebody who has none."""
    found = _group_or_404(request.person, group_id)
    who = _uuid(request.POST.get("person", ""))
    people = Person.objects.visible_to(request.person).select_related("user__holder")
    chosen = people.filter(pk=who).first() if who else None
    if chosen is None:
        return _desk_page(request, found, seat=request.POST)
    try:
        seat = give_seat_by_hand(found, chosen, actor=request.person, late=request.POST.get("late", ""))
    except TooLate:
        messages.error(request, _("Between the weeks of the pack a seat needs a reason. Nothing was changed."))
        return _desk_page(request, found, seat=request.POST)
    except Unsuitable:
        messages.error(request, _("That group is not suitable. Nothing was changed."))
    else:
        messages.success(request, _("%(name)s has a seat in this group now.") % {"name": seat.name})
    return redirect("groups:group", found.pk)


@for_oneself
def leave_group(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Give up one's seat, after one question."""
    seats = Seat.objects.current().members().filter(person=request.person, group__closed_on=None)
    seat = get_object_or_404(seats.select_related("group__item", "group__scope"), group=group_id)
    if request.method == "POST":
        actions.leave_group(seat, actor=request.person)
        return redirect("groups:left_group")
    return render(request, "groups/leave_group.html", {"page": _("Leave the group"), "group": seat.group})


@for_oneself
def left_group(request: PersonRequest) -> HttpResponse:
    """Thanks, and how to come back."""
    return render(request, "groups/left_group.html", {"page": _("Thank you")})


@prepared
def _own(person: UUID) -> QuerySet[Group]:
    return Group.objects.open().with_current_seat(person).select_related("item", "cycle")


def _group_or_404(person: Person, group_id: UUID) -> Group:
    """An open group that exists for this person. Error: `Http404`."""
    here = {"person": person.pk, "group": group_id}
    found = _of_desk(programme=person.programme_id, group=group_id) if person.is_coordinator else _of_seat(**here)
    if not found:
        raise Http404
    return found[0]


@prepared
def _of_desk(programme: UUID, group: UUID) -> QuerySet[Group]:
    return Group.objects.open().filter(programme=programme, pk=group).select_related("item", "cycle__programme")


@prepared
def _of_seat(person: UUID, group: UUID) -> QuerySet[Group]:
    seated = Group.objects.open().with_current_seat(person)
    return seated.filter(pk=group).select_related("item", "cycle__programme")


def _only_group(request: PersonRequest) -> HttpResponse:
    found = _own(person=request.person.pk)
    return _own_page(request, found[0]) if len(found) == 1 else groups(request)


def _own_page(request: PersonRequest, group: Group) -> HttpResponse:
    seats = _seats(group)
    mine = next((seat for seat in seats if seat.person_id == request.person.pk), None)
    context = {
        "page": _("My group"),
        "group": group,
        "facts": _facts(group),
        "leading": [seat.name for seat in seats if seat.role == Seat.Role.FACILITATOR],
        "members": [(seat.name, seat is mine) for seat in seats if seat.role == Seat.Role.MEMBER],
        "may_leave": mine is not None and mine.role == Seat.Role.MEMBER,
        "evenings": address("meetings:meetings"),
        "space": address("conversations:circle", group.pk),
        "ends": group.cycle,
        "has_ended": group.cycle.state == Cycle.State.ENDED,
        "leads": mine is not None and mine.role == Seat.Role.FACILITATOR,
    }
    return render(request, "groups/group.html", context)


def _desk_page(
    request: PersonRequest, group: Group, *, rename: RenameGroupForm | None = None, seat: Any = None
) -> HttpResponse:
    waiting = without_seat(group.cycle, cycles_of(programme=request.person.programme_id))
    seats = _seats(group, waiting)
    members = [seat for seat in seats if seat.role == Seat.Role.MEMBER]
    late = not takes_in(group, clock.today())
    context = {
        "page": _("Group"),
        "group": group,
        "facts": _facts(group),
        "leading": [seat.name for seat in seats if seat.role == Seat.Role.FACILITATOR],
        "members": [seat.name for seat in members],
        "came_late": [(seat.name, Late(seat.late).label) for seat in members if seat.late],
        "late": late,
        "next_time": next_time(group, clock.today()),
        "free": range(max(0, SIZE["max"] - len(members))),
        "rename": rename or RenameGroupForm(initial={"name": group.name}),
        "seat": GiveSeatForm(seat, people=_choices(waiting), needs_reason=late),
        "has_waiting": bool(waiting),
        "may_change": rules.may_rename_group(request.person, group),
        "circle": address("blueprints:open_circle", group.cycle_id) if group.cycle.state == Cycle.State.ENDED else "",
    }
    return render(request, "groups/group_desk.html", context)


def _seats(group: Group, waiting: list[RosterEntry] | None = None) -> list[Seat]:
    """The seats taken now, by name. Group, seats and waiting people are opened at once."""
    found = _current_seats(group=group.pk)
    open_all([group], found, waiting or [])
    return sorted(found, key=lambda seat: seat.name.casefold())


@prepared
def _current_seats(group: UUID) -> QuerySet[Seat]:
    return Seat.objects.current().filter(group=group).select_related("item")


def _facts(group: Group) -> dict[str, str]:
    return {
        "slot": slot_label(group.slot),
        "language": language_name(group.language),
        "kind": _("Kind of group: %(kind)s") % {"kind": KINDS.label(group.kind)},
        "way": _("online") if group.online else _("in person"),
    }


def _choices(entries: list[RosterEntry]) -> list[tuple[str, str]]:
    asked = _("%(name)s – left a group; only if they ask for it")
    people = [
        (str(entry.person_id), asked % {"name": entry.name} if entry.has_left else entry.name)  # type: ignore[attr-defined]
        for entry in entries
    ]
    return sorted(people, key=lambda choice: choice[1].casefold())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

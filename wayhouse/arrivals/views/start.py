"""The waiting room of a member, whom they must not meet, and the orientation as coordinators go through it."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wayhouse.arrivals import avoiding, orienting, rules
from wayhouse.arrivals.forms import AvoidForm
from wayhouse.arrivals.models import AvoidList, Step
from wayhouse.arrivals.steps import steps_of
from wayhouse.arrivals.views.staff import for_coordinators
from wayhouse.core.gate import found_or_404
from wayhouse.core.prepared import prepared
from wayhouse.groups.models import Seat
from wayhouse.people.models import Person, Role
from wayhouse.people.present import PersonRequest, for_roles

for_members = for_roles(Role.Kind.MEMBER)


@for_members
@require_GET
def start(request: PersonRequest) -> HttpResponse:
    """Where one stands before the first evening: what happens next, what was talked about, whom one must not meet."""
    seated = Seat.objects.current().filter(person=request.person).exists()
    context = {"steps": steps_of(request.person), "seated": seated}
    return render(request, "arrivals/start.html", {"page": _("Your first steps"), **context})


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def avoid(request: PersonRequest) -> HttpResponse:
    """Names of people whom one must not meet; shown to oneself alone."""
    who = request.person
    if not rules.may_keep_list(who, who):
        raise Http404
    found = avoiding.list_of(who)
    names = list(found.names) if found else []
    form = AvoidForm(request.POST if request.method == "POST" else None, initial={"names": "\n".join(names)})
    if form.is_valid():
        try:
            avoiding.keep_list(who, form.cleaned_data["names"], actor=who)
        except avoiding.TooManyNew:
            form.add_error("names", _("You wrote many new names lately. Talk to a coordinator about the next ones."))
        else:
            messages.success(request, _("Written down. Nobody is told."))
            return redirect("arrivals:start")
    return render(request, "arrivals/avoid.html", {"page": _("Whom I must not meet"), "form": form})


@for_coordinators
@require_GET
def orientation(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """The parts of the talk, and the groups that are not for this person."""
    who = _member_or_404(request, person_id)
    # The roster is held only where there is something to compare.
    if _due(programme=request.person.programme_id):
        avoiding.compare_lists(request.person.programme, actor=request.person)
    context = {"who": who, "steps": steps_of(who), "groups": avoiding.groups_not_for(who)}
    return render(request, "arrivals/orientation.html", {"page": _("First steps"), **context})


@for_coordinators
@require_POST
def take_step(request: PersonRequest, person_id: UUID, step: str) -> HttpResponse:
    """Tick a part of the talk, or take the tick back."""
    who = _member_or_404(request, person_id)
    if step not in Step.Kind.values:
        raise Http404
    act = orienting.undo_step if request.POST.get("undo") else orienting.take_step
    act(who, Step.Kind(step), actor=request.person)
    return redirect("arrivals:orientation", person_id)


def _member_or_404(request: PersonRequest, person_id: UUID) -> Person:
    if not request.person.is_coordinator:
        raise Http404
    return found_or_404(next(iter(_members(person=person_id, programme=request.person.programme_id)), None))


@prepared
def _members(person: UUID, programme: UUID) -> QuerySet[Person]:
    members = Person.objects.with_role(Role.Kind.MEMBER).filter(pk=person, programme=programme)
    return members.exclude(status=Person.Status.LEFT).select_related("programme", "user").distinct()


@prepared
def _due(programme: UUID) -> "QuerySet[AvoidList, int]":
    return AvoidList.objects.due().filter(person__programme=programme).values_list("pk", flat=True)[:1]

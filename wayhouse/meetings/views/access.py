"""What people need to come: asked for by themselves, worked off by the coordinators, overdue first."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from wayhouse.core.gate import found_or_404
from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Seat
from wayhouse.meetings import access, rules
from wayhouse.meetings.access_board import tasks_to_arrange
from wayhouse.meetings.access_tasks import AccessTask
from wayhouse.meetings.forms import AccessForm
from wayhouse.meetings.models import Meeting
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_people, for_roles

_SETTLED = {state.value: state for state in (access.State.ARRANGED, access.State.NOT_POSSIBLE, access.State.ASKED)}


@for_people
def needs(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """What one needs for an evening, and where that stands."""
    who = request.person
    meeting = found_or_404(next(iter(_own(person=who.pk, meeting=meeting_id)), None))
    form = AccessForm(request.POST if request.method == "POST" else None)
    may_ask = rules.may_ask_access(who, meeting)
    if may_ask and form.is_valid():
        evenings = [meeting]
        if form.cleaned_data["span"] == "all":
            later = _planned_for(who.pk).filter(group=meeting.group, starts_at__gte=meeting.starts_at)
            evenings = list(later)
        access.ask_access(evenings, form.cleaned_data["need"], actor=who)
        messages.success(request, _("It is asked for. You read here how it stands."))
        return redirect("meetings:needs", meeting_id)
    found = _tasks(meeting=meeting.pk, person=who.pk)
    open_all(found)
    words = {"page": _("What I need to come"), "meeting": meeting, "tasks": found, "form": form, "may_ask": may_ask}
    return render(request, "meetings/needs.html", words)


def _planned_for(person: UUID) -> QuerySet[Meeting]:
    seats = Seat.objects.current().members().filter(person=person)
    theirs = Meeting.objects.filter(group__in=seats.values("group"), state=Meeting.State.PLANNED)
    return theirs.select_related("group")


@prepared
def _own(person: UUID, meeting: UUID) -> QuerySet[Meeting]:
    return _planned_for(person).filter(pk=meeting)


@prepared
def _tasks(meeting: UUID, person: UUID) -> QuerySet[AccessTask]:
    tasks = AccessTask.objects.filter(meeting=meeting, person=person).exclude(state=AccessTask.State.WITHDRAWN)
    return tasks.select_related("item", "meeting").order_by("asked_on", "pk")


@for_people
@require_POST
def take_back_need(request: PersonRequest, task_id: UUID) -> HttpResponse:
    """Not needed after all: one tap."""
    task = get_object_or_404(AccessTask.objects.filter(person=request.person).select_related("meeting"), pk=task_id)
    if rules.may_take_back_access(request.person, task):
        access.take_back_access(task, actor=request.person)
        messages.success(request, _("Thank you. Nobody arranges it now."))
    return redirect("meetings:needs", task.meeting_id)


@for_roles(Role.Kind.COORDINATOR)
@require_GET
def access_tasks(request: PersonRequest) -> HttpResponse:
    """Every need of the next two weeks, what is overdue first."""
    told = tasks_to_arrange(request.person)
    words = {
        "page": _("What has to be arranged"),
        "overdue": [row for row in told if row[0].is_overdue],
        "waiting": [row for row in told if row[0].state == AccessTask.State.ASKED and not row[0].is_overdue],
        "settled": [row for row in told if row[0].state != AccessTask.State.ASKED],
    }
    return render(request, "meetings/access_tasks.html", words)


@for_roles(Role.Kind.COORDINATOR)
@require_POST
def settle_access(request: PersonRequest, task_id: UUID) -> HttpResponse:
    """Arranged, not possible, or to be looked at again."""
    tasks = AccessTask.objects.visible_to(request.person).select_related("meeting__group")
    task = get_object_or_404(tasks, pk=task_id)
    state = _SETTLED.get(request.POST.get("state", ""))
    if state and rules.may_settle_access(request.person, task):
        access.settle_access(task, state, actor=request.person)
        messages.success(request, _("Saved. The person reads it at once."))
    return redirect("meetings:access_tasks")


@for_roles(Role.Kind.COORDINATOR)
@require_POST
def make_access_tasks(request: PersonRequest) -> HttpResponse:
    """Tasks from what the roster says."""
    made = access.make_access_tasks(request.person.programme, actor=request.person)
    told = ngettext("%(count)s new task.", "%(count)s new tasks.", made) % {"count": made}
    messages.success(request, told)
    return redirect("meetings:access_tasks")

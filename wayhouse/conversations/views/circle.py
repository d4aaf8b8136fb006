"""A group's own space: what is new, beginning something, quiet hours."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wayhouse.conversations import rules, writing
from wayhouse.conversations.finding import group_for
from wayhouse.conversations.forms import BeginForm, QuietForm
from wayhouse.conversations.models import Circle, Thread
from wayhouse.conversations.reading import own_group, space_of
from wayhouse.core.gate import found_or_404, require
from wayhouse.groups.models import Group
from wayhouse.groups.resting import rest_of
from wayhouse.people.models import Person
from wayhouse.people.present import PersonRequest, for_people


@for_people
@require_GET
def circle(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """The threads of a group, the one with the newest word first."""
    if request.person.status != Person.Status.ACTIVE:
        return _closed(request, group_id)
    group = own_group(request.person, group_id)
    if group is None:
        raise Http404
    space = space_of(group, request.person, before=number_in(request))
    return render(request, "conversations/circle.html", {"page": _("Our space"), "space": space})


@for_people
def begin_thread(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Begin something."""
    group = group_or_404(request, group_id)
    form = BeginForm(request.POST or None)
    rest = rest_of(group)
    if rest and rest.has_begun:
        # What was typed before it rested stays in the form.
        words = {"page": _("Write something"), "group": group, "form": form if form.is_bound else None, "rest": rest}
        return render(request, "conversations/begin.html", words, status=409 if form.is_bound else 200)
    if form.is_valid():
        said = form.cleaned_data
        kind = Thread.Kind(said["kind"])
        thread = writing.begin_thread(group, said["text"], kind=kind, actor=request.person, key=said["key"])
        return redirect("conversations:thread", thread.pk)
    return render(request, "conversations/begin.html", {"page": _("Write something"), "group": group, "form": form})


@for_people
def quiet_hours(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """When nobody is to be told anything."""
    group = group_or_404(request, group_id)
    require(rules.may_set_quiet_hours(request.person, group))
    form = QuietForm(request.POST or None, initial=_hours_of(group))
    if form.is_valid():
        writing.set_quiet_hours(group, form.hours(), actor=request.person)
        messages.success(request, _("Saved."))
        return redirect("conversations:circle", group.pk)
    return render(request, "conversations/quiet.html", {"page": _("Quiet hours"), "group": group, "form": form})


def group_or_404(request: PersonRequest, group_id: UUID) -> Group:
    """A group whose space is open to the reader; for everybody else there is none. Error: `Http404`."""
    return found_or_404(group_for(request.person, group_id))


def number_in(request: HttpRequest, name: str = "before") -> int | None:
    """A number from the address; None where there is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(2**63)) else None


def _closed(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Whoever takes a break keeps their seat; the space waits for them, and they need not wonder."""
    mine = Group.objects.open().with_current_seat(request.person)
    get_object_or_404(mine, pk=group_id)
    return render(request, "conversations/closed.html", {"page": _("Our space")})


def _hours_of(group: Group) -> dict[str, Any]:
    found: Circle | None = getattr(group, "circle", None)
    if found is None or found.quiet_from is None:
        return {}
    return {"start": str(found.quiet_from), "end": str(found.quiet_until)}

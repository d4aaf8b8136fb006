"""Groups are being drawn up: watch, stop, and go on to what came out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from wayhouse.core.child import ChildError
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.drawing import stop_drawing
from wayhouse.groups.models import Cycle, Drawing, DrawingQuerySet, Proposal
from wayhouse.groups.placing import take_groups
from wayhouse.groups.refusals import Outdated
from wayhouse.groups.watching import figures_of
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles


@for_roles(Role.Kind.COORDINATOR)
@require_GET
def drawing(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """How far it is; once it has ended, on to the proposal."""
    found = _any(request).filter(cycle=cycle_id).first()
    proposal = reverse("groups:proposal", args=[cycle_id])
    if found is None:
        get_object_or_404(Cycle.objects.visible_to(request.person), pk=cycle_id)
        return onward(request, proposal)
    if found.state == Drawing.State.DONE:
        return onward(request, _taken(request, found) or proposal)
    return render(
        request,
        "groups/drawing.html",
        {
            "page": _("Drawing up groups"),
            "up": proposal,
            "stop": reverse("groups:stop_drawing", args=[cycle_id]),
            **figures_of(found),
        },
    )


@for_roles(Role.Kind.COORDINATOR)
@require_POST
def stop(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """Let it end at once and keep the best plan so far."""
    found = get_object_or_404(_any(request), cycle=cycle_id)
    stop_drawing(found, actor=request.person)
    return redirect("groups:drawing", cycle_id)


def onward(request: PersonRequest, url: str) -> HttpResponse:
    """A real page load either way, so that screen readers hear of it and the browser's way back stays right."""
    return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") else redirect(url)


def _any(request: PersonRequest) -> DrawingQuerySet:
    of_groups = Drawing.objects.visible_to(request.person).filter(kind=Proposal.Kind.GROUPS)
    return of_groups.select_related("cycle__programme")


def _taken(request: PersonRequest, found: Drawing) -> str:
    """The address of the proposal that was made of it, or an empty text where there is none, with the news."""
    try:
        proposal = take_groups(found, actor=request.person)
    except Outdated:
        messages.warning(request, _("People or places changed while it was drawn up. Please draw it up again."))
    except (ChildError, CannotOpen):
        messages.error(request, _("No proposal could be drawn up just now. Nothing was changed. Please try again."))
    else:
        return reverse("groups:kept_proposal", args=[proposal.pk]) if proposal else ""
    return ""

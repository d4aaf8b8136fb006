"""A rota is being drawn up: watch, stop, and go on to what came out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wayhouse.core.child import ChildError
from wayhouse.crypto.box import CannotOpen
from wayhouse.groups.drawing import stop_drawing
from wayhouse.groups.models import Cycle, Drawing, DrawingQuerySet, Proposal
from wayhouse.groups.refusals import Outdated
from wayhouse.groups.views.drawings import onward
from wayhouse.groups.watching import figures_of
from wayhouse.meetings import drawing_up
from wayhouse.meetings.views.rota import for_coordinators
from wayhouse.people.present import PersonRequest


@for_coordinators
@require_GET
def drawing(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """How far it is; once it has ended, on to the proposal."""
    found = _any(request).filter(cycle=cycle_id).first()
    rota = reverse("meetings:rota", args=[cycle_id])
    if found is None:
        get_object_or_404(Cycle.objects.visible_to(request.person), pk=cycle_id)
        return onward(request, rota)
    if found.state == Drawing.State.DONE:
        _take(request, found)
        return onward(request, rota)
    words = {
        "page": _("Drawing up the rota"),
        "up": rota,
        "stop": reverse("meetings:stop_drawing", args=[cycle_id]),
        **figures_of(found),
    }
    return render(request, "groups/drawing.html", words)


@for_coordinators
@require_POST
def stop(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """Let it end at once and keep the best rota so far."""
    found = get_object_or_404(_any(request), cycle=cycle_id)
    stop_drawing(found, actor=request.person)
    return redirect("meetings:drawing", cycle_id)


def _any(request: PersonRequest) -> DrawingQuerySet:
    of_rotas = Drawing.objects.visible_to(request.person).filter(kind=Proposal.Kind.ROTA)
    return of_rotas.select_related("cycle__programme")


def _take(request: PersonRequest, found: Drawing) -> None:
    try:
        if drawing_up.take_rota(found, actor=request.person):
            messages.success(request, _("Here is a proposal. Nobody has been told yet."))
    except Outdated:
        messages.warning(request, _("People or groups changed while it was drawn up. Please draw it up again."))
    except (ChildError, CannotOpen):
        messages.error(request, _("The rota could not be drawn up. Nothing was changed. Please try again."))

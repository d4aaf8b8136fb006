"""What the end of a cycle ends and what it leaves, and the hand that ends it earlier than it ends by itself."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wayhouse.meetings import ending, rules
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles


@for_roles(Role.Kind.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def end_cycle(request: PersonRequest, cycle_id: UUID) -> HttpResponse:
    """What ends and when; after a yes it ends now."""
    found = ending.dated(cycle_id, request.person)
    if found is None:
        raise Http404
    may = rules.may_end_cycle(request.person, found)
    if request.method == "POST" and may:
        ending.end_cycle(found, actor=request.person)
        messages.success(request, _("The cycle has ended. Members keep their seats and their space."))
        return redirect("groups:cycle", found.pk)
    words = {"page": _("The end of a cycle"), "cycle": found, "day": ending.ends_on(found), "may": may}
    return render(request, "meetings/end_cycle.html", words | {"partings": ending.partings(found)})

"""A mentor's office hours."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wayhouse.mentoring.forms import HoursForm
from wayhouse.mentoring.offering import keep_hours, offer_of
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles


@for_roles(Role.Kind.MENTOR)
def office_hours(request: PersonRequest) -> HttpResponse:
    """When one reads, with how many one writes, and whether one answers questions."""
    form = HoursForm(request.POST or None, offer=offer_of(request.person))
    if form.is_valid():
        said = form.cleaned_data
        keep_hours(form.hours(), takes=said["takes"], answers=said["answers"], actor=request.person)
        messages.success(request, _("Saved."))
        return redirect("mentoring:threads")
    return render(request, "mentoring/hours.html", {"page": _("My hours"), "form": form})

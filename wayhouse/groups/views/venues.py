"""Places where groups can meet."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wayhouse.crypto.sealed import open_all
from wayhouse.groups import actions
from wayhouse.groups.forms import VenueForm
from wayhouse.groups.models import Venue
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles
from wayhouse.people.roster.times import SLOTS, slot_label


@for_roles(Role.Kind.COORDINATOR)
def venues(request: PersonRequest) -> HttpResponse:
    """All places, those in use first."""
    found = list(Venue.objects.visible_to(request.person).select_related("item"))
    open_all(found)
    found.sort(key=lambda venue: (not venue.in_use, venue.name.casefold()))
    shown = [{"venue": venue, "slots": _times(venue)} for venue in found]
    return render(request, "groups/venues.html", {"page": _("Places"), "venues": shown})


@for_roles(Role.Kind.COORDINATOR)
def venue_new(request: PersonRequest) -> HttpResponse:
    """Write down a place."""
    form = VenueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.keep_venue(request.person.programme, form.cleaned_data, actor=request.person)
        messages.success(request, _("The place is written down."))
        return redirect("groups:venues")
    return render(request, "groups/venue.html", {"page": _("New place"), "form": form})


@for_roles(Role.Kind.COORDINATOR)
def venue(request: PersonRequest, venue_id: UUID) -> HttpResponse:
    """Change a place."""
    chosen = _venue_or_404(request, venue_id)
    form = VenueForm(request.POST or None, initial=VenueForm.words_of(chosen))
    if request.method == "POST" and form.is_valid():
        actions.keep_venue(request.person.programme, form.cleaned_data, actor=request.person, venue=chosen)
        messages.success(request, _("The change is saved."))
        return redirect("groups:venues")
    return render(request, "groups/venue.html", {"page": _("Place"), "form": form, "venue": chosen})


@for_roles(Role.Kind.COORDINATOR)
@require_POST
def use_venue(request: PersonRequest, venue_id: UUID) -> HttpResponse:
    """Offer a place for new groups, or offer it no longer; the other button undoes it."""
    chosen, in_use = _venue_or_404(request, venue_id), request.POST.get("in_use") == "yes"
    actions.use_venue(chosen, in_use=in_use, actor=request.person)
    told = _("New groups can meet there again.") if in_use else _("No new group will meet there.")
    messages.success(request, told)
    return redirect("groups:venue", chosen.pk)


def _venue_or_404(request: PersonRequest, venue_id: UUID) -> Venue:
    return get_object_or_404(Venue.objects.visible_to(request.person).select_related("item", "programme"), pk=venue_id)


def _times(venue: Venue) -> str:
    return ", ".join(slot_label(slot) for slot in SLOTS if slot in venue.slots)

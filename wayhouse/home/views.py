"""The page after sign-in: for each role, what it needs first."""

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wayhouse.core.gate import public
from wayhouse.home.first_screen import first_screen
from wayhouse.home.readers import things_around
from wayhouse.people.present import PersonRequest, for_oneself, for_people


@public
def home(request: HttpRequest) -> HttpResponse:
    """The first screen of whoever is here; visitors read what this is."""
    if SESSION_KEY not in request.session:
        return redirect("core:about")
    return _signed_in(request)


@for_oneself
def readers(request: PersonRequest) -> HttpResponse:
    """Who can see what: for everybody about themselves."""
    return render(
        request, "home/readers.html", {"page": _("Who can see this?"), "things": things_around(request.person)}
    )


@for_people
def _signed_in(request: PersonRequest) -> HttpResponse:
    return render(request, "home/home.html", {"page": _("Home"), "screen": first_screen(request.person)})

"""The roster as a file to take out of the house."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wayhouse.accounts.limits import take
from wayhouse.accounts.views import proven_again
from wayhouse.people import exporting
from wayhouse.people.present import PersonRequest
from wayhouse.people.roster.outgoing import OUTGOING
from wayhouse.people.roster.template import csv_of, workbook_of
from wayhouse.people.views.roster import KINDS_OF_FILE, for_coordinators, table

_MAKERS = {"xlsx": workbook_of, "csv": csv_of}


@for_coordinators
@require_GET
def roster_out(request: PersonRequest) -> HttpResponse:
    """What taking the roster out means, before anybody does it."""
    return render(request, "people/roster_out.html", {"page": _("Take the table out"), "columns": OUTGOING})


@for_coordinators
@require_GET
@proven_again
def take_roster_out(request: PersonRequest, suffix: str) -> HttpResponse:
    """The roster as an Excel workbook or as CSV, under a name that says nothing."""
    if suffix not in KINDS_OF_FILE:
        raise Http404
    if take(request, "copy") is None:
        return render(request, "people/slow_down.html", {"page": _("One moment")}, status=429)
    rows = exporting.take_roster_out(request.person.programme, actor=request.person)
    return table(_MAKERS[suffix](rows, OUTGOING), suffix)

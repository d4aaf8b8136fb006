"""The board of those who answer, and the law sheets."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wayhouse.core import clock
from wayhouse.notices.sweeps import is_well
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles
from wayhouse.safeguarding import board as boards
from wayhouse.safeguarding import law, rules

# The worker writes down every minute that it lives.
_SEEN_WITHIN = timedelta(minutes=5)


@for_roles(Role.Kind.SAFEGUARDING_LEAD)
def board(request: PersonRequest) -> HttpResponse:
    """Open concerns by the time that is left, who is on call, when the next drill is due."""
    if not rules.answers(request.person):
        return redirect("home:home")
    programme = request.person.programme
    found = boards.board_of(request.person)
    words = {
        "page": _("Open concerns"),
        "lines": found.lines,
        "on_call": found.on_call,
        "calls_go_out": is_well(clock.now(), _SEEN_WITHIN),
        "drill_on": boards.drill_due_on(programme),
    }
    return render(request, "safeguarding/board.html", words)


@for_roles(Role.Kind.SAFEGUARDING_LEAD, Role.Kind.COORDINATOR)
def law_sheets(request: PersonRequest) -> HttpResponse:
    """What the law of each country asks for, and when somebody last looked at it."""
    country = settings.WAYHOUSE_COUNTRY.lower()
    sheets = sorted(law.sheets(), key=lambda sheet: (sheet.code != country, sheet.title))
    return render(request, "safeguarding/law_sheets.html", {"page": _("Law sheets"), "sheets": sheets})

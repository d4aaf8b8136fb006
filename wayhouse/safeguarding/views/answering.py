"""The board of those who answer, and the law sheets."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhouse.core import clock
from wayhouse.core.help import numbers
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles
from wayhouse.safeguarding import board as boards
from wayhouse.safeguarding import law, looking_again
from wayhouse.safeguarding.looking_again import What

# The worker writes down every minute that it lives.
_SEEN_WITHIN = timedelta(minutes=5)
# What a day is for, and the page on which it is looked at.
_DAYS = {
    What.STEP: (gettext_lazy("Look again at a step"), "safeguarding:conduct_step"),
    What.UNTIL: (gettext_lazy("An authority waits until then"), "safeguarding:demand"),
    What.HOLD: (gettext_lazy("Look again at a hold"), "safeguarding:demand"),
    What.READERS: (gettext_lazy("Let a colleague in"), "safeguarding:demand"),
    What.STEP_READERS: (gettext_lazy("Let a colleague in"), "safeguarding:conduct_step"),
    What.TOLD: (gettext_lazy("Look again whether somebody may be told"), "safeguarding:demand"),
}


@for_roles(Role.Kind.SAFEGUARDING_LEAD)
def board(request: PersonRequest) -> HttpResponse:
    """Open concerns by the time that is left, who is on call, when the next drill is due."""
    standing = boards.standing_of(request.person, _SEEN_WITHIN)
    if standing is None:
        return redirect("home:home")
    found = boards.board_of(request.person)
    words = {
        "page": _("Open concerns"),
        "lines": found.lines,
        "on_call": found.on_call,
        "alone": found.alone,
        "calls_go_out": standing.calls_go_out,
        "drill_on": standing.drill_on,
        "days": [(one, _DAYS[one.what]) for one in looking_again.days_for(request.person)],
        "today": clock.today(),
    }
    return render(request, "safeguarding/board.html", words)


@for_roles(Role.Kind.SAFEGUARDING_LEAD, Role.Kind.COORDINATOR)
def law_sheets(request: PersonRequest) -> HttpResponse:
    """What the law of each country asks for, and when somebody last looked at it."""
    words = {
        "page": _("Law sheets"),
        "broken": law.broken(),
        "numbers": numbers.mistake(),
        "sheets": [(sheet, law.is_old(sheet)) for sheet in law.in_order(settings.WAYHOUSE_COUNTRY)],
    }
    return render(request, "safeguarding/law_sheets.html", words)

"""Closed days: which days do not count as working days, and why."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from wayhouse.core import clock
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles
from wayhouse.safeguarding import closed, law, rules
from wayhouse.safeguarding.closed_names import in_words
from wayhouse.safeguarding.day_forms import DaysForm
from wayhouse.safeguarding.law_reading import ClosedBySheet
from wayhouse.safeguarding.models import ClosedDay
from wayhouse.safeguarding.protocol.closed import days_of
from wayhouse.safeguarding.refusals import TooManyClosed

_team = for_roles(Role.Kind.COORDINATOR, Role.Kind.SAFEGUARDING_LEAD)
# What is shown of the days that come.
_AHEAD = timedelta(days=366)


@_team
def closed_days(request: PersonRequest) -> HttpResponse:
    """The closed days of the next twelve months, by the sheet and by hand, and a form for those who enter them."""
    programme, form = request.person.programme, None
    if rules.may_mark_days(request.person, programme):
        form = DaysForm(request.POST or None)
        if form.is_valid() and _is_marked(request, form):
            return redirect("safeguarding:closed_days")
    sheet, today = law.closed_by_sheet(settings.WAYHOUSE_COUNTRY), clock.today()
    until = today + _AHEAD
    by_hand = {one.day: one for one in ClosedDay.objects.of(programme).filter(day__gte=today)}
    by_rule = {day: name for year in (today.year, until.year, until.year + 1) for day, name in _days(sheet, year)}
    days = sorted(day for day in by_hand.keys() | by_rule.keys() if today <= day <= until)
    words = {
        "page": _("Closed days"),
        "days": [(day, in_words(by_rule.get(day, "")), by_hand.get(day)) for day in days],
        "sheet": sheet,
        "today": today,
        "form": form,
    }
    return render(request, "safeguarding/closed_days.html", words)


@_team
@require_POST
def unmark_day(request: PersonRequest, day_id: int) -> HttpResponse:
    """What the sheet says counts again."""
    coming = ClosedDay.objects.of(request.person.programme).filter(day__gt=clock.today())
    found = get_object_or_404(coming.select_related("programme"), pk=day_id)
    closed.unmark_day(found, actor=request.person)
    messages.success(request, _("Written down."))
    return redirect("safeguarding:closed_days")


def _days(sheet: ClosedBySheet, year: int) -> list[tuple[date, str]]:
    return list(days_of(sheet.rules, year).items())


def _is_marked(request: PersonRequest, form: DaysForm) -> bool:
    said = form.cleaned_data
    first, works = said["first"], said["what"] == DaysForm.WORKS
    try:
        count = closed.mark_days(first, said["last"] or first, works=works, actor=request.person)
    except ValueError:
        form.add_error("first", _("Days after today, at most a year ahead, the first one first."))
        return False
    except TooManyClosed:
        most = {"count": closed.MOST_A_YEAR}
        form.add_error("first", _("At most %(count)s days of a year are closed by hand.") % most)
        return False
    said_of = ngettext("%(count)s day written down.", "%(count)s days written down.", count)
    messages.success(request, said_of % {"count": count})
    return True

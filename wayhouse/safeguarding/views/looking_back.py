"""Looking back: what was learnt, and how fast we were. For those who answer and the coordinators; about nobody."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles
from wayhouse.safeguarding import board, rules
from wayhouse.safeguarding import figures as counting
from wayhouse.safeguarding import learning as learnt
from wayhouse.safeguarding.forms import LearningForm
from wayhouse.safeguarding.models import Appointment
from wayhouse.safeguarding.refusals import TooFewConcerns, WrittenAlready
from wayhouse.safeguarding.words import DUTIES, SHORT_LEVELS

_team = for_roles(Role.Kind.COORDINATOR, Role.Kind.SAFEGUARDING_LEAD)


@_team
def learning(request: PersonRequest) -> HttpResponse:
    """The notes; and for those who answer, writing one as soon as enough was finished."""
    person = request.person
    writes = rules.may_write_learning_note(person, person.programme)
    if not writes and not person.is_coordinator:
        return redirect("home:home")
    finished = learnt.finished_since(person) if writes else []
    enough = len(finished) >= learnt.FEWEST
    form = LearningForm(request.POST or None) if enough else None
    if form and form.is_valid():
        try:
            learnt.write_learning_note(form.cleaned_data["words"], actor=person)
            messages.success(request, _("Written down, for those who answer and the coordinators."))
        except (TooFewConcerns, WrittenAlready):
            messages.warning(request, _("There is a note of this month already."))
        return redirect("safeguarding:learning")
    posts = dict(Appointment.POSTS)
    words = {
        "page": _("What we learnt"),
        "notes": [(note, posts.get(note.post, "")) for note in learnt.notes_of(person.programme)],
        "writes": writes,
        "form": form,
        "lines": learnt.lines_of(finished) if enough else [],
    }
    return render(request, "safeguarding/learning.html", words)


@_team
def figures(request: PersonRequest) -> HttpResponse:
    """How fast we were, by half-year, with what each number means."""
    if not rules.answers(request.person) and not request.person.is_coordinator:
        return redirect("home:home")
    halves = [
        {"begins": half.begins, "ends": half.ends, "rows": [_row(one) for one in half.figures]}
        for half in counting.figures_of(request.person.programme)
    ]
    return render(request, "safeguarding/figures.html", {"page": _("How fast we were"), "halves": halves})


def _row(one: counting.Figure) -> dict[str, Any]:
    lowest, highest = one.band
    several = _("%(least)s to %(most)s") % {"least": lowest, "most": highest}
    return {
        "level": SHORT_LEVELS[one.level],
        "duty": DUTIES[one.duty],
        "count": several if highest else _("%(least)s or more") % {"least": lowest},
        "share": one.share,
        "time": board.in_words(one.minutes),
        "by_day": one.by_day,
        "by_night": one.by_night,
    }

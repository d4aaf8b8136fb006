"""How an evening felt: saying so without a name, and what the group said together."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wayhouse.conversations import pulse as pulses
from wayhouse.conversations import rules
from wayhouse.conversations.finding import evening_for
from wayhouse.conversations.forms import PulseForm
from wayhouse.conversations.models import PulseResult
from wayhouse.conversations.reading import results_of
from wayhouse.conversations.views.circle import group_or_404
from wayhouse.core.gate import found_or_404, require
from wayhouse.crypto.sealed import open_all
from wayhouse.people.present import PersonRequest, for_people

SHOWN = 12


@for_people
def answer_pulse(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Four questions after an evening."""
    meeting = found_or_404(evening_for(request.person, meeting_id))
    require(rules.may_answer_pulse(request.person, meeting))
    form = PulseForm(request.POST or None)
    if form.is_valid():
        try:
            pulses.answer_pulse(meeting, form.cleaned_data, actor=request.person)
        except pulses.AnsweredBefore:
            messages.info(request, _("You answered before. Each evening is answered once."))
        else:
            messages.success(request, _("Thank you. Nobody can tell that it was you."))
        return redirect("conversations:pulse", meeting.group_id)
    words = {
        "page": _("How was it?"),
        "meeting": meeting,
        "form": form,
        "answered": pulses.has_answered(meeting),
        "fewest": pulses.FEWEST,
    }
    return render(request, "conversations/answer_pulse.html", words)


@for_people
@require_GET
def pulse(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """What the group said together, from five answers on."""
    group = group_or_404(request, group_id)
    pulses.show_pulse(group, actor=request.person)
    found = results_of(group, SHOWN)
    open_all([group], found)
    words = {
        "page": _("How it was"),
        "group": group,
        "results": [(result, _means(result)) for result in found],
        "fewest": pulses.FEWEST,
    }
    return render(request, "conversations/pulse.html", words)


def _means(result: PulseResult) -> list[tuple[str, Any]]:
    return [(str(words), result.means.get(name)) for name, words in pulses.QUESTIONS.items()]

"""One's own yes and no: every purpose on one page, and each with its words, its history and one tap."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wayhouse.leaving import consents as standing
from wayhouse.leaving.forms import ConsentForm
from wayhouse.people.consents.giving import Reworded
from wayhouse.people.consents.wordings import Purpose
from wayhouse.people.present import PersonRequest, for_oneself


@for_oneself
@require_GET
def consents(request: PersonRequest) -> HttpResponse:
    """Everything one can say yes to, with what one said."""
    words = {"page": _("What I said yes to"), "standings": standing.standings_of(request.person)}
    return render(request, "leaving/consents.html", words)


@for_oneself
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: PersonRequest, purpose: str) -> HttpResponse:
    """One purpose: its words, who sees it, until when, what taking it back does; and the yes."""
    wanted = _purpose(purpose)
    found = standing.standing_of(request.person, wanted)
    form = ConsentForm(request.POST if request.method == "POST" else None, version=found.wording.version)
    if form.is_valid() and found.asks:
        try:
            standing.give(request.person, wanted, form.version, form.cleaned_data["how"], actor=request.person)
            messages.success(request, _("Thank you. You can take it back at any time, here."))
        except (Reworded, KeyError):
            messages.warning(request, _("These words have just changed. Please read them again."))
        return redirect("leaving:consent", purpose)
    if request.method == "POST" and not found.asks:
        return redirect("leaving:consent", purpose)
    words = {"page": _("What I said yes to"), "standing": found, "form": form}
    return render(request, "leaving/consent.html", words)


@for_oneself
@require_POST
def withdraw_consent(request: PersonRequest, purpose: str) -> HttpResponse:
    """Taking back, at once and without a question; the page then shows what was done."""
    wanted = _purpose(purpose)
    if wanted == Purpose.PARTICIPATION:
        return redirect("leaving:leave")
    stood = standing.standing_of(request.person, wanted).holds
    standing.withdraw(request.person, wanted, actor=request.person)
    if stood:
        messages.success(request, _("You took it back. Nobody asks why, and nothing else changes for you."))
    return redirect("leaving:consent", purpose)


def _purpose(name: str) -> Purpose:
    try:
        return Purpose(name)
    except ValueError:
        raise Http404 from None

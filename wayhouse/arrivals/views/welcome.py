"""The welcome decision: each says what they think on a page, and with two of them an invitation is laid ready."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wayhouse.arrivals import door, rules, welcoming
from wayhouse.arrivals.answering import ContactGone
from wayhouse.arrivals.forms import VoiceForm, WelcomeForm
from wayhouse.arrivals.models import Contact, Voice, Welcome
from wayhouse.arrivals.views.staff import contact_or_404, for_coordinators
from wayhouse.arrivals.writing import Opened
from wayhouse.people.entries import NameTaken
from wayhouse.people.present import PersonRequest, for_roles

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@for_roles(*rules.VOICES)
@require_GET
def decisions(request: PersonRequest) -> HttpResponse:
    """About whom a coordinator began to decide; others of the staff who met them join in here. No word of a note."""
    rows = Contact.objects.to_decide(request.person).filter(voices__isnull=False, welcome=None).distinct()
    context = {"waiting": rows.order_by("-last_on", "pk")[:50], "counts": rules.counts(request.person)}
    return render(request, "arrivals/decisions.html", {"page": _("Somebody new"), **context})


@for_roles(*rules.VOICES)
@_GET_OR_POST
def decide(request: PersonRequest, contact_id: UUID) -> HttpResponse:
    """Say what one thinks, and see how many have."""
    rows = Contact.objects.to_decide(request.person).select_related("programme", "scope")
    found = get_object_or_404(rows, pk=contact_id)
    me = request.person
    voices = rules.voices_for(found, None if me.is_coordinator else me)
    own = next((voice for voice in voices if voice.person_id == me.pk), None)
    said = own.reason if own and own.opens else ""
    form = VoiceForm(request.POST if request.method == "POST" else None, initial={"reason": said})
    may = rules.may_give_voice(request.person, found)
    if may and form.is_valid():
        with suppress(ContactGone):
            welcoming.give_voice(found, Voice.Reason(form.cleaned_data["reason"]), actor=request.person)
        return redirect("arrivals:decide", contact_id)
    context = {"contact": found, "form": form, "may": may, "own": own, "voices": voices}
    context["may_welcome"] = rules.may_lay_ready(me, found) and rules.agree(voices)
    return render(request, "arrivals/decide.html", {"page": _("Two of you decide"), **context})


@for_coordinators
@_GET_OR_POST
def welcome_contact(request: PersonRequest, contact_id: UUID) -> HttpResponse:
    """Lay an invitation behind their six words."""
    found = contact_or_404(request, contact_id)
    if not rules.may_welcome(request.person, found):
        raise Http404
    form = WelcomeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            said = form.cleaned_data
            welcoming.welcome_contact(found, said["name"], [said["language"]], actor=request.person)
        except NameTaken:
            form.add_error("name", _("Somebody else on the roster has this name. Take another."))
        except ContactGone:
            raise Http404 from None
        else:
            messages.success(request, _("The invitation waits behind their six words, for three days."))
            return redirect("arrivals:contact", contact_id)
    return render(request, "arrivals/welcome_contact.html", {"page": _("Welcome"), "contact": found, "form": form})


@for_coordinators
@require_POST
def renew_welcome(request: PersonRequest, contact_id: UUID) -> HttpResponse:
    """Another invitation, for three more days."""
    found = contact_or_404(request, contact_id)
    state = welcoming.state_of(found)
    if state is None or not state.may_renew:
        raise Http404
    with suppress(ContactGone):
        welcoming.renew_welcome(found, actor=request.person)
        messages.success(request, _("The invitation waits behind their six words, for three days."))
    return redirect("arrivals:contact", contact_id)


@door.for_writers
@require_POST
def come_in(request: HttpRequest, opened: Opened) -> HttpResponse:
    """From the six words to the invitation; the note stays behind."""
    found = Welcome.objects.select_related("item").filter(contact=opened.contact).first()
    if found is None:
        return redirect("arrivals:talk")
    token = found.token
    door.put_away(request)
    return redirect("people:welcome", token)

"""First contacts as the coordinators see them: what has to be answered first, and one of them."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wayhouse.arrivals import answering, rules, welcoming
from wayhouse.arrivals.answering import ContactGone
from wayhouse.arrivals.forms import AnswerForm
from wayhouse.arrivals.listing import as_table, listed
from wayhouse.arrivals.models import Contact
from wayhouse.core.sheet import csv_of
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles

AT_ONCE = 20
for_coordinators = for_roles(Role.Kind.COORDINATOR)
_ACTS = {
    "take": answering.take_contact,
    "hand-on": answering.hand_on_contact,
    "close": answering.close_contact,
}


@for_coordinators
@require_GET
def contacts(request: PersonRequest, kind: Contact.Kind) -> HttpResponse:
    """What waits for an answer, what is overdue first; each kind has a list of its own."""
    rows = Contact.objects.visible_to(request.person).filter(kind=kind).by_urgency()
    page = Paginator(rows.annotate(newest=Max("notes")), AT_ONCE).get_page(request.GET.get("page"))
    near = kind == Contact.Kind.NEAR
    title = _("Family and friends") if near else _("First contacts")
    context = {"page": title, "listed": listed(page.object_list, request.person), "page_obj": page, "near": near}
    return render(request, "arrivals/contacts.html", context)


@for_coordinators
@require_GET
def contacts_table(request: PersonRequest) -> HttpResponse:
    """What waits, as a table for the team's meeting: days and states, no word of a note and nothing about anybody."""
    rows = Contact.objects.visible_to(request.person).by_urgency()
    response = HttpResponse(csv_of(as_table(rows, request.person.programme)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="list.csv"'
    return response


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: PersonRequest, contact_id: UUID) -> HttpResponse:
    """What either side wrote, and the answer."""
    found = contact_or_404(request, contact_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answering.answer_contact(found, form.cleaned_data["words"], actor=request.person)
        except ContactGone:
            raise Http404 from None
        messages.success(request, _("Your answer waits for whoever has the code."))
        return redirect("arrivals:contact", contact_id)
    notes = list(found.notes.select_related("item").order_by("pk"))
    open_all(notes)
    context = {"contact": found, "notes": notes, "form": form, "near": found.kind == Contact.Kind.NEAR}
    context |= {"own": found.taken_by_id == request.person.pk, "welcome": welcoming.state_of(found)}
    return render(request, "arrivals/contact.html", {"page": _("A note"), **context})


@for_coordinators
@require_POST
def settle_contact(request: PersonRequest, contact_id: UUID, act: str) -> HttpResponse:
    """Take it on, hand it on, or close it."""
    found = contact_or_404(request, contact_id)
    if act not in _ACTS or (act == "hand-on" and not rules.may_hand_on(request.person, found)):
        raise Http404
    try:
        _ACTS[act](found, actor=request.person)
    except ContactGone:
        raise Http404 from None
    return redirect("arrivals:contact", contact_id)


def contact_or_404(request: PersonRequest, contact_id: UUID) -> Contact:
    """A contact that exists for whoever asks."""
    rows = Contact.objects.visible_to(request.person).select_related("programme", "scope")
    return get_object_or_404(rows, pk=contact_id)

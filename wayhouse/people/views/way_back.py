"""The way back: two pages for those who say who somebody is, one for the person who begins again."""

from contextlib import suppress
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wayhouse.accounts import limits
from wayhouse.accounts.adapters import AccountAdapter
from wayhouse.accounts.models import User
from wayhouse.audit.record import record_failure
from wayhouse.core.gate import public
from wayhouse.people import rules
from wayhouse.people import way_back as ways
from wayhouse.people.forms import VouchForm, WayBackForm
from wayhouse.people.models import RosterEntry, WayBack
from wayhouse.people.present import PersonRequest, for_oneself, for_people
from wayhouse.people.views.person import person_or_404, square_code
from wayhouse.people.views.roster import for_coordinators
from wayhouse.people.views.welcome import to_code


@for_coordinators
def ask_way_back(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """The first of two says who it is."""
    who = person_or_404(request, person_id)
    if not rules.may_ask_way_back(request.person, who) or rules.opens_elsewhere(who):
        raise Http404
    under_way = WayBack.objects.open().filter(person=who).first()
    if under_way is not None:
        return redirect("people:confirm_way_back", under_way.pk)
    form = VouchForm(request.POST or None, request=request, user=_user(request))
    if form.is_valid():
        made = ways.ask_way_back(who, WayBack.How(form.cleaned_data["how"]), actor=request.person)
        return redirect("people:confirm_way_back", made.pk)
    entry = RosterEntry.objects.filter(person=who).select_related("item").first()
    context = {"who": who, "name": entry.name if entry else "", "form": form}
    return render(request, "people/ask_way_back.html", {"page": _("A way back"), **context})


@for_people
def confirm_way_back(request: PersonRequest, way_back_id: UUID) -> HttpResponse:
    """The second of two says who it is, and hands the token over; the first sees how far it is."""
    found = _way_or_404(request, way_back_id)
    form = VouchForm(request.POST or None, request=request, user=_user(request))
    may = rules.may_confirm_way_back(request.person, found)
    if may and form.is_valid():
        try:
            token = ways.confirm_way_back(found, WayBack.How(form.cleaned_data["how"]), actor=request.person)
        except ways.WayBackClosed:
            raise Http404 from None
        link = request.build_absolute_uri(reverse("people:way_back", args=[token]))
        shown = {"name": ways.name_in(found), "link": link, "code": square_code(link)}
        return render(request, "people/way_back_token.html", {"page": _("The way back"), **shown})
    context = {"found": found, "name": ways.name_in(found), "form": form, "may": may}
    context["may_stop"] = rules.may_stop_way_back(request.person, found)
    return render(request, "people/confirm_way_back.html", {"page": _("A way back"), **context})


@for_oneself
@require_POST
def stop_way_back(request: PersonRequest, way_back_id: UUID) -> HttpResponse:
    """Stop it, at once and without a question; the person may, and so may the staff."""
    own = WayBack.objects.open().filter(person=request.person, pk=way_back_id).first()
    found = own or _way_or_404(request, way_back_id)
    if not rules.may_stop_way_back(request.person, found):
        raise Http404
    with suppress(ways.WayBackClosed):
        ways.stop_way_back(found, actor=request.person)
    messages.success(request, _("Stopped. The way back is closed."))
    return redirect("people:me")


@public
def way_back(request: HttpRequest, token: str) -> HttpResponse:
    """What is gone and what comes back; the name to sign in with, and a new passphrase."""
    if request.session.get(SESSION_KEY):
        return render(request, "people/welcome_later.html", {"page": _("You are signed in")})
    if not ways.is_open(token):
        return _closed(request)
    form = WayBackForm(request.POST or None)
    if form.is_valid():
        tries = limits.take_for_name(request, "recover", token, AccountAdapter(request).get_client_ip(request))
        try:
            if tries is not None:
                return _taken(request, token, form, tries)
            form.add_error(None, AccountAdapter.error_messages["too_many_login_attempts"])
        except ways.AnotherName:
            record_failure("way_back.refused")
            with suppress(ways.WayBackClosed):
                ways.count_wrong_name(token)
            form.add_error("handle", _("This is not the name of this account. Please look at it again."))
        except ways.WayBackClosed:
            return _closed(request)
    return render(request, "people/way_back.html", {"page": _("Begin again"), "form": form})


def _taken(request: HttpRequest, token: str, form: WayBackForm, tries: limits.Tries) -> HttpResponse:
    said = form.cleaned_data
    user, secret, code = ways.take_way_back(token, said["handle"], said["new"], said["name"])
    tries.give_back()
    return to_code(request, user, secret, code)


def _way_or_404(request: PersonRequest, way_back_id: UUID) -> WayBack:
    rows = WayBack.objects.visible_to(request.person).select_related("person", "asked_by", "confirmed_by", "item")
    return get_object_or_404(rows.distinct(), pk=way_back_id)


def _user(request: PersonRequest) -> User:
    return cast("User", request.person.user)


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "people/way_back_closed.html", {"page": _("This way back is closed")}, status=404)

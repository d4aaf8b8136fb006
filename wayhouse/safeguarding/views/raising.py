"""Raising a concern, reading one's own part, and coming back with a code."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wayhouse.accounts import limits
from wayhouse.core.gate import public
from wayhouse.core.help import numbers
from wayhouse.core.prepared import prepared
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.sealed import HasItem, open_all
from wayhouse.groups.models import Group, Seat
from wayhouse.people.models import Person, Profile
from wayhouse.people.present import PersonRequest, for_oneself
from wayhouse.safeguarding import raising, rules, talking
from wayhouse.safeguarding.forms import CodeForm, MessageForm, RaiseForm
from wayhouse.safeguarding.models import Concern
from wayhouse.safeguarding.protocol import State
from wayhouse.safeguarding.refusals import NobodyAnswers, NoSuchReceipt
from wayhouse.safeguarding.words import AFTERCARE, STATES


@for_oneself
def raise_concern(request: PersonRequest) -> HttpResponse:
    """Numbers first; then three questions."""
    person = request.person
    if not rules.may_raise(person, person.programme):
        raise Http404
    seats, name = near(person)
    # A page that leads here says at most what it is about, never whom.
    form = RaiseForm(request.POST or None, seats=seats, initial={"kind": request.GET.get("kind", "")})
    nobody = False
    if form.is_valid():
        try:
            return _told(request, form, name)
        except NobodyAnswers:
            nobody = True
    country = numbers.by_country(first=settings.WAYHOUSE_COUNTRY)[0]
    words = {"page": _("Worried about somebody?"), "form": form, "country": country, "nobody": nobody}
    return render(request, "safeguarding/raise_concern.html", words)


@for_oneself
def mine(request: PersonRequest) -> HttpResponse:
    """What one raised oneself, the newest first."""
    found = Concern.objects.raised_by(request.person).filter(is_drill=False).order_by("-week", "pk")
    rows = [(concern, STATES[State(concern.state)]) for concern in found[:50]]
    return render(request, "safeguarding/mine.html", {"page": _("What you told us"), "rows": rows})


@for_oneself
def own(request: PersonRequest, concern_id: UUID) -> HttpResponse:
    """What one raised, what became of it, and the talk with those who answer."""
    mine = Concern.objects.raised_by(request.person).select_related("item", "own_scope", "programme")
    concern = get_object_or_404(mine, pk=concern_id)
    form = MessageForm(request.POST or None)
    if form.is_valid():
        talking.write_message(concern, form.cleaned_data["words"], actor=request.person)
        return redirect("safeguarding:own", concern.pk)
    return render(request, "safeguarding/own.html", {**_part(concern), "form": form})


@for_oneself
@require_POST
def aftercare(request: PersonRequest, concern_id: UUID) -> HttpResponse:
    """A tick: the talk took place, or is not wanted."""
    mine = Concern.objects.raised_by(request.person).select_related("item", "own_scope", "programme")
    concern = get_object_or_404(mine, pk=concern_id)
    talking.tick_aftercare(concern, took_place=request.POST.get("answer") == "had", actor=request.person)
    messages.success(request, _("Thank you. Only this tick is kept."))
    return redirect("safeguarding:own", concern.pk)


@public
def back(request: HttpRequest) -> HttpResponse:
    """The same without a name, with the code. Nothing is remembered: the code is asked for each time."""
    form = CodeForm(request.POST or None)
    words: dict[str, object] = {"page": _("Come back with a code"), "form": form}
    if form.is_valid() and limits.take(request, "receipt") is None:
        form.add_error("code", _("Too many tries. Please wait a while."))
    elif form.is_valid():
        try:
            words |= _with_code(form.cleaned_data["code"], form.cleaned_data["words"])
        except NoSuchReceipt:
            form.add_error("code", _("Nothing opens with this code. Please check it, letter by letter."))
    return render(request, "safeguarding/back.html", words)


def _told(request: PersonRequest, form: RaiseForm, name: str) -> HttpResponse:
    report, without, key = form.report(name), form.kept_from(), form.cleaned_data["key"]
    if form.cleaned_data["unnamed"]:
        _concern, code = raising.raise_unnamed(report, without=without, actor=request.person, key=key)
        return render(request, "safeguarding/code.html", {"page": _("It has arrived"), "code": code})
    concern = raising.raise_concern(report, without=without, actor=request.person, key=key)
    messages.success(request, _("It has arrived. Somebody is being called now."))
    if rules.may_answer(request.person, concern):
        return redirect("safeguarding:concern", concern.pk)
    return redirect("safeguarding:own", concern.pk)


def near(person: Person) -> tuple[dict[str, tuple[str, str]], str]:
    """Those who sit in the person's groups, by the id of their seat; and the person's own name."""
    seats, profiles = _others(person=person.pk), _profiles(person=person.pk)
    try:
        open_all(seats, profiles)
    except CannotOpen:
        # A name that does not open must keep nobody from the numbers and from telling it.
        seats, profiles = list(filter(_opens, seats)), list(filter(_opens, profiles))
    named = sorted(seats, key=lambda seat: seat.name.casefold())
    return {str(seat.pk): (str(seat.person_id), seat.name) for seat in named}, profiles[0].name if profiles else ""


@prepared
def _others(person: UUID) -> QuerySet[Seat]:
    groups = Group.objects.open().with_current_seat(person)
    return Seat.objects.current().filter(group__in=groups).exclude(person=person).select_related("item")


@prepared
def _profiles(person: UUID) -> QuerySet[Profile]:
    return Profile.objects.filter(person=person).select_related("item")


def _opens(row: HasItem) -> bool:
    try:
        open_all([row])
    except CannotOpen:
        return False
    return True


def _with_code(code: str, words: str) -> dict[str, object]:
    if words:
        talking.write_unnamed(code, words)
    with talking.with_receipt(code) as concern:
        # What was sent does not stand in the form again: to open it once more would send it once more.
        return {**_part(concern), "form": CodeForm(initial={"code": code})}


def _part(concern: Concern) -> dict[str, object]:
    open_all([concern])
    lines, aftercare = talking.said_in(concern)
    return {
        "page": _("What you told us"),
        "concern": concern,
        "state": STATES[State(concern.state)],
        "told": concern.words,
        "lines": lines,
        "aftercare": AFTERCARE.get(aftercare, ""),
    }

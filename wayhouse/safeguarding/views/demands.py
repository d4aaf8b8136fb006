"""The register of what authorities ask for."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wayhouse.accounts.views import proven_lately
from wayhouse.core.gate import found_or_404
from wayhouse.core.prepared import prepared
from wayhouse.core.together import together
from wayhouse.crypto.sealed import open_all
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles
from wayhouse.safeguarding import demands as register
from wayhouse.safeguarding import posts, rules
from wayhouse.safeguarding.demand_forms import DemandForm, MoveForm
from wayhouse.safeguarding.demand_tables import counts_by_year
from wayhouse.safeguarding.demand_words import KNOWS, MATTERS, MISSING, MOVES, SAID, STAGES, WHAT_FOR
from wayhouse.safeguarding.left_alone import end_unread as end_unread_hold
from wayhouse.safeguarding.left_alone import left_alone_for
from wayhouse.safeguarding.models import Appointment, Concern, Demand, DemandEntry, DemandOpening
from wayhouse.safeguarding.opened import MOST, Opened, opened_lines, post_held
from wayhouse.safeguarding.protocol import Kind, Post
from wayhouse.safeguarding.protocol.demands import Matter, Move, NotPossible, Stage, possible
from wayhouse.safeguarding.refusals import ConcernsYou, NobodyAnswers

_answering = for_roles(Role.Kind.SAFEGUARDING_LEAD)
_MOST = 100


@_answering
@proven_lately
def demands(request: PersonRequest) -> HttpResponse:
    """All that one may read, those that are open first; and how many there were in each year."""
    if not rules.may_enter_demand(request.person):
        raise Http404
    found = _latest(person=request.person.pk)
    open_all(found)
    rows = sorted(found, key=lambda one: (one.stage == Stage.CLOSED, one.until or "9999", one.received_on))
    words = {
        "page": _("What authorities asked for"),
        "rows": [(one, STAGES[Stage(one.stage)], parse_date(one.until)) for one in rows],
        "alone": [(one, one.first == str(request.person.pk)) for one in left_alone_for(request.person)],
        "years": counts_by_year(request.person.programme, seen_by=request.person),
    }
    return render(request, "safeguarding/demands.html", words)


@_answering
@proven_lately
def enter_demand(request: PersonRequest) -> HttpResponse:
    """Enter what was received; from a concern of this kind, with whom it is about."""
    if not rules.may_enter_demand(request.person):
        raise Http404
    near = _near(request)
    chosen = request.POST.get("from") or request.GET.get("from")
    by = next((one for one in near if str(one.pk) == chosen and one.kind == Kind.LEGAL_DEMAND), None)
    known = [(str(one.pk), one.about_name) for one in near if one.about_person and one.about_name]
    form = DemandForm(request.POST or None, people=known, initial={"people": [by.pk] if by else []})
    if form.is_valid():
        said = dict(form.cleaned_data)
        without, people = [Post(one) for one in said.pop("without")], set(said.pop("people", ()))
        asked = register.Asked(**said, people=[one for one in near if str(one.pk) in people], concern=by)
        try:
            made = register.enter_demand(asked, without=without, actor=request.person)
        except ConcernsYou:
            form.add_error(None, _("It concerns you, or is kept from you. A colleague enters it."))
        except NobodyAnswers:
            form.add_error(None, _("Nobody is left who may read it."))
        else:
            messages.success(request, _("Written down."))
            return redirect("safeguarding:demand", made.pk)
    words = {"page": _("Enter a demand"), "form": form, "by": by}
    return render(request, "safeguarding/enter_demand.html", words)


@_answering
@proven_lately
def demand(request: PersonRequest, demand_id: UUID) -> HttpResponse:
    """One demand: what is asked, what comes next, what was done."""
    found = _get(request, demand_id)
    others, openings = _around(programme=found.programme_id, scope=found.scope_id, demand=found.pk)
    entries = register.open_demand(found, along=others, actor=request.person)
    standing = found.standing
    moves = possible(standing) - _not_for(found, str(request.person.pk))
    context = {
        "page": _("A demand of an authority"),
        "demand": found,
        "stage": STAGES[Stage(found.stage)],
        "decision": MATTERS[Matter(found.decision)] if found.decision else "",
        "may_sign": Move.CONFIRM in moves,
        "waiting": MATTERS[Matter(found.waiting)] if found.waiting else "",
        "asked": [(SAID[name], getattr(found, name)) for name in ("who", "basis", "what", "about")],
        "until": parse_date(found.until),
        "people": [_person(one) for one in found.people],
        "lines": [_line(entry) for entry in entries],
        "moves": [(one, words) for one, words in MOVES.items() if one in moves],
        "readers": opened_lines(openings),
        "colleagues": posts.outside(found, others),
    }
    return render(request, "safeguarding/demand.html", context)


@_answering
@proven_lately
def take_move(request: PersonRequest, demand_id: UUID, move: str) -> HttpResponse:
    """One step: what it asks for, and then do it."""
    found = _get(request, demand_id)
    what = next((one for one in possible(found.standing) if one == move), None)
    if what is None:
        raise Http404
    entries = register.open_demand(found, actor=request.person)
    waits = register.shown_for_signing(entries) if what == Move.CONFIRM else None
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        move=what,
        country=settings.WAYHOUSE_COUNTRY,
        people=[(one["id"], one["name"]) for one in found.people],
        proposal=waits.pk if waits else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            register.take_move(found, what, form.words(), matter=form.matter(), actor=request.person)
        except NotPossible as refused:
            form.add_error(None, _missing(refused))
        else:
            messages.success(request, _("Written down."))
            return redirect("safeguarding:demand", found.pk)
    words = {"page": MOVES[what], "demand": found, "form": form, "what_for": WHAT_FOR.get(what)}
    words["proposal"] = _line(waits) if waits else None
    return render(request, "safeguarding/take_move.html", words)


@_answering
@require_POST
def admit_to_demand(request: PersonRequest, demand_id: UUID) -> HttpResponse:
    """A colleague reads it from now on."""
    found = _get(request, demand_id)
    for one in posts.outside(found):
        if str(one.person_id) == request.POST.get("colleague"):
            register.admit_to_demand(found, one.person, actor=request.person)
            messages.success(request, _("They read it from now on."))
    return redirect("safeguarding:demand", found.pk)


@_answering
@proven_lately
def end_unread(request: PersonRequest, demand_id: UUID) -> HttpResponse:
    """Say, as the first or the second, that a hold ends that nobody here can read."""
    found = next((one for one in left_alone_for(request.person) if one.demand.pk == demand_id), None)
    if found is None:
        raise Http404
    if request.method == "POST":
        ended = end_unread_hold(found, actor=request.person)
        messages.success(request, _("The hold has ended.") if ended else _("Written down. Somebody else says so, too."))
        return redirect("safeguarding:demands")
    words = {"page": _("End a hold that nobody can read"), "found": found}
    return render(request, "safeguarding/end_unread.html", words)


def _not_for(found: Demand, who: str) -> set[Move]:
    """What somebody cannot do here, though the demand stands where it can be done."""
    standing = found.standing
    signs = standing.waits is not None and standing.waits[1] != who
    lacking = set() if signs else {Move.CONFIRM}
    lacking |= set() if who in standing.signed else {Move.UNSIGN}
    return lacking | (set() if found.people else {Move.TELL, Move.MAY_NOT_TELL, Move.HOLD})


def _person(one: dict[str, str]) -> tuple[Any, ...]:
    """Name, whether they know, when to look at that again, whether a hold stands, when to look at it again."""
    look = parse_date(one.get("look", "")) if one["hold"] else None
    return one["name"], KNOWS[one["knows"]], parse_date(one["again"]), one["hold"], look


def _get(request: PersonRequest, demand_id: UUID) -> Demand:
    rows = _visible(demand=demand_id, person=request.person.pk)
    return found_or_404(next(iter(rows), None))


@prepared
def _visible(demand: UUID, person: UUID) -> QuerySet[Demand]:
    return Demand.objects.handled_by(person).filter(pk=demand).select_related("item", "scope", "programme")


@prepared
def _latest(person: UUID) -> QuerySet[Demand]:
    return Demand.objects.handled_by(person).select_related("item").order_by("-year", "pk")[:_MOST]


def _near(request: PersonRequest) -> list[Concern]:
    """The concerns one answers for, the latest first: by them people are known here."""
    visible = Concern.objects.visible_to(request.person).filter(is_drill=False)
    found = list(visible.select_related("item", "programme").order_by("-week", "pk")[:_MOST])
    open_all(found)
    return found


def _missing(refused: NotPossible) -> str:
    said = [str(MISSING[need]) for need in refused.lacking if need in MISSING]
    return " ".join(said) or _("This does not follow from where it is now.")


@prepared
def _openings(demand: UUID) -> "QuerySet[DemandOpening, Opened]":
    rows = DemandOpening.objects.filter(demand=demand).order_by("-day", "pk")
    return rows.values_list("day", "pk", post_held())[:MOST]


_around = together(posts.strangers, _openings)


def _line(entry: DemandEntry) -> dict[str, Any]:
    return {
        "what": MOVES[Move(entry.what)],
        "at": parse_datetime(entry.at),
        "post": dict(Appointment.POSTS).get(entry.post, ""),
        "fields": [(SAID[name], _said(name, words)) for name, words in dict(entry.fields).items() if name in SAID],
    }


def _said(name: str, words: str) -> str:
    return str(MATTERS[Matter(words)]) if name == "matter" else words

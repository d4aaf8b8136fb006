"""One concern: its record, its clocks, its steps."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wayhouse.accounts.views import proven_lately
from wayhouse.core import clock
from wayhouse.core.gate import found_or_404
from wayhouse.core.prepared import prepared
from wayhouse.core.together import together
from wayhouse.people.models import Person, Role
from wayhouse.people.present import PersonRequest, for_roles
from wayhouse.safeguarding import board, naming, posts, steps, talking
from wayhouse.safeguarding.calls import CallLine, called_for, calls_of, passed_for
from wayhouse.safeguarding.forms import MessageForm, ReasonForm, StepForm, WriteForm
from wayhouse.safeguarding.models import Appointment, Call, Concern, Entry, Opening, PassedOver, Timer
from wayhouse.safeguarding.opened import MOST, Opened, opened_lines, post_held
from wayhouse.safeguarding.protocol import Duty, Event, Kind, Level, NotAllowed, State
from wayhouse.safeguarding.protocol.machine import allowed
from wayhouse.safeguarding.protocol.table import Guard
from wayhouse.safeguarding.refusals import NothingOwed
from wayhouse.safeguarding.safety_plan.chance import chance_of
from wayhouse.safeguarding.safety_plan.forms import AskForm
from wayhouse.safeguarding.words import (
    ABOUT,
    AFTERCARE,
    BY_HOUSE,
    DUTIES,
    EVENTS,
    FIELDS,
    KINDS,
    LACKING,
    OPENINGS,
    OUTCOMES,
    SHORT_LEVELS,
    STATES,
    WRITTEN,
)

_answering = for_roles(Role.Kind.SAFEGUARDING_LEAD)
# What somebody did to others leads to the conduct ladder, where it is known who it was.
_LADDER = frozenset({Kind.CONDUCT, Kind.ALLEGATION})
# Duties that are done without a step; the others end with theirs.
_BY_HAND = frozenset(Duty) - {Duty.ACKNOWLEDGE, Duty.SAFE_NOW, Duty.PLAN, Duty.REVIEW, Duty.SECOND_READER}


@_answering
@proven_lately
def concern(request: PersonRequest, concern_id: UUID) -> HttpResponse:
    """Everything about one concern, on one page."""
    found = _get(request, concern_id)
    return _page(request, found)


@_answering
@proven_lately
def take_step(request: PersonRequest, concern_id: UUID, event: str) -> HttpResponse:
    """One step: what it asks for, and then do it."""
    found = _get(request, concern_id)
    step = _event(found, event)
    waits = steps.proposed(steps.open_concern(found, actor=request.person)) if step == Event.CONFIRM else None
    form = StepForm(
        request.POST if request.method == "POST" else None,
        event=step,
        country=settings.WAYHOUSE_COUNTRY,
        proposal=waits.pk if waits else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            steps.take_step(found, step, form.words(), outcome=form.outcome(), level=form.level(), actor=request.person)
        except NotAllowed as refused:
            if Guard.AS_PROPOSED in refused.lacking:
                messages.warning(request, _lacking(refused))
                return redirect("safeguarding:concern", found.pk)
            form.add_error(None, _lacking(refused))
        else:
            messages.success(request, _("Written down."))
            return redirect("safeguarding:concern", found.pk)
    words = {"page": EVENTS[step], "concern": found, "form": form, "closing": step == Event.CLOSE}
    words["proposal"] = _line(waits) if waits else None
    return render(request, "safeguarding/take_step.html", words)


@_answering
@require_POST
def fulfil(request: PersonRequest, concern_id: UUID, duty: str) -> HttpResponse:
    """Something owed is done."""
    found = _get(request, concern_id)
    if duty not in _BY_HAND:
        raise Http404
    try:
        steps.fulfil(found, Duty(duty), request.POST.get("note", "")[:200], actor=request.person)
        messages.success(request, _("Written down."))
    except NothingOwed:
        messages.warning(request, _("This was done meanwhile."))
    return redirect("safeguarding:concern", found.pk)


@_answering
@proven_lately
def write(request: PersonRequest, concern_id: UUID) -> HttpResponse:
    """A line for the record."""
    found = _get(request, concern_id)
    if request.method != "POST":
        return redirect("safeguarding:concern", found.pk)
    form = WriteForm(request.POST, country=settings.WAYHOUSE_COUNTRY)
    if not form.is_valid():
        return _page(request, found, write=form)
    said = dict(form.cleaned_data)
    try:
        steps.write_down(found, said.pop("what"), said, actor=request.person)
    except NotAllowed:
        form.add_error("what", _("Nothing may be shared before somebody has decided it."))
        return _page(request, found, write=form)
    messages.success(request, _("Written down."))
    return redirect("safeguarding:concern", found.pk)


@_answering
@proven_lately
def say(request: PersonRequest, concern_id: UUID) -> HttpResponse:
    """A word to whoever raised it."""
    found = _get(request, concern_id)
    if request.method != "POST":
        return redirect("safeguarding:concern", found.pk)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, found, say=form)
    talking.write_message(found, form.cleaned_data["words"], actor=request.person)
    return redirect("safeguarding:concern", found.pk)


@_answering
@require_POST
def let_in(request: PersonRequest, concern_id: UUID) -> HttpResponse:
    """A colleague reads it from now on."""
    found = _get(request, concern_id)
    chosen = [one for one in posts.outside(found) if str(one.person_id) == request.POST.get("colleague")]
    for one in chosen:
        steps.let_colleague_in(found, one.person, actor=request.person)
        messages.success(request, _("They read it from now on."))
    return redirect("safeguarding:concern", found.pk)


@_answering
@require_POST
def cared_for(request: PersonRequest, concern_id: UUID) -> HttpResponse:
    """Whoever carried it had somebody to talk to about it: a tick, and not a word."""
    found = _get(request, concern_id)
    steps.write_down(found, steps.CARED_FOR, {}, actor=request.person)
    messages.success(request, _("Written down."))
    return redirect("safeguarding:concern", found.pk)


@_answering
@proven_lately
def strike_entry(request: PersonRequest, concern_id: UUID, entry_id: UUID) -> HttpResponse:
    """Strike a line; it stays to be read."""
    found = _get(request, concern_id)
    entry = get_object_or_404(Entry.objects.select_related("item", "concern__programme"), pk=entry_id, concern=found)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        steps.strike_entry(entry, form.cleaned_data["reason"], actor=request.person)
        return redirect("safeguarding:concern", found.pk)
    words = {"page": _("Strike a line"), "concern": found, "form": form, "line": _line(entry)}
    return render(request, "safeguarding/strike_entry.html", words)


def _get(request: PersonRequest, concern_id: UUID) -> Concern:
    rows = _visible(concern=concern_id, person=request.person.pk, today=clock.today())
    return found_or_404(next(iter(rows), None))


def _event(found: Concern, name: str) -> Event:
    possible = {str(event): event for event in allowed(found.case) if event in EVENTS}
    if name not in possible:
        raise Http404
    return possible[name]


def _lacking(refused: NotAllowed) -> str:
    said = [str(LACKING[guard]) for guard in refused.lacking if guard in LACKING]
    return " ".join(said) or _("This does not follow from where it is now.")


def _page(request: PersonRequest, found: Concern, **forms: Any) -> HttpResponse:
    owed, openings, called, passed, others = _around(
        concern=found.pk, programme=found.programme_id, scope=found.scope_id
    )
    entries, said_there = steps.read_through(found, along=others, actor=request.person)
    said, aftercare = talking.said_in(found, said_there)
    named = naming.named_in(found, entries)
    context = {
        "page": KINDS[Kind(found.kind)],
        "concern": found,
        "level": SHORT_LEVELS[Level(found.level)],
        "state": STATES[State(found.state)],
        "about": named[1] if named else ABOUT.get(found.about, ""),
        "names": naming.may_be_named(found),
        "outcome": OUTCOMES[found.case.outcome] if found.case.outcome else "",
        "lines": [_line(entry) for entry in entries],
        "messages_said": said,
        "aftercare": AFTERCARE.get(aftercare, ""),
        "clocks": _clocks(owed),
        "steps": _steps(found, request.person),
        "proposed_it": found.pending_by == request.person.pk,
        "readers": opened_lines(openings),
        "calls": _calls(called, passed),
        "chance": chance_of(found, named[0] if named else "", actor=request.person),
        "ask": AskForm(),
        "colleagues": posts.outside(found, others),
        "ladder": named and found.kind in _LADDER,
        "registers": found.kind == Kind.LEGAL_DEMAND,
        "write": forms.get("write") or WriteForm(country=settings.WAYHOUSE_COUNTRY),
        "say": forms.get("say") or MessageForm(),
    }
    return render(request, "safeguarding/concern.html", context)


def _clocks(timers: list[Timer]) -> list[dict[str, Any]]:
    now = clock.now()
    owed = {timer.duty: timer for timer in sorted(timers, key=lambda timer: timer.due_at, reverse=True)}
    return [
        {"duty": DUTIES[Duty(timer.duty)], "code": timer.duty, "left": board.left(timer.due_at, now),
         "by_hand": timer.duty in _BY_HAND}
        for timer in sorted(owed.values(), key=lambda timer: timer.due_at)
    ]  # fmt: skip


def _steps(found: Concern, who: Person) -> list[tuple[Event, Any]]:
    case = found.case
    not_now = {Event.CONFIRM, Event.WITHDRAW} if case.pending is None else {Event.DECIDE, Event.PROPOSE}
    possible = allowed(case) - not_now - ({Event.CONFIRM} if found.pending_by == who.pk else set())
    possible -= {Event.HAND_OVER} if found.handed_over else {Event.TAKE_BACK}
    if case.state == State.ACKNOWLEDGED and case.level != Level.CONDUCT:
        possible -= {Event.PLAN}
    return [(event, EVENTS[event]) for event in EVENTS if event in possible]


def _calls(called: list[Call], passed: list[PassedOver]) -> list[tuple[object, CallLine]]:
    """Who was called or passed over, by post, with what became of it; the latest first."""
    names = dict(Appointment.POSTS)
    return [(names.get(line.post, "–"), line) for line in calls_of(called, passed)]


@prepared
def _visible(concern: UUID, person: UUID, today: date) -> QuerySet[Concern]:
    opened = Exists(Opening.objects.filter(concern=OuterRef("pk"), person=person, day=today))
    found = Concern.objects.answered_by(person).filter(pk=concern).annotate(opened_today=opened)
    return found.select_related("item", "scope", "own_scope", "programme")


@prepared
def _owed(concern: UUID) -> QuerySet[Timer]:
    return Timer.objects.owed().filter(concern=concern)


@prepared
def _openings(concern: UUID) -> "QuerySet[Opening, Opened]":
    rows = Opening.objects.filter(concern=concern).order_by("-day", "pk")
    return rows.values_list("day", "pk", post_held())[:MOST]


_around = together(_owed, _openings, called_for, passed_for, posts.strangers)


def _line(entry: Entry) -> dict[str, Any]:
    what = entry.what
    labels = {**{str(event): words for event, words in EVENTS.items()}, **{str(k): v for k, v in DUTIES.items()}}
    return {
        "pk": entry.pk,
        "what": {**labels, **WRITTEN, **OPENINGS, **BY_HOUSE}.get(what, what),
        "at": parse_datetime(entry.at),
        "post": dict(Appointment.POSTS).get(entry.post, ""),
        "fields": [
            (FIELDS.get(name, name), _said(name, value)) for name, value in dict(entry.fields).items() if name in FIELDS
        ],
        "struck": entry.struck,
    }


def _said(name: str, value: str) -> str:
    if name == "outcome":
        return str({str(code): words for code, words in OUTCOMES.items()}.get(value, value))
    if name == "level":
        return str(SHORT_LEVELS[Level(int(value))])
    return _("yes") if value == "yes" else value

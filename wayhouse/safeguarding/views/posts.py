"""Posts, the rota of those on call, and drills: for coordinators and for those who answer."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wayhouse.core import clock
from wayhouse.core.days import day_written
from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.opening import lacking_to_open, words_for
from wayhouse.people.models import Person, Programme, Role
from wayhouse.people.present import PersonRequest, for_roles
from wayhouse.safeguarding import board, readiness, rules
from wayhouse.safeguarding import drills as drilling
from wayhouse.safeguarding import posts as posting
from wayhouse.safeguarding import rota as rotas
from wayhouse.safeguarding.forms import AppointForm, Choices, FillForm
from wayhouse.safeguarding.models import Appointment, Concern, ConductStep, Demand, Drill, OnCall, OnCallSwap
from wayhouse.safeguarding.on_call_lines import day_lines
from wayhouse.safeguarding.protocol import Post
from wayhouse.safeguarding.reaching import WAYS_NEEDED, reachable
from wayhouse.safeguarding.refusals import NobodyAnswers, TooFewReaders
from wayhouse.safeguarding.times import zone_of

WEEKS = 5
# What keeps somebody in a post, and the page on which a colleague is let in.
_KEEPS = {
    Concern: (gettext_lazy("A concern"), "safeguarding:concern"),
    Demand: (gettext_lazy("A demand of an authority"), "safeguarding:demand"),
    ConductStep: (gettext_lazy("A step about how we are together"), "safeguarding:conduct_step"),
}
_team = for_roles(Role.Kind.COORDINATOR, Role.Kind.SAFEGUARDING_LEAD)


@_team
def posts(request: PersonRequest) -> HttpResponse:
    """Who answers for safety, and what is missing before groups may open."""
    programme, person = request.person.programme, request.person
    held = _held(person)
    form = None
    if person.is_coordinator:
        form = AppointForm(request.POST or None, people=_candidates(programme, held), posts=Appointment.POSTS)
        if form.is_valid():
            said = form.cleaned_data
            chosen = get_object_or_404(Person.objects.visible_to(person), pk=said["person"])
            try:
                posting.appoint(chosen, Post(said["post"]), said["name"], actor=person)
                messages.success(request, _("Written down."))
            except TooFewReaders:
                messages.warning(request, _too_few())
            return redirect("safeguarding:posts")
    rows = [(one, one.get_post_display(), rules.may_end_post(person, one)) for one in held]
    words = {"page": _("Who answers"), "rows": rows, "form": form, "lacking": words_for(lacking_to_open(programme))}
    return render(request, "safeguarding/posts.html", words)


@_team
def end_post(request: PersonRequest, appointment_id: UUID) -> HttpResponse:
    """End a post, after a yes."""
    here = Appointment.objects.filter(person__programme=request.person.programme, until_on=None)
    found = get_object_or_404(here.select_related("item", "person__programme"), pk=appointment_id)
    if not rules.may_end_post(request.person, found):
        return redirect("safeguarding:posts")
    if request.method == "POST":
        try:
            posting.end_post(found, actor=request.person)
            messages.success(request, _("Written down."))
        except TooFewReaders:
            messages.warning(request, _too_few())
            # Whoever steps back reads there what it is.
            own = found.person_id == request.person.pk
            return redirect("safeguarding:end_post", found.pk) if own else redirect("safeguarding:posts")
        return redirect("safeguarding:posts" if request.person.is_coordinator else "home:home")
    # What it is, only whoever reads it may know; coordinators learn no more than that there is something.
    kept = posting.kept_by(request.person) if found.person_id == request.person.pk else []
    keeps = [(_KEEPS[type(row)], row.pk) for row in kept]
    return render(request, "safeguarding/end_post.html", {"page": _("End a post"), "post": found, "keeps": keeps})


@_team
def rota(request: PersonRequest) -> HttpResponse:
    """Four weeks of days on call: who is first, who is second, swaps, and filling weeks."""
    programme, person = request.person.programme, request.person
    held = [one for one in _held(person) if one.post != Post.TRUSTEE]
    names = {one.person_id: one.name for one in held}
    today = clock.now().astimezone(zone_of(programme)).date()
    mondays = [today - timedelta(days=today.weekday()) + timedelta(weeks=number) for number in range(WEEKS)]
    people = [(str(pk), name) for pk, name in names.items()]
    form = FillForm(request.POST or None, weeks=mondays, people=people)
    if form.is_valid():
        by_id = {str(one.person_id): one.person for one in held}
        days = {
            monday + timedelta(days=number): (by_id[first], by_id[second])
            for monday, (first, second) in form.pairs().items()
            for number in range(7)
            if monday + timedelta(days=number) >= today
        }
        if days:
            rotas.fill_rota(programme, days, actor=person)
            messages.success(request, _("The rota is written."))
        return redirect("safeguarding:rota")
    others = [one for one in people if one[0] != str(person.pk)]
    able = reachable((one.person for one in held), ways=WAYS_NEEDED)
    unable = [one.name for one in held if one.person_id not in able]
    token = get_token(request)
    words = {
        "page": _("On call"),
        "unable": unable,
        "weeks": [
            {"monday": monday, "lines": day_lines(days, others, token)}
            for monday, days in _weeks(programme, mondays, today, names, person)
        ],
        "form": form,
    }
    return render(request, "safeguarding/rota.html", words)


@_team
@require_POST
def ask_swap(request: PersonRequest, on_call_id: int) -> HttpResponse:
    """Ask somebody to take one's day."""
    found = get_object_or_404(OnCall.objects.filter(person=request.person), pk=on_call_id)
    team = Person.objects.filter(appointments__in=Appointment.objects.current(), programme=request.person.programme_id)
    taker = team.filter(pk__in=_ids(request.POST.get("taker", ""))).exclude(pk=request.person.pk).first()
    same_day = OnCall.objects.filter(programme=found.programme_id, day=found.day, person=taker)
    if taker is None or same_day.exists():
        messages.warning(request, _("Choose somebody who is free on that day."))
    else:
        rotas.ask_on_call_swap(found, taker, actor=request.person)
        messages.success(request, _("Asked. Until they say yes, the day is still yours."))
    return redirect("safeguarding:rota")


@_team
@require_POST
def answer_swap(request: PersonRequest, swap_id: UUID) -> HttpResponse:
    """Take a day, or not."""
    mine = OnCallSwap.objects.filter(taker=request.person).select_related("on_call__programme")
    found = get_object_or_404(mine, pk=swap_id)
    rotas.answer_on_call_swap(found, agree=request.POST.get("answer") == "yes", actor=request.person)
    messages.success(request, _("Written down."))
    return redirect("safeguarding:rota")


@_team
def drills(request: PersonRequest) -> HttpResponse:
    """How long it took until somebody answered, each time; and the button for another."""
    programme = request.person.programme
    if request.method == "POST":
        try:
            drilling.begin_drill(programme, actor=request.person)
            messages.success(request, _("The drill runs. Whoever is on call is being called now."))
        except NobodyAnswers:
            messages.warning(request, _("Nobody answers yet. Name a lead and a deputy first."))
        return redirect("safeguarding:drills")
    readiness.count_deliveries(programme)
    rows = Drill.objects.filter(programme=programme).order_by("-begun_at")[:24]
    words = {"page": _("Drills"), "rows": rows, "due_on": board.drill_due_on(programme), "today": clock.today()}
    return render(request, "safeguarding/drills.html", words)


def _too_few() -> str:
    return _(
        "Not yet: something open would be left with fewer than two people who can read it. "
        "Whoever reads it lets a colleague in first, on its page."
    )


def _held(person: Person) -> list[Appointment]:
    """Everybody with a post, opened, in the order of posts; for coordinators and those who are among them."""
    order = [post for post, _label in Appointment.POSTS]
    held = sorted(_current(programme=person.programme_id), key=lambda one: order.index(one.post))
    # Whoever has the role and no post has no key to the names.
    if not person.is_coordinator and all(one.person_id != person.pk for one in held):
        raise Http404
    open_all(held)
    return held


@prepared
def _current(programme: UUID) -> QuerySet[Appointment]:
    held = Appointment.objects.current().filter(person__programme=programme)
    return held.select_related("item", "person__programme").order_by("pk")


def _candidates(programme: Programme, held: list[Appointment]) -> Choices:
    """People with the role and an account; those on the roster by name."""
    fit = _fit(programme=programme.pk)
    entries = [one.roster_entry for one in fit if hasattr(one, "roster_entry")]
    open_all(entries)
    names = {one.person_id: one.name for one in held} | {entry.person_id: entry.name for entry in entries}
    unnamed = _("Somebody with the role, since %(day)s")
    return [
        (str(one.pk), names.get(one.pk) or unnamed % {"day": day_written(one.created_on, "DATE_FORMAT")}) for one in fit
    ]


@prepared
def _fit(programme: UUID) -> QuerySet[Person]:
    """Those with the role and an account who do not coordinate, with their rows of the roster."""
    coordinates = Role.objects.filter(person=OuterRef("pk"), kind=Role.Kind.COORDINATOR, until_on=None)
    found = Person.objects.with_role(Role.Kind.SAFEGUARDING_LEAD).filter(programme=programme, user__isnull=False)
    mine = found.filter(~Exists(coordinates)).select_related("roster_entry__item")
    return mine.order_by("created_on", "pk").distinct()


def _weeks(
    programme: Programme, mondays: list[date], today: date, names: dict[UUID, str], person: Person
) -> list[tuple[date, list[dict[str, object]]]]:
    by_day: dict[date, list[OnCall]] = {}
    for one in _served(programme=programme.pk, since=mondays[0]):
        by_day.setdefault(one.day, []).append(one)
    return [
        (monday, [_day(monday + timedelta(days=n), today, by_day, names, person) for n in range(7)])
        for monday in mondays
    ]


@prepared
def _served(programme: UUID, since: date) -> QuerySet[OnCall]:
    served = OnCall.objects.filter(programme=programme, day__gte=since)
    # One swap can be asked for a day.
    return served.annotate(swap=F("swaps__pk"), taker=F("swaps__taker")).order_by("place")


def _day(
    day: date, today: date, by_day: dict[date, list[OnCall]], names: dict[UUID, str], person: Person
) -> dict[str, object]:
    served = [(names.get(one.person_id, ""), one) for one in by_day.get(day, []) if one.person_id in names]
    # Annotated where they were fetched: the swap that was asked for a day, and whom.
    swaps = [(one.person_id, getattr(one, "taker"), getattr(one, "swap")) for _name, one in served]  # noqa: B009
    return {
        "day": day,
        "past": day < today,
        "names": [name for name, _one in served],
        "called": {str(one.person_id) for one in by_day.get(day, [])},
        "mine": next((one for _name, one in served if one.person_id == person.pk), None) if day >= today else None,
        "asked": next((names.get(taker, "") for asker, taker, swap in swaps if swap and asker == person.pk), ""),
        "offered": next((swap for _asker, taker, swap in swaps if taker == person.pk), None),
    }


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []

"""One's own page: name, language, roles, a break and the way back, and what is kept."""

from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wayhouse.core.prepared import prepared
from wayhouse.core.together import together
from wayhouse.people import actions, rules
from wayhouse.people.forms import LanguageForm
from wayhouse.people.kept import kept_about
from wayhouse.people.models import Person, Profile, Role, WayBack, label_of_role
from wayhouse.people.present import PersonRequest, for_oneself


@for_oneself
@require_GET
def me(request: PersonRequest) -> HttpResponse:
    """Everything about oneself on one page."""
    who = request.person
    profiles, ways_back = _about(person=who.pk, today=timezone.localdate())
    profile = next(iter(profiles), None)
    context = {
        "page": _("My page"),
        "name": profile.name if profile else "",
        "roles": ", ".join(str(label_of_role(kind)) for kind in sorted(who.role_kinds or ())),
        "paused": who.status == Person.Status.PAUSED,
        "held_until": rules.seat_held_until(who),
        "seat_let_go": rules.seat_held_until(who) <= timezone.localdate(),
        "away": who.status == Person.Status.AWAY,
        "away_until": rules.away_until(who),
        "was_ended": who.status == Person.Status.LEFT and rules.was_ended(who),
        "coordinates": who.is_coordinator,
        "leads": who.leads_evenings,
        "left": who.status == Person.Status.LEFT,
        "form": LanguageForm(initial={"language": who.language}),
        "kept": kept_about(who),
        "ways_back": sorted(ways_back, key=lambda one: one.expires_at, reverse=True),
        "to_confirm": _to_confirm(who),
        # Coordinators find it beside each note.
        "welcomes": who.holds(Role.Kind.FACILITATOR) or who.holds(Role.Kind.SAFEGUARDING_LEAD),
    }
    return render(request, "people/me.html", context)


@for_oneself
@require_POST
def pause(request: PersonRequest) -> HttpResponse:
    """A break, at once and without a question."""
    if rules.may_pause(request.person, request.person):
        actions.pause(request.person, actor=request.person)
    messages.success(
        request,
        _("Thank you for telling us. Your seat stays yours for eight weeks. You come back with one tap, here."),
    )
    return redirect("people:me")


@for_oneself
@require_POST
def come_back(request: PersonRequest) -> HttpResponse:
    """Back again, at once and without a question."""
    if rules.may_come_back(request.person, request.person):
        actions.come_back(request.person, actor=request.person)
        messages.success(request, _("Good to have you back."))
    return redirect("people:me")


@for_oneself
@require_POST
def choose_language(request: PersonRequest) -> HttpResponse:
    """The language in which messages reach one."""
    form = LanguageForm(request.POST)
    if form.is_valid():
        actions.choose_language(request.person, form.cleaned_data["language"], actor=request.person)
        messages.success(request, _("Saved."))
    return redirect("people:me")


def _to_confirm(who: Person) -> list[WayBack]:
    """Ways back that wait for the word of a second person; members are not asked, so nothing is looked up for them."""
    if not (who.is_coordinator or who.leads_evenings):
        return []
    now, holder = timezone.now(), who.user.holder_id if who.user else None
    if who.is_coordinator:
        return _of_programme(person=who.pk, programme=who.programme_id, now=now)
    return _shared(person=who.pk, programme=who.programme_id, holder=holder, now=now) if holder else []


@prepared
def _profiles(person: UUID) -> QuerySet[Profile]:
    return Profile.objects.filter(person=person).select_related("item")


@prepared
def _ways_back(person: UUID, today: date) -> QuerySet[WayBack]:
    return WayBack.objects.to_show(person, today)


_about = together(_profiles, _ways_back)


@prepared
def _of_programme(person: UUID, programme: UUID, now: datetime) -> QuerySet[WayBack]:
    return _waiting(person, programme, now)


@prepared
def _shared(person: UUID, programme: UUID, holder: UUID, now: datetime) -> QuerySet[WayBack]:
    return _waiting(person, programme, now).filter(item__scope__memberships__holder=holder).distinct()


def _waiting(person: UUID, programme: UUID, now: datetime) -> QuerySet[WayBack]:
    """As `visible_to`, without those that somebody asked for themselves."""
    waiting = WayBack.objects.open(now).filter(confirmed_by=None, person__programme=programme)
    return waiting.exclude(person=person).exclude(asked_by=person).order_by("expires_at")

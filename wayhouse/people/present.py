"""Who is here: the person behind a request, their roles, and the keyring that opens words for them."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache, wraps
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhouse.accounts import factors, oneself, unlocking
from wayhouse.accounts.session_store import SessionStore
from wayhouse.accounts.views import STEP_WANTED
from wayhouse.audit.record import record_failure
from wayhouse.core.frame import Tab
from wayhouse.core.gate import declare
from wayhouse.core.prepared import prepared
from wayhouse.crypto import desks, grants
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.keyring import Keyring, Locked, use
from wayhouse.crypto.models import PendingGrant
from wayhouse.crypto.passphrase import Busy
from wayhouse.people.granting import carry_out_grants
from wayhouse.people.models import Person, Programme, Role
from wayhouse.people.pace import MINUTE, too_fast
from wayhouse.people.rules import TAKING_PART, needs_second_step

PROGRAMME = "programme"
# Whoever opens words of others is signed in for half as long as a member, at the longest.
AT_WORK = timedelta(hours=4)


class PersonRequest(HttpRequest):
    """A request of somebody who belongs to a programme."""

    person: Person


class PersonMiddleware:
    """Finds the person in one query and lets sealed words open with their keys while the request lasts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django's middleware protocol."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set `request.person` (None for visitors) and use their keyring."""
        person = _person_of(request)
        request.person = person  # type: ignore[attr-defined]
        if person and person.opens_words_of_others:
            cast("SessionStore", request.session).end_within(AT_WORK)
        keyring = _keyring_of(request, person)
        # Evenings are at the hour of the programme's own town, wherever the server stands.
        with use(keyring), timezone.override(person.programme.time_zone if person else None):
            if person and keyring and person.keys_wait_for:
                carry_out_grants(person)
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What did not open is said plainly and written down; nothing is ever overwritten by a blank."""
        if isinstance(error, Busy):
            return _busy(request)
        if isinstance(error, Locked):
            return oneself.to_unlock(request)
        if isinstance(error, CannotOpen):
            person = getattr(request, "person", None)
            if person and person.user and grants.waits(person.user.holder):
                return render(request, "people/keys_wait.html", {"page": _("Not everything is back yet")}, status=409)
            record_failure("item.unopened", actor=person)
            return render(request, "people/cannot_open.html", status=409)
        return None


# For pages about nobody but the reader; without the second step, and without the pace, of `for_people`.
for_oneself = oneself.for_oneself


def for_people(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for signed-in people of a programme whose keys are open; others are led to sign in or unlock.

    Whoever opens words of others is led to set up a second step first; whoever reads faster than anybody can, waits.
    """

    @wraps(view)
    def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.WAYHOUSE_SECOND_STEP and needs_second_step(request.person) and not factors.is_proven(request):
            return HttpResponseRedirect(f"{reverse('accounts:security')}?{STEP_WANTED}")
        over = too_fast(request.person.pk)
        if over:
            return _slow_down(request, over)
        return view(request, *args, **kwargs)

    return declare(for_oneself(guarded), "people")


def for_roles(*kinds: Role.Kind) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Only for people with one of these roles; for everybody else the page does not exist."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(request.person.holds(kind) for kind in kinds):
                raise Http404
            return view(request, *args, **kwargs)

        return declare(for_people(guarded), "roles:" + ",".join(sorted(kinds)))

    return decorate


def tabs(request: HttpRequest) -> dict[str, Any]:
    """The context processor of the main menu: what this person goes to most, by role. Visitors get none."""
    person = getattr(request, "person", None)
    if person is None:
        return {"tabs": []}
    found = [(_address(name), icon, label) for name, icon, label in _menu_of(person)]
    here = max((url for url, _icon, _label in found if _covers(url, request.path)), key=len, default="")
    shown = [Tab(url, icon, label, url == here) for url, icon, label in found]
    # One tap from every page of whoever takes part: a worry is told at once or not at all.
    takes_part = any(person.holds(kind) for kind in TAKING_PART)
    return {"tabs": shown, "worry": _address("safeguarding:raise_concern") if takes_part else ""}


# Addresses of the menu never change, and looking them up is not free.
_address = cache(reverse)


def _menu_of(person: Person) -> list[tuple[str, str, str]]:
    # Higher rooms are named by their addresses only.
    first, own = ("home:home", "house", _("Today")), ("people:me", "user-round", _("My page"))
    evenings = ("meetings:meetings", "calendar-days", _("Evenings"))
    if person.is_coordinator:
        people, groups = ("people:roster", "contact-round", _("People")), ("groups:cycles", "users", _("Groups"))
        return [first, people, groups, evenings, own]
    if person.holds(Role.Kind.SAFEGUARDING_LEAD):
        return [first, ("safeguarding:board", "shield", _("Notes")), own]
    if person.leads_evenings:
        return [first, evenings, own]
    if person.holds(Role.Kind.MEMBER):
        return [first, ("groups:group", "users", _("My group")), own]
    return [first, own]


def _covers(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _person_of(request: HttpRequest) -> Person | None:
    user_id = request.session.get(SESSION_KEY)
    if user_id is None:
        return None
    rows: list[Any] = _people_of(user=UUID(user_id))
    chosen = request.session.get(PROGRAMME)
    mine = [row for row in rows if chosen in {None, str(row.programme_id)}]
    if not mine:
        return None
    person: Person = mine[0]
    person.role_days = {row.kind: row.since_on for row in mine if row.pk == person.pk}
    person.role_kinds = frozenset(person.role_days)
    person.keys_wait_for = mine[0].for_own or (mine[0].for_desk and person.is_coordinator)
    # Spares Django's own look-up of the user that came along with the person.
    request._cached_user = person.user  # type: ignore[attr-defined]  # noqa: SLF001
    return person


@prepared
def _people_of(user: UUID) -> QuerySet[Person]:
    """The people that somebody is, each as often as they hold roles now."""
    own, desk = (PendingGrant.objects.which(OuterRef(whose)) for whose in ("user__holder", "programme__desk"))
    return (
        Person.objects.filter(user=user, roles__until_on=None, roles__isnull=False, user__is_active=True)
        .select_related("programme__desk", "user")
        .annotate(kind=F("roles__kind"), since_on=F("roles__since_on"), for_own=Exists(own), for_desk=Exists(desk))
        .order_by("created_on", "pk")
    )


def _keyring_of(request: HttpRequest, person: Person | None) -> Keyring | None:
    if person is None or person.user is None:
        return None
    keyring = unlocking.keyring_of(request, person.user.holder_id)
    if keyring is None or not person.is_coordinator:
        return keyring
    # A coordinator who began again waits for another: until then the desk, and what lies there, does not open.
    with suppress(CannotOpen):
        _sit_down(request, keyring, person.programme)
    return keyring


def _sit_down(request: HttpRequest, keyring: Keyring, programme: Programme) -> None:
    kept = unlocking.desk_secret(request, programme.desk_id)
    # The desk gets a new key pair when another coordinator stops: what was kept is then worth nothing.
    if kept and desks.opens(programme.desk, kept):
        keyring.add_desk(programme.desk_id, kept)
        return
    with use(keyring):
        secret = desks.sit_down(keyring, programme.desk_item, programme.desk)
    unlocking.remember_desk(request, programme.desk_id, secret)


def _busy(request: HttpRequest) -> HttpResponse:
    response = render(request, "people/busy.html", status=503)
    response.headers["Retry-After"] = "2"
    return response


def _slow_down(request: PersonRequest, over: int) -> HttpResponse:
    if over == 1:
        # Once a minute: a log that grows with each page would be another way of wearing the house out.
        record_failure("pages.too_many", actor=request.person)
    response = render(request, "people/slow_down.html", status=429)
    response.headers["Retry-After"] = str(MINUTE)
    return response

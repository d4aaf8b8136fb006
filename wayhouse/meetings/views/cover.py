"""Who comes to one evening, for coordinators: call the reserve, fill a gap, take somebody off who cannot come."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.refusals import Outdated, Unsuitable
from wayhouse.meetings import rules, standing_in
from wayhouse.meetings.cover_sheet import cover_sheet
from wayhouse.meetings.models import Meeting
from wayhouse.people.models import Person, Role
from wayhouse.people.present import PersonRequest, for_roles

for_coordinators = for_roles(Role.Kind.COORDINATOR)


@for_coordinators
@require_GET
def cover(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Who serves, who stands by, what is missing, and who could come."""
    found = _meetings(programme=request.person.programme_id, meeting=meeting_id)
    if not found:
        raise Http404
    (meeting,) = found
    card = getattr(meeting, "card", None)
    open_all([meeting.group], [card] if card else [])
    words = {
        "page": _("Who comes"),
        "meeting": meeting,
        "sheet": cover_sheet(meeting, card),
        "changeable": rules.may_cover(request.person, meeting),
    }
    return render(request, "meetings/cover.html", words)


@prepared
def _meetings(programme: UUID, meeting: UUID) -> QuerySet[Meeting]:
    here = Meeting.objects.filter(pk=meeting, group__programme=programme)
    return here.select_related("group__item", "card__item")


@for_coordinators
@require_POST
def call_reserve(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Let the reserve come, instead of somebody or as well."""

    def act(meeting: Meeting, person: Person) -> None:
        instead_of = _person(request, "instead_of") if request.POST.get("instead_of") else None
        standing_in.call_reserve(meeting, person, instead_of=instead_of, actor=request.person)

    return _act(request, meeting_id, act, _("The reserve comes. Ring them, so that they know."))


@for_coordinators
@require_POST
def fill_gap(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Let somebody come or stand by."""

    def act(meeting: Meeting, person: Person) -> None:
        as_reserve = request.POST.get("as_reserve") == "yes"
        standing_in.fill_gap(meeting, person, as_reserve=as_reserve, actor=request.person)

    return _act(request, meeting_id, act, _("They are on this evening now. Tell them, so that they know."))


@for_coordinators
@require_POST
def take_off(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Somebody cannot come."""

    def act(meeting: Meeting, person: Person) -> None:
        standing_in.take_off(meeting, person, actor=request.person)

    return _act(request, meeting_id, act, _("They are off this evening. Look below who could come."))


def _act(request: PersonRequest, meeting_id: UUID, act: Callable[[Meeting, Person], None], done: str) -> HttpResponse:
    visible = Meeting.objects.visible_to(request.person).select_related("cycle", "group")
    meeting = get_object_or_404(visible, pk=meeting_id)
    try:
        act(meeting, _person(request, "person"))
        messages.success(request, done)
    except Unsuitable:
        messages.warning(request, _("This does not fit any more. Choose somebody else."))
    except Outdated:
        messages.warning(request, _("This evening was changed meanwhile. Look at it as it stands now."))
    return redirect("meetings:cover", meeting_id)


def _person(request: PersonRequest, name: str) -> Person:
    people = Person.objects.visible_to(request.person)
    return get_object_or_404(people, pk=_uuid(request.POST.get(name, "")))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""The evenings to come, and what a coordinator changes in the announced schedule: time, topic, or none this time."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.refusals import Outdated
from wayhouse.meetings import guides, rules, scheduling, upcoming
from wayhouse.meetings.models import FIXED_FROM, Guide, Meeting
from wayhouse.meetings.outlook import changes_of
from wayhouse.meetings.planning_forms import MoveForm, ReasonForm, TopicForm
from wayhouse.meetings.scheduling import Clash, NotFree, TopicStands
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_people, for_roles

# Nobody has a million evenings ahead.
_DIGITS = 7


@for_people
def meetings(request: PersonRequest) -> HttpResponse:
    """The evenings somebody goes to next, as it fits what they are; whoever is several things sees the first."""
    if request.person.is_coordinator and "mine" not in request.GET:
        return _coordinated(request)
    words: dict[str, object] = {"page": _("Evenings")}
    if request.person.leads_evenings:
        first = request.GET.get("after", "")
        page = upcoming.served(request.person, int(first) if first.isdecimal() and len(first) < _DIGITS else 0)
        return render(request, "meetings/my_shifts.html", words | {"served": page})
    return render(request, "meetings/my_evenings.html", words | {"attended": upcoming.attended(request.person)})


@for_roles(Role.Kind.COORDINATOR)
def schedule(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Move one evening, skip it or give it another topic, each with its reason."""
    found = _meetings(programme=request.person.programme_id, meeting=meeting_id)
    if not found:
        raise Http404
    (meeting,) = found
    open_all([meeting.group])
    forms = _forms(request, meeting)
    asked = forms.get(request.POST.get("what", ""))
    if asked is not None and asked.is_valid() and _is_done(request, meeting, asked):
        return redirect("meetings:meetings")
    changeable = rules.may_change_schedule(request.person, meeting, "safety")
    words = {
        "page": _("Schedule"),
        "meeting": meeting,
        "title": guides.title_of(meeting, meeting.group.language),
        "changes": changes_of(meeting=meeting_id),
        "may_poll": rules.may_poll(request.person, meeting),
        "forms": forms if changeable else {},
        "asked": asked,
        "hours": int(FIXED_FROM.total_seconds() // 3600),
    }
    return render(request, "meetings/schedule.html", words)


@prepared
def _meetings(programme: UUID, meeting: UUID) -> QuerySet[Meeting]:
    here = Meeting.objects.filter(pk=meeting, group__programme=programme)
    return here.select_related("group__item", "group__programme", "cycle").annotate(**guides.titles())


def _coordinated(request: PersonRequest) -> HttpResponse:
    since = upcoming.day_of(request.GET.get("from", ""))
    evenings, swaps = upcoming.coordinated(request.person, since)
    words = {
        "page": _("Evenings"),
        "coordinated": evenings,
        "asked": swaps,
        "earlier": upcoming.turn(since, -upcoming.SHOWN),
        "later": upcoming.turn(since, upcoming.SHOWN),
        "since": since,
    }
    return render(request, "meetings/meetings.html", words)


def _forms(request: PersonRequest, meeting: Meeting) -> dict[str, ReasonForm]:
    what = request.POST.get("what", "")

    def data(name: str) -> object:
        return request.POST if what == name else None

    topics = _topics(meeting)
    return {
        "move": MoveForm(data("move"), meeting=meeting, prefix="move", wished=_wished(request)),  # type: ignore[arg-type]
        "topic": TopicForm(data("topic"), meeting=meeting, prefix="topic", topics=topics),  # type: ignore[arg-type]
        "skip": ReasonForm(data("skip"), meeting=meeting, prefix="skip"),  # type: ignore[arg-type]
    }


def _wished(request: PersonRequest) -> datetime | None:
    """The time that a poll found, as its page hands it over; anything else counts as none."""
    try:
        found = datetime.fromisoformat(request.GET.get("to", ""))
    except ValueError:
        return None
    return found if timezone.is_aware(found) else None


def _topics(meeting: Meeting) -> list[Guide]:
    """Each topic once, in the best language for the reader, in the order of the cycle."""
    order = guides.reading_order(meeting.group.language)
    found: dict[str, Guide] = {}
    for guide in sorted(scheduling.topics_of(meeting), key=lambda guide: _place(order, guide.language)):
        found.setdefault(guide.key, guide)
    return sorted(found.values(), key=lambda guide: (guide.week is None, guide.week or 0, guide.title))


def _place(order: list[str], language: str) -> int:
    return order.index(language) if language in order else len(order)


def _is_done(request: PersonRequest, meeting: Meeting, form: ReasonForm) -> bool:
    """Change the schedule and say so; False where the form should be shown again."""
    said = form.cleaned_data
    act = partial(scheduling.skip_meeting, meeting)
    if isinstance(form, TopicForm):
        act = partial(scheduling.swap_topic, meeting, said["topic"])
    try:
        if isinstance(form, MoveForm):
            act = partial(scheduling.move_meeting, meeting, said["starts_at"], without_busy=said["without_busy"])
        act(reason=said["reason"], actor=request.person)
    except NotFree as answer:
        form.say_busy(answer.names)  # type: ignore[attr-defined]
        return False
    except Clash:
        form.add_error(None, _("This group has another evening at that time."))
        return False
    except TopicStands:
        form.add_error(
            "topic", _("An evening in the next 48 hours has this topic. So soon it is taken only for safety.")
        )
        return False
    except Outdated:
        messages.warning(request, _("This evening was changed meanwhile. Look at it as it stands now."))
        return True
    messages.success(request, _("Changed. The group reads it with the reason until the evening is over."))
    return True

"""Handing over a shift: whoever has it asks, or steps back; a coordinator finds somebody and agrees, or not."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from wayhouse.core.prepared import prepared
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.refusals import Outdated, Unsuitable
from wayhouse.meetings import guides, rules, swapping
from wayhouse.meetings.covering import Candidate
from wayhouse.meetings.models import Shift, Swap
from wayhouse.meetings.planning_forms import AskSwapForm, Choices, DecideSwapForm
from wayhouse.people.models import Person, Role
from wayhouse.people.present import PersonRequest, for_people, for_roles


@for_people
def ask_swap(request: PersonRequest, meeting_id: UUID) -> HttpResponse:
    """Hand one's shift to somebody, or step back. No reason is asked."""
    shifts = _mine(person=request.person.pk, meeting=meeting_id)
    if not shifts:
        raise Http404
    (shift,) = shifts
    if not rules.may_ask_swap(request.person, shift):
        return redirect("meetings:meetings")
    # What others carry is nobody's business but the coordinator's.
    form = AskSwapForm(request.POST or None, takers=_choices(swapping.takers_of(shift), lambda taker: taker.name))
    if form.is_valid() and _is_asked(request, shift, form):
        return redirect("meetings:meetings")
    title = guides.title_of(shift, shift.meeting.card.language)
    words = {"page": _("Hand over"), "shift": shift, "form": form, "title": title}
    return render(request, "meetings/ask_swap.html", words)


@prepared
def _mine(person: UUID, meeting: UUID) -> QuerySet[Shift]:
    mine = Shift.objects.in_force().filter(person=person, meeting=meeting)
    return mine.select_related("meeting__group", "meeting__card__item").annotate(**guides.titles("meeting__"))


@for_people
@require_POST
def withdraw_swap(request: PersonRequest, swap_id: UUID) -> HttpResponse:
    """Keep the shift after all."""
    swap = get_object_or_404(Swap.objects.visible_to(request.person).filter(asker=request.person), pk=swap_id)
    try:
        if rules.may_withdraw_swap(request.person, swap):
            swapping.withdraw_swap(swap, actor=request.person)
            messages.success(request, _("You keep this evening. Thank you."))
    except Outdated:
        messages.warning(request, _("This was answered meanwhile."))
    return redirect("meetings:meetings")


@for_roles(Role.Kind.COORDINATOR)
@require_GET
def swaps(request: PersonRequest) -> HttpResponse:
    """What is asked for and not answered, the next evening first."""
    asked = _asked(request.person).order_by("meeting__starts_at")
    found = list(asked.select_related("meeting__group__item", "meeting__card__item"))
    groups = {swap.meeting.group_id: swap.meeting.group for swap in found}
    open_all((swap.meeting.card for swap in found), groups.values())
    name = swapping.name_on_card
    rows = [(swap, name(swap, swap.asker_id), name(swap, swap.taker_id)) for swap in found]
    return render(request, "meetings/swaps.html", {"page": _("Swaps"), "rows": rows})


@for_roles(Role.Kind.COORDINATOR)
def decide_swap(request: PersonRequest, swap_id: UUID) -> HttpResponse:
    """Choose who comes instead and agree, or decline."""
    visible = _asked(request.person).select_related("meeting__group__item", "meeting__card__item")
    swap = visible.filter(pk=swap_id).first()
    if swap is None:
        return _answered_or_404(request, swap_id)
    shift = get_object_or_404(Shift.objects.filter(meeting=swap.meeting_id), person=swap.asker_id)
    # The same meeting, whose card is about to be opened.
    shift.meeting = swap.meeting
    open_all([swap.meeting.card], [swap.meeting.group])
    takers = swapping.takers_of(shift)
    declines = request.POST.get("answer") == "no"
    form = DecideSwapForm(request.POST or None, takers=_choices(takers, _with_load), wished=swap.taker_id)
    if (declines or form.is_valid()) and _is_decided(request, swap, form, agree=not declines):
        return redirect("meetings:swaps")
    words = {
        "page": _("Swap"),
        "swap": swap,
        "shift": shift,
        "asker": swapping.name_on_card(swap, swap.asker_id),
        "wished": swapping.name_on_card(swap, swap.taker_id),
        "form": form,
        "able": len(takers),
    }
    return render(request, "meetings/decide_swap.html", words)


def _asked(person: Person) -> QuerySet[Swap]:
    return Swap.objects.open().visible_to(person)


def _answered_or_404(request: PersonRequest, swap_id: UUID) -> HttpResponse:
    get_object_or_404(Swap.objects.visible_to(request.person), pk=swap_id)
    messages.warning(request, _("This was answered or taken back meanwhile."))
    return redirect("meetings:swaps")


def _choices(takers: Iterable[Candidate], say: Callable[[Candidate], str]) -> Choices:
    return [(str(taker.person_id), say(taker)) for taker in takers]


def _with_load(taker: Candidate) -> str:
    load = ngettext("%(number)s evening around then", "%(number)s evenings around then", taker.load)
    return f"{taker.name} – {load % {'number': taker.load}}"


def _is_asked(request: PersonRequest, shift: Shift, form: AskSwapForm) -> bool:
    taker_id = form.taker_id()
    taker = get_object_or_404(Person, pk=taker_id) if taker_id else None
    try:
        swapping.ask_swap(shift, taker, actor=request.person)
    except Unsuitable:
        form.add_error("taker", _("They have no time any more. Choose somebody else."))
        return False
    messages.success(request, _("Your coordinator reads this now. Until they answer, the evening is still yours."))
    return True


def _is_decided(request: PersonRequest, swap: Swap, form: DecideSwapForm, *, agree: bool) -> bool:
    taker_id = form.taker_id() if agree else None
    taker = get_object_or_404(Person.objects.visible_to(request.person), pk=taker_id) if taker_id else None
    try:
        swapping.decide_swap(swap, agree=agree, taker=taker, actor=request.person)
    except Unsuitable:
        form.add_error("taker", _("This does not fit any more. Choose somebody else."))
        return False
    except Outdated:
        messages.warning(request, _("This was answered or taken back meanwhile."))
        return True
    messages.success(request, _("Agreed. Tell both of them.") if agree else _("Declined. Tell them, kindly."))
    return True

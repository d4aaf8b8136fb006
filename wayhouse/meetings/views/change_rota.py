"""One evening of a proposed rota, changed by hand by a coordinator."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wayhouse.groups.models import Proposal
from wayhouse.groups.refusals import Outdated, Unsuitable
from wayhouse.meetings import drawing_up
from wayhouse.meetings.drawing_up import could_serve
from wayhouse.meetings.planning_forms import ChangeRotaForm, Choices
from wayhouse.meetings.rostering import Colleague
from wayhouse.meetings.rota_board import Evening, able_for
from wayhouse.meetings.rota_sheet import RotaSheet
from wayhouse.meetings.views.rota import for_coordinators, no_longer_open, sheet_or_404
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest


@for_coordinators
def change_rota(request: PersonRequest, cycle_id: UUID, group_id: UUID, week: int) -> HttpResponse:
    """Choose by hand who serves at one evening of the proposal."""
    sheet = sheet_or_404(request, cycle_id)
    proposal = sheet.proposal
    if proposal is None:
        return no_longer_open(request, cycle_id)
    evening, able = _evening_and_able(sheet, proposal, (group_id, week))
    form = ChangeRotaForm(
        request.POST or None,
        facilitators=_choices(able, Role.Kind.FACILITATOR),
        mentors=_choices(able, Role.Kind.MENTOR),
        chosen=_chosen(evening) | {"revision": proposal.revision},
    )
    there = f"{reverse('meetings:rota', args=[cycle_id])}?week={week}"
    if form.is_valid() and _is_settled(request, proposal, evening, form):
        return redirect(there)
    words = {"page": _("Who serves"), "form": form, "evening": evening, "back": there}
    return render(request, "meetings/change_rota.html", words)


def _evening_and_able(sheet: RotaSheet, proposal: Proposal, place: tuple[UUID, int]) -> tuple[Evening, list[Colleague]]:
    colleagues = sheet.opened()
    evenings = sheet.evenings(colleagues)
    evening = next((one for one in evenings if (one.group.pk, one.week) == place), None)
    if evening is None or evening.stands:
        raise Http404
    return evening, able_for(evening, evenings, colleagues, could_serve(proposal, place[0]))


def _choices(able: Sequence[Colleague], role: Role.Kind) -> Choices:
    found = [(one.key, one.entry.name) for one in able if one.role == role]
    return sorted(found, key=lambda choice: choice[1].casefold())


def _chosen(evening: Evening) -> dict[str, Any]:
    leads = [str(shift.person_id) for shift in evening.people if shift.role == Role.Kind.FACILITATOR]
    mentors = [str(shift.person_id) for shift in evening.people if shift.role == Role.Kind.MENTOR]
    serving = {"facilitator": leads[:1], "mentor": mentors[:1], "second_mentor": mentors[1:2]}
    return {name: "".join(person) for name, person in serving.items()}


def _is_settled(request: PersonRequest, proposal: Proposal, evening: Evening, form: ChangeRotaForm) -> bool:
    """Change the proposal; False where the form should be shown again."""
    place, revision = (evening.group.pk, evening.week), form.cleaned_data["revision"]
    try:
        drawing_up.change_rota(proposal, place, form.staff(), revision=revision, actor=request.person)
    except Unsuitable:
        form.add_error(None, _("This does not fit. Choose somebody else, or nobody for now."))
        return False
    except Outdated:
        messages.warning(request, _("Somebody else changed the proposal meanwhile. Nothing of yours was kept."))
        return True
    messages.success(request, _("Changed."))
    return True

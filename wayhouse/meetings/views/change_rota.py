"""One evening of a proposed rota, changed by hand by a coordinator."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wayhouse.groups.comparing import Row
from wayhouse.groups.models import Proposal
from wayhouse.groups.refusals import Outdated, Unsuitable
from wayhouse.meetings import drawing_up
from wayhouse.meetings.comparing import points, rows_of
from wayhouse.meetings.drawing_up import Changed, could_serve
from wayhouse.meetings.planning_forms import ChangeRotaForm, Choices
from wayhouse.meetings.rostering import Colleague
from wayhouse.meetings.rota_board import Evening, able_for, locked_at
from wayhouse.meetings.views.rota import address_of, for_coordinators, no_longer_open, sheet_or_404
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest


@for_coordinators
def change_rota(request: PersonRequest, cycle_id: UUID, group_id: UUID, week: int) -> HttpResponse:
    """Choose by hand who serves at one evening of the proposal."""
    sheet = sheet_or_404(request, cycle_id)
    proposal = sheet.proposal
    if proposal is None:
        return no_longer_open(request, cycle_id)
    colleagues = sheet.opened()
    evenings = sheet.evenings(colleagues)
    evening, able = _evening_and_able(evenings, colleagues, proposal, (group_id, week))
    stays = bool(locked_at(proposal).get((str(group_id), week)))
    dragged = "person" in request.POST
    form = ChangeRotaForm(
        _dragged(request.POST, evening, colleagues, stays=stays) if dragged else request.POST or None,
        facilitators=_choices(able, Role.Kind.FACILITATOR),
        mentors=_choices(able, Role.Kind.MENTOR),
        chosen=_chosen(evening) | {"revision": proposal.revision, "stays": stays},
    )
    there = address_of(sheet, week)
    words = {"page": _("Who serves"), "form": form, "evening": evening, "back": there}
    if form.is_valid():
        found = _settled(request, proposal, evening, form)
        if isinstance(found, Changed):
            words |= _consequences(found, evenings, colleagues)
        elif found:
            return redirect(there)
    return render(request, "meetings/change_rota.html", words)


def _evening_and_able(
    evenings: Sequence[Evening], colleagues: Sequence[Colleague], proposal: Proposal, place: tuple[UUID, int]
) -> tuple[Evening, list[Colleague]]:
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


def _dragged(
    posted: Mapping[str, str], evening: Evening, colleagues: Sequence[Colleague], *, stays: bool
) -> dict[str, str]:
    """What the form says when somebody is dropped on an evening: on somebody there, else on an empty place."""
    chosen, person = _chosen(evening), posted["person"]
    leads = any(one.key == person and one.role == Role.Kind.FACILITATOR for one in colleagues)
    places = ["facilitator"] if leads else ["mentor", "second_mentor"]
    meant = [place for place in places if chosen[place] == posted.get("instead")]
    empty = [place for place in places if not chosen[place]]
    place = (meant + empty + places[-1:])[0]
    locks = {"stays": "on"} if stays else {}
    return chosen | {place: person, "revision": posted.get("revision", "")} | locks


def _settled(request: PersonRequest, proposal: Proposal, evening: Evening, form: ChangeRotaForm) -> Changed | bool:
    """Change the proposal after a yes, or say what would follow; False where the form should be shown again."""
    place, revision = (evening.group.pk, evening.week), form.cleaned_data["revision"]
    staff = form.staff()
    locked = staff if form.cleaned_data["stays"] else []
    try:
        if not form.cleaned_data["sure"]:
            return drawing_up.look_at_change(proposal, place, staff, revision=revision, actor=request.person)
        drawing_up.change_rota(proposal, place, staff, revision=revision, actor=request.person, locked=locked)
    except Unsuitable:
        form.add_error(None, _("This does not fit. Choose somebody else, or nobody for now."))
        return False
    except Outdated:
        messages.warning(request, _("Somebody else changed the proposal meanwhile. Nothing of yours was kept."))
        return True
    messages.success(request, _("Changed."))
    return True


def _consequences(found: Changed, evenings: Sequence[Evening], colleagues: Sequence[Colleague]) -> dict[str, Any]:
    """What a change leads to: who comes and goes with how many evenings each has then, and what it costs."""
    names = {one.key: one.entry.name for one in colleagues}
    loads = Counter(str(shift.person_id) for evening in evenings for shift in evening.people)
    told = [_comes(names.get(key, "–"), loads[key] + 1) for key in sorted(found.come)]
    told += [_goes(names.get(key, "–"), loads[key] - 1) for key in sorted(found.go)]
    return {
        "asked": True,
        "consequences": told,
        "rows": rows_of(found.before, found.after),
        "total": Row(_("Points in all"), points(found.before), points(found.after)),
    }


def _comes(name: str, evenings: int) -> str:
    words = {"name": name, "evenings": evenings}
    return (
        ngettext(
            "%(name)s comes, and has %(evenings)s evening in this cycle then.",
            "%(name)s comes, and has %(evenings)s evenings in this cycle then.",
            evenings,
        )
        % words
    )


def _goes(name: str, evenings: int) -> str:
    words = {"name": name, "evenings": evenings}
    return (
        ngettext(
            "%(name)s does not come, and has %(evenings)s evening left in this cycle.",
            "%(name)s does not come, and has %(evenings)s evenings left in this cycle.",
            evenings,
        )
        % words
    )

"""How steadily a group comes together, for coordinators: evenings, two rates, and whom a hello may reach."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wayhouse.core.gate import found_or_404
from wayhouse.core.prepared import prepared
from wayhouse.groups.models import Group
from wayhouse.meetings.chart import chart_of
from wayhouse.meetings.steadiness import PastEvening, steadiness_of
from wayhouse.people.models import Role
from wayhouse.people.present import PersonRequest, for_roles


@for_roles(Role.Kind.COORDINATOR)
@require_GET
def continuity(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Attendance continuity of one group."""
    groups = _groups(group=group_id, programme=request.person.programme_id)
    found = steadiness_of(found_or_404(next(iter(groups), None)))
    words = {"page": _("Attendance"), "found": found, **_chart(found.held)}
    return render(request, "meetings/continuity.html", words)


@prepared
def _groups(group: UUID, programme: UUID) -> QuerySet[Group]:
    return Group.objects.filter(pk=group, programme=programme).select_related("item")


def _chart(held: list[PastEvening]) -> dict[str, object]:
    if not held:
        return {}
    rows = [(one.meeting.week, one.attended.part, one.attended.whole) for one in held]
    came = [part for _week, part, _asked in rows]
    words = ngettext(
        "At %(number)s evening %(most)s people came. The table below has the same numbers.",
        "At %(number)s evenings between %(least)s and %(most)s people came. The table below has the same numbers.",
        len(rows),
    )
    said = words % {"number": len(rows), "least": min(came), "most": max(came)}
    return {"chart": chart_of(rows, right_to_left=get_language_bidi()), "chart_words": said}
